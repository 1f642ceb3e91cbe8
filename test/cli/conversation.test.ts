import assert from "node:assert/strict";
import test from "node:test";
import { Conversation, type StreamingModel } from "../../src/cli/chat/conversation.ts";
import type { ContentBlock, ConverseResponse, InvokeOptions, Message } from "../../src/index.ts";

const said = (role: "user" | "assistant", text: string): Message => ({ role, content: [{ text }] });

function responseWith(content: ContentBlock[]): ConverseResponse {
  return {
    output: { message: { role: "assistant", content } },
    stopReason: "end_turn",
    usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
    metrics: { latencyMs: 1 },
  } as ConverseResponse;
}

/** Answers with these pieces; an error among them ends the answer. */
function modelSaying(...answers: (string | Error)[][]) {
  const requests: InvokeOptions[] = [];
  const model: StreamingModel = {
    invokeStream(options) {
      requests.push(structuredClone({ ...options, signal: undefined }));
      const pieces = answers[requests.length - 1] ?? [];
      return {
        async *text() {
          for (const piece of pieces) {
            if (piece instanceof Error) throw piece;
            yield piece;
          }
        },
        response: async () => responseWith(pieces.length === 0 ? [] : [{ text: pieces.join("") }]),
      };
    },
  };
  return { model, requests };
}

const quiet = () => ({ signal: new AbortController().signal, onText: async () => {} });

test("each turn is sent with all that was said before, and with the same options", async () => {
  const { model, requests } = modelSaying(["Hel", "lo"], ["Fine"]);
  const conversation = new Conversation(model, { modelId: "m", systemPrompt: "s" });
  const pieces: string[] = [];
  const onText = async (text: string) => void pieces.push(text);
  await conversation.say("Hi", { ...quiet(), onText });
  await conversation.say("How are you?", quiet());
  assert.deepEqual(pieces, ["Hel", "lo"]);
  const messages = [said("user", "Hi"), said("assistant", "Hello"), said("user", "How are you?")];
  assert.deepEqual(requests[1], { modelId: "m", systemPrompt: "s", messages, signal: undefined });
  assert.deepEqual(conversation.messages, [...messages, said("assistant", "Fine")]);
});

test("a turn that fails leaves no trace, even after part of an answer", async () => {
  const { model } = modelSaying(["Hello"], ["part", new Error("cut")]);
  const conversation = new Conversation(model);
  await conversation.say("Hi", quiet());
  const before = conversation.messages;
  await assert.rejects(conversation.say("And?", quiet()), { message: "cut" });
  assert.deepEqual(conversation.messages, before);
});

test("what came of a stopped answer is kept, unless it is nothing", async () => {
  for (const [heard, kept] of [
    ["part", [said("user", "Hi"), said("assistant", "part")]],
    [" \n", []],
  ] as const) {
    const controller = new AbortController();
    const { model } = modelSaying([heard, new Error("aborted")]);
    const conversation = new Conversation(model);
    const onText = async () => controller.abort();
    await assert.rejects(conversation.say("Hi", { signal: controller.signal, onText }));
    assert.deepEqual(conversation.messages, kept);
  }
});

test("an empty answer does not make an illegal history", async () => {
  const { model } = modelSaying([]);
  const conversation = new Conversation(model);
  await conversation.say("Hi", quiet());
  assert.deepEqual(conversation.messages, []);
});

test("after a reset nothing is remembered", async () => {
  const { model } = modelSaying(["Hello"]);
  const conversation = new Conversation(model);
  await conversation.say("Hi", quiet());
  conversation.reset();
  assert.deepEqual(conversation.messages, []);
});
