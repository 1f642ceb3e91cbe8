import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import type { LocalModel } from "../../src/local/index.ts";
import { temporaryFolder } from "../cli/temporary-folder.ts";
import { scriptedEndpoint, serviceError, talkWithoutEnd } from "./scripted-endpoint.ts";
import { CTRL_C, CTRL_D, ENTER, startAtTerminal, withoutTerminal } from "./terminal.ts";

const options = { skip: withoutTerminal };

/** How the line editor shows that it waits for a line. */
const PROMPT = "\x1b[0J> ";

type Body = { messages: { role: string; content: { text: string }[] }[] };

async function startChat(t: TestContext, model: LocalModel, pauseMs = 0) {
  const { flags, requests } = await scriptedEndpoint(t, model, pauseMs);
  const run = startAtTerminal(["chat", ...flags], { folder: temporaryFolder(t) });
  await run.showsNext("stdout", PROMPT);
  return {
    run,
    requests,
    /** Presses keys and waits until the terminal shows something new. */
    async press(keys: string, expected: string): Promise<void> {
      run.process.stdin.write(keys);
      await run.showsNext("stdout", expected);
    },
    messagesOf(index: number) {
      const body = requests[index]?.body as Body | undefined;
      return body?.messages ?? [];
    },
  };
}

test("messages are answered in turn, and Ctrl-D leaves with status 0", options, async (t) => {
  let count = 0;
  const chat = await startChat(t, () => `Answer ${++count}.`);
  await chat.press(`One${ENTER}`, "Answer 1.");
  await chat.run.showsNext("stdout", PROMPT);
  await chat.press(`Two${ENTER}`, "Answer 2.");
  await chat.run.showsNext("stdout", PROMPT);
  chat.run.process.stdin.write(CTRL_D);
  assert.equal((await chat.run.result).status, 0);
  assert.equal(chat.messagesOf(1).length, 3);
});

test(
  "Ctrl-C stops an answer, what came of it stays, and a second one leaves",
  options,
  async (t) => {
    const chat = await startChat(t, talkWithoutEnd, 20);
    await chat.press(`Go${ENTER}`, "word");
    await chat.press(CTRL_C, "(stopped)");
    await chat.run.showsNext("stdout", PROMPT);
    await chat.press(`More${ENTER}`, "word");
    const [question, answer, next] = chat.messagesOf(1);
    assert.deepEqual(
      [question, next],
      [
        { role: "user", content: [{ text: "Go" }] },
        { role: "user", content: [{ text: "More" }] },
      ],
    );
    assert.equal(answer?.role, "assistant");
    assert.match(answer?.content[0]?.text ?? "", /^word[word ]*$/);
    await chat.press(CTRL_C, "(stopped)");
    await chat.run.showsNext("stdout", PROMPT);
    chat.run.process.stdin.write(CTRL_C);
    assert.equal((await chat.run.result).status, 130);
  },
);

test("an answer stopped before its first word leaves no trace", options, async (t) => {
  const waiting: LocalModel = async ({ messages, signal }) => {
    if (messages?.at(-1)?.content[0]?.text === "Hi") return "ok";
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    return "";
  };
  const chat = await startChat(t, waiting);
  await chat.press(`Wait${ENTER}`, "Wait\r");
  while (chat.requests.length === 0) await new Promise(setImmediate);
  await chat.press(CTRL_C, "(stopped)");
  await chat.run.showsNext("stdout", PROMPT);
  await chat.press(`Hi${ENTER}`, "ok");
  assert.deepEqual(chat.messagesOf(1), [{ role: "user", content: [{ text: "Hi" }] }]);
  chat.run.process.stdin.write(`/exit${ENTER}`);
  assert.equal((await chat.run.result).status, 0);
});

test("Ctrl-C at the prompt clears the line, then warns, then leaves", options, async (t) => {
  const chat = await startChat(t, () => "ok");
  await chat.press("half a line", "half a line");
  await chat.press(CTRL_C, PROMPT);
  await chat.press(CTRL_C, "(Ctrl-C again or Ctrl-D leaves.)");
  await chat.run.showsNext("stdout", PROMPT);
  await chat.press(`/help${ENTER}`, "/reset");
  await chat.run.showsNext("stdout", PROMPT);
  await chat.press(CTRL_C, "(Ctrl-C again or Ctrl-D leaves.)");
  chat.run.process.stdin.write(CTRL_C);
  assert.equal((await chat.run.result).status, 130);
  assert.equal(chat.requests.length, 0);
});

test("a paste of several lines is one message", options, async (t) => {
  const chat = await startChat(t, () => "ok");
  await chat.press("\x1b[200~one\r\ntwo\rthree\x1b[201~", "[paste 1: 3 lines]");
  await chat.press(` please${ENTER}`, "ok");
  assert.equal(chat.messagesOf(0)[0]?.content[0]?.text, "one\ntwo\nthree please");
  chat.run.process.stdin.write(CTRL_D);
  assert.equal((await chat.run.result).status, 0);
});

test("what is typed during an answer waits for its end", options, async (t) => {
  let isReleased = false;
  const chat = await startChat(t, async ({ messages }) => {
    if (messages?.length !== 1) return "Second.";
    while (!isReleased) await new Promise(setImmediate);
    return "First.";
  });
  await chat.press(`One${ENTER}`, "One\r");
  while (chat.requests.length === 0) await new Promise(setImmediate);
  chat.run.process.stdin.write(`Two${ENTER}`);
  isReleased = true;
  await chat.run.showsNext("stdout", "First.");
  await chat.run.showsNext("stdout", "Second.");
  assert.equal(chat.messagesOf(1).at(-1)?.content[0]?.text, "Two");
  chat.run.process.stdin.write(CTRL_D);
  assert.equal((await chat.run.result).status, 0);
});

test("a failure is shown, its turn is forgotten, and the chat goes on", options, async (t) => {
  const chat = await startChat(t, ({ messages }) => {
    if (messages?.[0]?.content[0]?.text === "bad") {
      throw serviceError("ValidationException", "Refused.");
    }
    return "ok";
  });
  await chat.press(`bad${ENTER}`, "ValidationException: Refused.");
  await chat.run.showsNext("stdout", PROMPT);
  await chat.press(`good${ENTER}`, "ok");
  assert.equal(chat.messagesOf(1).length, 1);
  chat.run.process.stdin.write(`/exit${ENTER}`);
  assert.equal((await chat.run.result).status, 0);
});
