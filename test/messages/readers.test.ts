import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type ConverseResponse,
  type Message,
  reasoningOf,
  textOf,
  toolUsesOf,
} from "../../src/index.ts";

const message: Message = {
  role: "assistant",
  content: [
    { reasoningContent: { reasoningText: { text: "Hm.", signature: "s" } } },
    { text: "Look" },
    { toolUse: { toolUseId: "1", name: "a", input: {} } },
    { text: "ing." },
    { toolUse: { toolUseId: "2", name: "b", input: { x: 1 } } },
  ],
};
const response: ConverseResponse = {
  output: { message },
  stopReason: "tool_use",
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
  metrics: { latencyMs: 1 },
};

for (const [title, source] of [
  ["a message", message],
  ["a response", response],
] as const) {
  test(`text, calls and reasoning are read from ${title}`, () => {
    assert.equal(textOf(source), "Looking.");
    assert.deepEqual(
      toolUsesOf(source).map(({ name }) => name),
      ["a", "b"],
    );
    assert.deepEqual(reasoningOf(source), [{ reasoningText: { text: "Hm.", signature: "s" } }]);
  });
}

test("an answer without content has no text, no calls and no reasoning", () => {
  const empty: Message = { role: "assistant", content: [] };
  assert.deepEqual([textOf(empty), toolUsesOf(empty), reasoningOf(empty)], ["", [], []]);
});
