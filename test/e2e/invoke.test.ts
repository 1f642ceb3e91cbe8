import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { describe } from "node:test";
import { temporaryFolder } from "../cli/temporary-folder.ts";
import { runCommandLine, startCommandLine } from "./command-line.ts";
import { scriptedEndpoint, serviceError, talkWithoutEnd } from "./scripted-endpoint.ts";
import { startAtTerminal, withoutTerminal } from "./terminal.ts";

const TOOL = { name: "look_up", description: "Looks up", input_schema: { type: "object" } };
const TOOL_USE = { toolUseId: "tooluse_1", name: "look_up", input: { q: "x" } };

test("--local answers without any AWS settings", async (t) => {
  const args = ["invoke", "--local", "What is the capital", "of France?"];
  assert.deepEqual(await runCommandLine(args, { folder: temporaryFolder(t) }), {
    status: 0,
    stdout: "The capital of France is Paris.\n",
    stderr: "",
  });
});

test("the options reach the request", async (t) => {
  const folder = temporaryFolder(t);
  const { flags, requests } = await scriptedEndpoint(t, () => "ok");
  const options = "--system Briefly. --max-tokens 7 --temperature 0 --top-p 0.5".split(" ");
  const args = ["invoke", ...flags, ...options, "Sum", "up:"];
  assert.equal((await runCommandLine(args, { folder, input: "text\n" })).status, 0);
  const [request] = requests;
  assert.equal(request?.operation, "converse-stream");
  assert.deepEqual(request?.body, {
    messages: [{ role: "user", content: [{ text: "Sum up:\n\ntext" }] }],
    system: [{ text: "Briefly." }],
    inferenceConfig: { maxTokens: 7, temperature: 0, topP: 0.5 },
  });
});

test("text comes as it arrives and ends with a line end", async (t) => {
  const folder = temporaryFolder(t);
  const { flags } = await scriptedEndpoint(t, talkWithoutEnd, 50);
  const run = startCommandLine(["invoke", ...flags, "hi"], { folder });
  run.process.stdin.end();
  await run.showsNext("stdout", "word");
  run.process.kill("SIGINT");
  const { status, stdout, stderr } = await run.result;
  assert.equal(status, 130);
  assert.equal(stderr, "");
  assert.match(stdout, /^[word ]+\n$/);
});

test("--no-stream prints the same in one piece", async (t) => {
  const folder = temporaryFolder(t);
  const { flags, requests } = await scriptedEndpoint(t, () => "two\nlines\n");
  for (const extra of [[], ["--no-stream"]]) {
    const { stdout } = await runCommandLine(["invoke", ...flags, ...extra, "hi"], { folder });
    assert.equal(stdout, "two\nlines\n");
  }
  assert.deepEqual(
    requests.map(({ operation }) => operation),
    ["converse-stream", "converse"],
  );
});

test("--json prints the whole response", async (t) => {
  const folder = temporaryFolder(t);
  const { flags } = await scriptedEndpoint(t, () => ({ text: "ok" }));
  const { stdout } = await runCommandLine(["invoke", ...flags, "--json", "hi"], { folder });
  const response = JSON.parse(stdout);
  assert.deepEqual(response.output.message, { role: "assistant", content: [{ text: "ok" }] });
  assert.equal(response.stopReason, "end_turn");
});

test("tools are sent in all their shapes, and calls are printed as JSON lines", async (t) => {
  const folder = temporaryFolder(t);
  const { flags, requests } = await scriptedEndpoint(t, () => [
    { text: "Looking." },
    { toolUse: TOOL_USE },
  ]);
  const spec = { name: "other", inputSchema: { json: { type: "object" } } };
  writeFileSync(join(folder, "one.json"), JSON.stringify(TOOL));
  writeFileSync(join(folder, "list.json"), JSON.stringify([{ toolSpec: spec }]));
  const tools = ["--tool", "one.json", "--tool", "list.json"];
  for (const extra of [[], ["--no-stream"]]) {
    const args = ["invoke", ...flags, ...tools, ...extra, "hi"];
    const { status, stdout, stderr } = await runCommandLine(args, { folder });
    assert.equal(status, 0, stderr);
    assert.equal(stdout, `Looking.\n${JSON.stringify({ toolUse: TOOL_USE })}\n`);
  }
  const body = requests[0]?.body as { toolConfig: { tools: { toolSpec: { name: string } }[] } };
  assert.deepEqual(
    body.toolConfig.tools.map(({ toolSpec }) => toolSpec.name),
    ["look_up", "other"],
  );
});

test("a tool file with something else in it is wrong use", async (t) => {
  const folder = temporaryFolder(t);
  for (const [content, complaint] of [
    ["{", /tool\.json is not JSON/],
    ['{"nam":"x"}', /TypeError: .*nam/],
  ] as const) {
    writeFileSync(join(folder, "tool.json"), content);
    const args = ["invoke", "--local", "--tool", "tool.json", "hi"];
    const { status, stdout, stderr } = await runCommandLine(args, { folder });
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, complaint);
  }
});

describe("what is changed in a request", () => {
  const opus = ["--model", "us.anthropic.claude-opus-4-7"];

  test("is told before the answer by --explain, on stderr alone", async (t) => {
    const folder = temporaryFolder(t);
    const { endpoint, requests } = await scriptedEndpoint(t, () => "ok");
    const history = [
      { role: "user", content: [" ", "Hello"] },
      { role: "assistant", content: "Hi." },
    ];
    writeFileSync(join(folder, "history.json"), JSON.stringify(history));
    const options = ["--explain", "--temperature", "0", "--messages", "history.json"];
    for (const extra of [[], ["--no-stream"]]) {
      const args = ["invoke", ...endpoint, ...opus, ...options, ...extra, "And", "now?"];
      const { status, stdout, stderr } = await runCommandLine(args, { folder });
      assert.deepEqual([status, stdout], [0, "ok\n"]);
      assert.match(stderr, /^repair: messages\.0\.content\.0\.text: .+ \(text-blank\)\n/);
      assert.match(stderr, /\nwarning: inferenceConfig\.temperature: .+ \(sampling-refused\)\n$/);
    }
    const [request] = requests as readonly { body: { messages: unknown } }[];
    assert.deepEqual(request?.body.messages, [
      { role: "user", content: [{ text: "Hello" }] },
      { role: "assistant", content: [{ text: "Hi." }] },
      { role: "user", content: [{ text: "And now?" }] },
    ]);
  });

  test("is nothing where nothing has to be changed, and --explain says so", async (t) => {
    const args = ["invoke", "--local", "--explain", "What is the capital of France?"];
    const { stdout, stderr } = await runCommandLine(args, { folder: temporaryFolder(t) });
    assert.equal(stdout, "The capital of France is Paris.\n");
    assert.equal(stderr, "Nothing was changed: the request is sent as it was asked for.\n");
  });

  test("is noted where it changes what was asked for, without being asked to", async (t) => {
    const folder = temporaryFolder(t);
    const { endpoint } = await scriptedEndpoint(t, () => "ok");
    const args = ["invoke", ...endpoint, ...opus, "--temperature", "0", "hi"];
    const { stdout, stderr } = await runCommandLine(args, { folder });
    assert.equal(stdout, "ok\n");
    assert.match(stderr, /^note: .*temperature is left out.* \(sampling-refused\)\n$/);
  });

  test("is fitted to the model that --base-model names", async (t) => {
    const folder = temporaryFolder(t);
    const { flags, requests } = await scriptedEndpoint(t, () => "ok");
    const args = ["invoke", ...flags, "--base-model", "complex", "--temperature", "0", "hi"];
    assert.equal((await runCommandLine(args, { folder })).status, 0);
    assert.doesNotMatch(JSON.stringify(requests[0]?.body), /temperature/);
  });

  test("cannot be what is wrong: every rule that is broken is told, and nothing is sent", async (t) => {
    const folder = temporaryFolder(t);
    const { endpoint, requests } = await scriptedEndpoint(t, () => "ok");
    const messages = [
      { role: "user", content: "Tell me" },
      { role: "assistant", content: "Once" },
    ];
    writeFileSync(join(folder, "history.json"), JSON.stringify({ messages }));
    const args = ["invoke", ...endpoint, ...opus, "--explain", "--messages", "history.json"];
    const { status, stderr } = await runCommandLine(args, { folder });
    assert.equal(status, 2);
    assert.match(
      stderr,
      /^refused: messages\.1.*: .+ \(prefill-refused\).*\nInvalidRequestError: /,
    );
    assert.equal(requests.length, 0);
  });

  test("may be a conversation from stdin", async (t) => {
    const folder = temporaryFolder(t);
    const { flags, requests } = await scriptedEndpoint(t, () => "ok");
    const input = JSON.stringify([{ role: "user", content: "Hello" }]);
    const args = ["invoke", ...flags, "--messages", "-"];
    assert.equal((await runCommandLine(args, { folder, input })).stdout, "ok\n");
    assert.equal(JSON.stringify(requests[0]?.body).includes("Hello"), true);
    const broken = await runCommandLine(args, { folder, input: "{" });
    assert.deepEqual([broken.status, broken.stdout], [2, ""]);
    assert.match(broken.stderr, /^error: stdin is not JSON/);
  });

  test("a file without messages is wrong use", async (t) => {
    const folder = temporaryFolder(t);
    for (const [content, complaint] of [
      ["{", "error: history.json is not JSON.\n"],
      ['{"messages":5}', "error: history.json holds no list of messages.\n"],
      ["null", "error: history.json holds no list of messages.\n"],
    ] as const) {
      writeFileSync(join(folder, "history.json"), content);
      const args = ["invoke", "--local", "--messages", "history.json"];
      const { status, stderr } = await runCommandLine(args, { folder });
      assert.equal(status, 2);
      assert.ok(stderr.startsWith("error: history.json"), stderr);
      if (content !== "{") assert.equal(stderr, complaint);
    }
  });
});

test("an error of the service is told by name with what to do, and is status 1", async (t) => {
  const folder = temporaryFolder(t);
  const { flags } = await scriptedEndpoint(t, () => {
    throw serviceError("ResourceNotFoundException", "No such model.");
  });
  for (const extra of [[], ["--no-stream"], ["--json"]]) {
    const args = ["invoke", ...flags, ...extra, "hi"];
    const { status, stdout, stderr } = await runCommandLine(args, { folder });
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /^ResourceNotFoundException: No such model\.\nhint: .+\n$/);
  }
});

test("without credentials the error says how to go on without AWS", async (t) => {
  const args = ["invoke", "--model", "m", "hi"];
  const { status, stderr } = await runCommandLine(args, { folder: temporaryFolder(t) });
  assert.equal(status, 1);
  assert.match(stderr, /^CredentialsError: [\s\S]*\nhint: .*--local/);
});

test("an endpoint that is down is named", async (t) => {
  const args = ["invoke", "--model", "m", "--endpoint", "http://127.0.0.1:1", "hi"];
  const environment = { AWS_MAX_ATTEMPTS: "1" };
  const result = await runCommandLine(args, { folder: temporaryFolder(t), environment });
  assert.equal(result.status, 1);
  assert.match(result.stderr, /^ConnectionError: .*127\.0\.0\.1:1\b/);
});

test("no prompt and no model are wrong use that says what to write", async (t) => {
  const folder = temporaryFolder(t);
  const noPrompt = await runCommandLine(["invoke", "--local"], { folder, input: "\n" });
  assert.equal(noPrompt.status, 2);
  assert.match(noPrompt.stderr, /no prompt[\s\S]*dcaf invoke/);
  const noModel = await runCommandLine(["invoke", "hi"], { folder });
  assert.equal(noModel.status, 2);
  assert.match(noModel.stderr, /--model or set BEDROCK_MODEL_ID[\s\S]*--local/);
});

test("tokens are told on stderr only when asked for", async (t) => {
  const folder = temporaryFolder(t);
  const { flags } = await scriptedEndpoint(t, () => ({
    content: "ok",
    usage: { inputTokens: 3, outputTokens: 4 },
  }));
  const quiet = await runCommandLine(["invoke", ...flags, "hi"], { folder });
  assert.equal(quiet.stderr, "");
  const verbose = await runCommandLine(["invoke", ...flags, "--verbose", "hi"], { folder });
  assert.equal(verbose.stdout, "ok\n");
  assert.equal(verbose.stderr, "3 tokens in, 4 tokens out, stop reason end_turn\n");
});

test("an answer cut at its limit gets a note", async (t) => {
  const folder = temporaryFolder(t);
  const { flags } = await scriptedEndpoint(t, () => ({ content: "a", stopReason: "max_tokens" }));
  const { status, stdout, stderr } = await runCommandLine(["invoke", ...flags, "hi"], { folder });
  assert.deepEqual([status, stdout], [0, "a\n"]);
  assert.match(stderr, /^note: .*--max-tokens/);
});

test("Ctrl-C before the answer closes the request", async (t) => {
  const folder = temporaryFolder(t);
  let hasArrived = () => {};
  const arrived = new Promise<void>((resolve) => {
    hasArrived = resolve;
  });
  let hasGone = () => {};
  const gone = new Promise<void>((resolve) => {
    hasGone = resolve;
  });
  const { flags } = await scriptedEndpoint(t, async ({ signal }) => {
    signal.addEventListener("abort", hasGone);
    hasArrived();
    await gone;
    return "";
  });
  const run = startCommandLine(["invoke", ...flags, "hi"], { folder });
  run.process.stdin.end();
  await arrived;
  run.process.kill("SIGINT");
  assert.deepEqual(await run.result, { status: 130, stdout: "", stderr: "" });
  await gone;
});

test("at a terminal the answer cannot steer it, and the tokens are told", {
  skip: withoutTerminal,
}, async (t) => {
  const folder = temporaryFolder(t);
  const { flags } = await scriptedEndpoint(t, () => "\x1b]0;title\x07red\ttext\u202e\x9b");
  const run = startAtTerminal(["invoke", ...flags, "hi"], { folder });
  const { status, stdout } = await run.result;
  assert.equal(status, 0);
  assert.match(stdout, /^\]0;titlered\ttext\r\n\d+ tokens in/);
  const piped = await runCommandLine(["invoke", ...flags, "hi"], { folder });
  assert.equal(piped.stdout, "\x1b]0;title\x07red\ttext\u202e\x9b\n");
});

test("JSON at a terminal cannot steer it and still tells every character", {
  skip: withoutTerminal,
}, async (t) => {
  const folder = temporaryFolder(t);
  const { flags } = await scriptedEndpoint(t, () => ({ text: "\x9b2J\u202eend" }));
  const run = startAtTerminal(["invoke", ...flags, "--json", "hi"], { folder });
  const { status, stdout } = await run.result;
  assert.equal(status, 0);
  assert.ok(stdout.includes(String.raw`"text": "\u009b2J\u202eend"`), stdout);
});

test("an error of the service cannot steer a terminal", async (t) => {
  const folder = temporaryFolder(t);
  const { flags } = await scriptedEndpoint(t, () => {
    throw serviceError("ResourceNotFoundException", "No \x1b[2J\x9b\u202emodel.");
  });
  const { stderr } = await runCommandLine(["invoke", ...flags, "hi"], { folder });
  const told = String.raw`ResourceNotFoundException: No \u001b[2J\u009b\u202emodel.`;
  assert.equal(stderr.split("\n")[0], told);
});

test("a stop reason cannot steer a terminal", async (t) => {
  const folder = temporaryFolder(t);
  const { flags } = await scriptedEndpoint(t, () => ({ content: "a", stopReason: "\x9b2J" }));
  const { stderr } = await runCommandLine(["invoke", ...flags, "-v", "hi"], { folder });
  assert.ok(stderr.endsWith("stop reason \\u009b2J\n"), stderr);
});

test("a stdin that stays silent and open is pointed out, and Ctrl-C ends the wait", async (t) => {
  const run = startCommandLine(["invoke", "--local", "hi"], { folder: temporaryFolder(t) });
  await run.showsNext("stderr", "note: waiting for the end of stdin");
  run.process.kill("SIGINT");
  const { status, stdout } = await run.result;
  assert.deepEqual([status, stdout], [130, ""]);
});
