import assert from "node:assert/strict";
import test from "node:test";
import { temporaryFolder } from "../cli/temporary-folder.ts";
import { runCommandLine, startCommandLine } from "./command-line.ts";
import { scriptedEndpoint, serviceError, talkWithoutEnd } from "./scripted-endpoint.ts";

type Body = { messages: { role: string; content: { text?: string }[] }[] };

/** What was said in a request, as `user: Hi`. */
function saidIn(body: unknown): string[] {
  return (body as Body).messages.map(({ role, content }) => `${role}: ${content[0]?.text}`);
}

test("each line is a message, and the conversation is remembered", async (t) => {
  const folder = temporaryFolder(t);
  let count = 0;
  const { flags, requests } = await scriptedEndpoint(t, () => `Answer ${++count}`);
  const input = "One\r\n\n  \nTwo";
  const args = ["chat", ...flags, "--system", "Briefly."];
  assert.deepEqual(await runCommandLine(args, { folder, input }), {
    status: 0,
    stdout: "Answer 1\nAnswer 2\n",
    stderr: "",
  });
  assert.deepEqual(
    requests.map(({ body }) => saidIn(body)),
    [["user: One"], ["user: One", "assistant: Answer 1", "user: Two"]],
  );
});

test("--local talks without AWS", async (t) => {
  const input = "My name is Ada.\nWhat is my name?\n";
  const folder = temporaryFolder(t);
  const { status, stdout } = await runCommandLine(["chat", "--local"], { folder, input });
  assert.equal(status, 0);
  assert.match(stdout, /Ada[\s\S]*\n.*Ada/);
});

test("a turn that fails is told and forgotten, the rest goes on, and the status says so", async (t) => {
  const folder = temporaryFolder(t);
  const { flags, requests } = await scriptedEndpoint(t, ({ messages }) => {
    if (messages?.at(-1)?.content[0]?.text === "bad") {
      throw serviceError("ValidationException", "Refused.");
    }
    return "ok";
  });
  const input = "good\nbad\nbetter\n";
  const { status, stdout, stderr } = await runCommandLine(["chat", ...flags], { folder, input });
  assert.deepEqual([status, stdout], [1, "ok\nok\n"]);
  assert.match(stderr, /^ValidationException: Refused\.\nhint: [\s\S]*\nerror: 1 of the messages/);
  assert.deepEqual(saidIn(requests.at(-1)?.body), ["user: good", "assistant: ok", "user: better"]);
});

test("what a model does not take is noted once, not with every answer", async (t) => {
  const folder = temporaryFolder(t);
  const { endpoint } = await scriptedEndpoint(t, () => "ok");
  const args = ["chat", ...endpoint, "--model", "us.anthropic.claude-opus-4-7"];
  const input = "One\nTwo\n";
  const run = await runCommandLine([...args, "--temperature", "0"], { folder, input });
  assert.deepEqual([run.status, run.stdout], [0, "ok\nok\n"]);
  assert.match(run.stderr, /^note: [^\n]*\(sampling-refused\)\n$/);
});

test("/reset forgets, /help tells, an unknown command is not sent, /exit leaves", async (t) => {
  const folder = temporaryFolder(t);
  const { flags, requests } = await scriptedEndpoint(t, () => "ok");
  const input = "One\n/reset\n/help\n/rest\n/etc/hosts is what?\n/exit\nnever\n";
  const { status, stdout, stderr } = await runCommandLine(["chat", ...flags], { folder, input });
  assert.deepEqual([status, stdout], [0, "ok\nok\n"]);
  assert.match(
    stderr,
    /\/reset +forget[\s\S]*\nCtrl-C +stop[\s\S]*\nCtrl-D +leave\n[\s\S]*There is no \/rest\./,
  );
  assert.deepEqual(
    requests.map(({ body }) => saidIn(body)),
    [["user: One"], ["user: /etc/hosts is what?"]],
  );
});

test("Ctrl-C ends a chat that reads from a pipe", async (t) => {
  const folder = temporaryFolder(t);
  const { flags } = await scriptedEndpoint(t, talkWithoutEnd, 50);
  const run = startCommandLine(["chat", ...flags], { folder });
  run.process.stdin.write("Go\nnever\n");
  await run.showsNext("stdout", "word");
  run.process.kill("SIGINT");
  const { status, stdout, stderr } = await run.result;
  assert.deepEqual([status, stderr], [130, ""]);
  assert.match(stdout, /^[word ]+\n$/);
});
