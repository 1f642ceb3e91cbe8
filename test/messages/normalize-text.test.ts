// Blank and broken text, wherever text can stand.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ContentBlockInput } from "../../src/messages/message-input.ts";
import {
  assistant,
  call,
  document,
  normalized,
  REASONING,
  result,
  system,
  text,
  user,
} from "./normalized.ts";

describe("blank text", () => {
  const searchResult = (...texts: string[]): ContentBlockInput => ({
    searchResult: { source: "s", title: "t", content: texts.map((value) => ({ text: value })) },
  });
  const guarded = (value: string): ContentBlockInput => ({
    guardContent: { text: { text: value } },
  });
  const cases: [
    title: string,
    given: ContentBlockInput[],
    kept: ContentBlockInput[],
    told: string,
  ][] = [
    ["goes", [text("a"), text(" \n")], [text("a")], "messages.0.content.1.text: text-blank"],
    [
      "goes from a guarded text, with the block",
      [text("a"), guarded("\t")],
      [text("a")],
      "messages.0.content.1.guardContent.text: guard-text-blank",
    ],
    [
      "goes from a search result",
      [searchResult("a", " ")],
      [searchResult("a")],
      "messages.0.content.0.searchResult.content: text-blank",
    ],
    [
      "is replaced where it is all a search result says",
      [searchResult("")],
      [searchResult("(no content)")],
      "messages.0.content.0.searchResult.content: text-blank",
    ],
  ];
  for (const [title, given, kept, told] of cases) {
    test(title, () => {
      const { messages, told: heard } = normalized([user(...given)]);
      assert.deepEqual(messages, [user(...kept)]);
      assert.deepEqual(heard, [told]);
    });
  }

  test("goes from what was cited, and the block with it when nothing is left", () => {
    const citations = [{ title: "t" }];
    const { messages, told } = normalized([
      user(text("q")),
      assistant(
        { citationsContent: { content: [{ text: "" }, { text: "a" }], citations } },
        { citationsContent: { content: [{ text: " " }], citations } },
        { citationsContent: { content: [{ text: " " }], citations: [] } },
        { citationsContent: {} },
      ),
    ]);
    assert.deepEqual(messages[1]?.content, [
      { citationsContent: { content: [{ text: "a" }], citations } },
      { citationsContent: { citations } },
    ]);
    assert.deepEqual(
      told,
      [0, 1, 2, 3].map((block) => `messages.1.content.${block}.citationsContent: text-blank`),
    );
  });

  test("goes from a tool result, which then says that it says nothing", () => {
    const { messages, told } = normalized([
      user(text("q")),
      assistant(call("1"), call("2")),
      user(
        { toolResult: { toolUseId: "1", content: [{ text: " " }, { text: "a" }] } },
        { toolResult: { toolUseId: "2", content: " " } },
      ),
    ]);
    assert.deepEqual(messages[2]?.content, [result("1", "a"), result("2", "(no output)")]);
    assert.deepEqual(told, [
      "messages.2.content.0.toolResult.content.0.text: text-blank",
      "messages.2.content.1.toolResult.content.0.text: text-blank",
    ]);
  });

  test("goes from a document's pieces, but never the document", () => {
    const enabled = { citations: { enabled: true } };
    const { messages } = normalized([
      user(
        text("q"),
        { document: { name: "a", source: { content: [{ text: "" }, { text: "x" }] }, ...enabled } },
        { document: { name: "b", source: { content: [] }, ...enabled } },
        { document: { name: "c", source: { text: " " }, ...enabled } },
      ),
    ]);
    assert.deepEqual(
      messages[0]?.content.slice(1).map((block) => block.document?.source),
      [
        { content: [{ text: "x" }] },
        { content: [{ text: "(empty document)" }] },
        { text: "(empty document)" },
      ],
    );
  });

  test("that was all a message said takes the message with it", () => {
    const { messages, told } = normalized([
      user(text("a")),
      { role: "assistant", content: " " },
      { role: "assistant", content: [] },
      user(text("b")),
    ]);
    assert.deepEqual(messages, [user(text("a"), text("b"))]);
    assert.deepEqual(told, [
      "messages.1.content.0.text: text-blank",
      "messages.2.content: content-empty",
      "messages.3.content.0: roles-alternate",
    ]);
  });
});

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

test("blocks without a fault are the caller's own", () => {
  const given = [user(text("q")), assistant(REASONING, call("1")), user(result("1"))];
  const { messages, told } = normalized(given);
  assert.deepEqual(told, []);
  for (const [index, { content }] of messages.entries()) {
    for (const [position, block] of content.entries()) {
      assert.equal(block, given[index]?.content[position]);
    }
  }
});

test("no report holds what was said", () => {
  const secret = "s3cr3t";
  const { changes } = normalized(
    [
      system(text(secret)),
      assistant(text(`${secret}\ud800`), call(`${secret} id`, `${secret}.name`)),
      system(text(secret)),
      user(result("?", secret), text(" "), document(`${secret}.pdf`)),
      assistant(text(`${secret} `)),
    ],
    { systemRole: false, toolResultsAlone: true, toolResultStatus: false },
  );
  assert.ok(changes.length > 6);
  for (const { message } of changes) assert.ok(!message.includes(secret), message);
});
