// Cache points where they are accepted, and reasoning where it is taken back.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ContentBlock, Message } from "../../src/core/content.ts";
import {
  assistant,
  call,
  document,
  normalized,
  POINT,
  REASONING,
  result,
  text,
  user,
} from "./normalized.ts";

describe("a cache point", () => {
  const cases: [title: string, given: Message[], kept: Message[], told: string[]][] = [
    [
      "after something stays",
      [user(text("a"), POINT, text("b"), POINT)],
      [user(text("a"), POINT, text("b"), POINT)],
      [],
    ],
    [
      "first in its message ends the message before",
      [user(text("a")), assistant(text("b")), user(POINT, text("c"))],
      [user(text("a")), assistant(text("b"), POINT), user(text("c"))],
      ["messages.2.content.0: cache-point-first"],
    ],
    [
      "with nothing before it goes",
      [user(POINT, text("a"))],
      [user(text("a"))],
      ["messages.0.content.0: cache-point-first"],
    ],
    [
      "that is a whole message ends the message before",
      [user(text("a")), assistant(POINT), user(text("b"))],
      [user(text("a"), POINT, text("b"))],
      ["messages.1.content.0: cache-point-first", "messages.2.content.0: roles-alternate"],
    ],
    [
      "after reasoning comes before all of it",
      [user(text("a")), assistant(text("b"), REASONING, REASONING, POINT, text("c"))],
      [user(text("a")), assistant(text("b"), POINT, REASONING, REASONING, text("c"))],
      ["messages.1.content.3: cache-point-after-reasoning"],
    ],
    [
      "after reasoning that begins its message ends the message before",
      [user(text("a")), assistant(REASONING, POINT, text("c"))],
      [user(text("a"), POINT), assistant(REASONING, text("c"))],
      ["messages.1.content.1: cache-point-after-reasoning"],
    ],
    [
      "after a document comes before it, unless it is a PDF",
      [user(text("a"), document("x", "pdf"), POINT, document("y", "docx"), POINT)],
      [user(text("a"), document("x", "pdf"), POINT, document("y", "docx"))],
      ["messages.0.content.4: cache-points-too-many"],
    ],
    [
      "after documents comes before all of them",
      [user(text("a"), document("x", "txt"), document("y", "docx"), POINT)],
      [user(text("a"), POINT, document("x", "txt"), document("y", "docx"))],
      ["messages.0.content.3: cache-point-after-document"],
    ],
    [
      "after a document that begins its message has nowhere to go",
      [user(document("x", "txt"), POINT, text("a"))],
      [user(document("x", "txt"), text("a"))],
      ["messages.0.content.1: cache-point-after-document"],
    ],
    [
      "next to another goes",
      [user(text("a"), POINT, POINT)],
      [user(text("a"), POINT)],
      ["messages.0.content.2: cache-points-too-many"],
    ],
    [
      "between results comes after them",
      [user(text("a")), assistant(call("1"), call("2")), user(result("1"), POINT, result("2"))],
      [user(text("a")), assistant(call("1"), call("2")), user(result("1"), result("2"), POINT)],
      ["messages.2.content.0: tool-results-missing"],
    ],
  ];
  for (const [title, given, kept, told] of cases) {
    test(title, () => {
      const heard = normalized(given);
      assert.deepEqual(heard.messages, kept);
      assert.deepEqual(heard.told, told);
    });
  }

  test("between two strings keeps them apart", () => {
    const { messages } = normalized([
      { role: "user", content: "a" },
      { role: "assistant", content: POINT },
      { role: "user", content: "b" },
    ]);
    assert.deepEqual(messages, [user(text("a"), POINT, text("b"))]);
  });

  test("is one of the last four", () => {
    const six = ["1", "2", "3", "4", "5", "6"].flatMap((value) => [text(value), POINT]);
    const { messages, told } = normalized([user(...six)]);
    assert.deepEqual(messages, [user(text("1"), text("2"), ...six.slice(4))]);
    assert.deepEqual(told, [
      "messages.0.content.1: cache-points-too-many",
      "messages.0.content.3: cache-points-too-many",
    ]);
  });

  test("of an hour lasts five minutes after one that does", () => {
    const long: ContentBlock = { cachePoint: { type: "default", ttl: "1h" } };
    const { messages, told } = normalized([
      user(text("a"), long, text("b"), POINT, text("c"), long),
    ]);
    assert.deepEqual(messages, [user(text("a"), long, text("b"), POINT, text("c"), POINT)]);
    assert.deepEqual(told, ["messages.0.content.5: cache-ttl-order!"]);
  });

  test("of an hour stays of two at one place, and lasts no longer than those before it", () => {
    const long: ContentBlock = { cachePoint: { type: "default", ttl: "1h" } };
    for (const pair of [
      [POINT, long],
      [long, POINT],
      [long, long],
    ]) {
      const { messages, told } = normalized([user(text("a"), ...pair)]);
      assert.deepEqual(messages, [user(text("a"), long)]);
      const dropped = pair[0] === POINT ? 1 : 2;
      assert.deepEqual(told, [`messages.0.content.${dropped}: cache-points-too-many`]);
    }
    const { messages, told } = normalized([user(text("a"), POINT, text("b"), POINT, long)]);
    assert.deepEqual(messages, [user(text("a"), POINT, text("b"), POINT)]);
    assert.deepEqual(told, [
      "messages.0.content.3: cache-points-too-many",
      "messages.0.content.4: cache-ttl-order!",
    ]);
  });

  test("at the end of what the assistant is to continue leaves no white space before it", () => {
    const { messages } = normalized([user(text("a")), assistant(text("b \n"), POINT)]);
    assert.deepEqual(messages[1], assistant(text("b"), POINT));
  });
});

describe("reasoning", () => {
  const unsigned: ContentBlock = { reasoningContent: { reasoningText: { text: "hm" } } };
  const redacted: ContentBlock = { reasoningContent: { redactedContent: new Uint8Array([1]) } };
  const history = [user(text("q")), assistant(REASONING, unsigned, redacted, text("a"))];

  test("is sent as it is where nothing else is known", () => {
    const { messages, told } = normalized(history);
    assert.equal(messages[1]?.content[0], REASONING);
    assert.equal(messages[1]?.content.length, 4);
    assert.deepEqual(told, []);
  });

  test("goes without its signature where that is asked for", () => {
    const { messages, told } = normalized(history, { reasoningReplay: "signed" });
    assert.deepEqual(messages[1], assistant(REASONING, redacted, text("a")));
    assert.deepEqual(told, ["messages.1.content.1.reasoningContent: reasoning-replay!"]);
  });

  test("goes where it is not taken back, with the message and into one", () => {
    const given = [user(text("q")), assistant(REASONING), user(text("r"))];
    const { messages, told } = normalized(given, { reasoningReplay: "none" });
    assert.deepEqual(messages, [user(text("q"), text("r"))]);
    assert.deepEqual(told, [
      "messages.1.content.0.reasoningContent: reasoning-replay!",
      "messages.2.content.0: roles-alternate",
    ]);
  });

  test("goes where it is known to come from another model", () => {
    const isForeign = (block: object): boolean => block === redacted.reasoningContent;
    const { messages } = normalized(history, {}, isForeign);
    assert.deepEqual(messages[1], assistant(REASONING, unsigned, text("a")));
  });
});
