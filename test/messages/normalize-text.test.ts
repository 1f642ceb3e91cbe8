// Blank text, wherever text can stand, and text that nobody has to touch.

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
        { content: [{ text: "(empty document)" }, { text: "x" }] },
        { content: [{ text: "(empty document)" }] },
        { text: "(empty document)" },
      ],
    );
  });

  test("goes from a search result's pieces, unless citations count them", () => {
    const found = (...pieces: string[]) => ({
      source: "s",
      title: "t",
      content: pieces.map((piece) => ({ text: piece })),
    });
    const cited = { citations: { enabled: true } };
    const { messages, told } = normalized([
      user(
        { searchResult: found(" ", "a") },
        { searchResult: { ...found("a", " ", "b", ""), ...cited } },
        { searchResult: { ...found(), ...cited } },
        { searchResult: { ...found("a"), ...cited } },
      ),
    ]);
    assert.deepEqual(messages[0]?.content, [
      { searchResult: found("a") },
      { searchResult: { ...found("a", "(no content)", "b", "(no content)"), ...cited } },
      { searchResult: { ...found("(no content)"), ...cited } },
      { searchResult: { ...found("a"), ...cited } },
    ]);
    assert.deepEqual(
      told,
      [0, 1, 2].map((block) => `messages.0.content.${block}.searchResult.content: text-blank`),
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
