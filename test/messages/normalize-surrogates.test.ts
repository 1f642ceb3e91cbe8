// Halves of characters in what is said, called and answered.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assistant, normalized, REASONING, result, text, user } from "./normalized.ts";

describe("a lone surrogate", () => {
  test("is replaced in every text, deep in JSON, and in its keys", () => {
    const { messages, told } = normalized([
      { role: "user", content: "cut \ud83d" },
      assistant({
        toolUse: { toolUseId: "1", name: "f", input: { "\ud800": 1, list: [{ a: "\udc00" }] } },
      }),
      user({ toolResult: { toolUseId: "1", content: [{ json: { a: ["\ud800b"] } }] } }),
    ]);
    assert.deepEqual(messages, [
      user(text("cut \ufffd")),
      assistant({
        toolUse: { toolUseId: "1", name: "f", input: { "\ufffd": 1, list: [{ a: "\ufffd" }] } },
      }),
      user({ toolResult: { toolUseId: "1", content: [{ json: { a: ["\ufffdb"] } }] } }),
    ]);
    assert.deepEqual(told, [
      "messages.0.content.0.text: lone-surrogate",
      "messages.1.content.0.toolUse.input: lone-surrogate",
      "messages.2.content.0.toolResult.content.0.json: lone-surrogate",
    ]);
  });

  test("in two keys leaves both values, and a key named __proto__ a key", () => {
    const input: unknown = JSON.parse('{"__proto__": 0, "\\ud800": 1, "\\ud801": 2, "\\ufffd": 3}');
    const { messages } = normalized([
      user(text("q")),
      assistant({ toolUse: { toolUseId: "1", name: "f", input } }),
    ]);
    assert.equal(
      JSON.stringify(messages[1]?.content[0]?.toolUse?.input),
      '{"__proto__":0,"\ufffd-2":1,"\ufffd-3":2,"\ufffd":3}',
    );
  });

  test("in thousands of keys leaves every value, and none waits for the others", () => {
    const keys = Array.from({ length: 20_000 }, (_, index) =>
      String.fromCharCode(0xd800 + (index % 1000), 0xd800 + Math.floor(index / 1000)),
    );
    const { messages } = normalized([
      user(text("q")),
      assistant({
        toolUse: {
          toolUseId: "1",
          name: "f",
          input: Object.fromEntries(keys.map((key, index) => [key, index])),
        },
      }),
    ]);
    const input = messages[1]?.content[0]?.toolUse?.input;
    assert.deepEqual(Object.values(input as object), [...keys.keys()]);
  });

  test("in JSON that shares its parts is found once, and the parts stay shared", () => {
    const shared = (leaf: string): unknown => {
      let value: unknown = { leaf };
      for (let depth = 0; depth < 60; depth++) value = { a: value, b: value };
      return value;
    };
    const given = shared("whole");
    const { messages } = normalized([
      user(text("q")),
      assistant(
        { toolUse: { toolUseId: "1", name: "f", input: shared("cut \ud800") } },
        { toolUse: { toolUseId: "2", name: "f", input: given } },
      ),
      user({ toolResult: { toolUseId: "1", content: [{ json: given }] } }, result("2")),
    ]);
    const [cut, whole] = messages[1]?.content ?? [];
    const read = cut?.toolUse?.input as { a: { a: unknown }; b: unknown };
    assert.ok(read.a === read.b);
    let leaf: unknown = read;
    for (let depth = 0; depth < 60; depth++) leaf = (leaf as typeof read).a;
    assert.deepEqual(leaf, { leaf: "cut \ufffd" });
    assert.ok(whole?.toolUse?.input === given);
    assert.ok(messages[2]?.content[0]?.toolResult?.content[0]?.json === given);
  });

  test("stays in reasoning, which is signed", () => {
    const { messages } = normalized([user(text("q")), assistant(REASONING, text("a"))]);
    assert.equal(messages[1]?.content[0], REASONING);
  });
});
