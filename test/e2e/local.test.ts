import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { temporaryFolder } from "../cli/temporary-folder.ts";
import { runCommandLine, startCommandLine } from "./command-line.ts";

async function startLocal(t: TestContext, ...flags: string[]) {
  const folder = temporaryFolder(t);
  const run = startCommandLine(["local", "--port", "0", ...flags], { folder });
  t.after(() => run.process.kill("SIGKILL"));
  await run.showsNext("stderr", "Ctrl-C stops it.");
  await run.showsNext("stdout", "\n");
  const url = run.shown("stdout").trim();
  return { folder, run, url };
}

test("the address goes to stdout, and how to use it to stderr", async (t) => {
  const { folder, run, url } = await startLocal(t);
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
  const environment = { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url };
  const args = ["invoke", "--model", "m", "What is the capital of France?"];
  const { stdout } = await runCommandLine(args, { folder, environment });
  assert.equal(stdout, "The capital of France is Paris.\n");
  run.process.kill("SIGTERM");
  const result = await run.result;
  assert.equal(result.status, 0);
  assert.equal(result.stdout, `${url}\n`);
  assert.match(result.stderr, new RegExp(`export AWS_ENDPOINT_URL_BEDROCK_RUNTIME=${url}\n`));
});

test("--verbose prints a line for each request and nothing of what was asked", async (t) => {
  const { folder, run, url } = await startLocal(t, "--verbose");
  const args = ["invoke", "--model", "some-model", "--endpoint", url, "canary"];
  await runCommandLine(args, { folder });
  await run.showsNext("stderr", 'converse-stream "some-model" 200 HTTP/1.1\n');
  await fetch(`${url}/model/${encodeURIComponent("\x1b\x9b\u202e")}/converse`, { method: "POST" });
  await run.showsNext("stderr", String.raw`converse "\u001b\u009b\u202e" 403`);
  run.process.kill("SIGINT");
  const { status, stderr } = await run.result;
  assert.equal(status, 130);
  assert.ok(!stderr.includes("canary"));
});

test("Ctrl-C closes it though a client is still there", async (t) => {
  const { run, url } = await startLocal(t);
  await fetch(`${url}/health`);
  run.process.kill("SIGINT");
  assert.equal((await run.result).status, 130);
  await assert.rejects(fetch(`${url}/health`));
});

test("a port that is taken is an error that says so", async (t) => {
  const { folder, url } = await startLocal(t);
  const { port } = new URL(url);
  const { status, stdout, stderr } = await runCommandLine(["local", "--port", port], { folder });
  assert.deepEqual([status, stdout], [1, ""]);
  assert.match(stderr, new RegExp(`^error: Port ${port} of 127\\.0\\.0\\.1 is in use`));
  assert.match(stderr, /\nhint: .*--port/);
});

test("--fault has the endpoint fail as asked, and --verbose tells of it", async (t) => {
  const faults = ["--fault", "throttle:times=1,retryAfterMs=50", "--fault", "latency:latencyMs=1"];
  const { folder, run, url } = await startLocal(t, "--verbose", ...faults);
  const shown = "throttle:retryAfterMs=50,times=1; latency:latencyMs=1";
  assert.ok(run.shown("stderr").includes(`\nGoes wrong on purpose: ${shown}\n`));
  const args = ["invoke", "--model", "m", "--endpoint", url, "What is the capital of France?"];
  const { status, stdout } = await runCommandLine(args, { folder });
  assert.deepEqual([status, stdout], [0, "The capital of France is Paris.\n"]);
  await run.showsNext("stderr", `converse-stream "m" 429 HTTP/1.1 ${shown}\n`);
  await run.showsNext("stderr", 'converse-stream "m" 200 HTTP/1.1 latency:latencyMs=1\n');

  const headers = { authorization: "x", "x-dcaf-fault": "reset_peer" };
  const init = { method: "POST", headers, body: "{}" };
  await assert.rejects(fetch(`${url}/model/m/converse`, init));
  await run.showsNext("stderr", 'converse "m" unanswered HTTP/1.1 reset_peer\n');
});

test("--fault none lets requests choose and does nothing else; without it their header is nothing", async (t) => {
  const headers = { authorization: "x", "x-dcaf-fault": "ServiceUnavailableException" };
  const body = JSON.stringify({ messages: [{ role: "user", content: [{ text: "Hello" }] }] });
  const statusAt = async (url: string, more: object) =>
    (await fetch(`${url}/model/m/converse`, { method: "POST", headers, body, ...more })).status;
  const plain = await startLocal(t);
  assert.equal(await statusAt(plain.url, {}), 200);
  assert.ok(!plain.run.shown("stderr").includes("x-dcaf-fault"));
  const chosen = await startLocal(t, "--fault", "none");
  assert.equal(await statusAt(chosen.url, {}), 503);
  assert.equal(await statusAt(chosen.url, { headers: { authorization: "x" } }), 200);
});

test("a fault that cannot be read is wrong use, and says why", async (t) => {
  const folder = temporaryFolder(t);
  const wrong = [
    ["latancy", /^error: --fault: “latancy” is not a known fault\. Did you mean “latency”\?/],
    ["latency:latencyMs=x", /^error: --fault: latency: latencyMs must be a number; got “x”\.\n$/],
  ] as const;
  for (const [text, expected] of wrong) {
    const args = ["local", "--port", "0", "--fault", "throttle", "--fault", text];
    const { status, stdout, stderr } = await runCommandLine(args, { folder });
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, expected);
  }
});
