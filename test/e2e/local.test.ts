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
