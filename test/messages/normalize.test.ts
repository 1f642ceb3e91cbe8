// What `normalizeMessages` makes of the histories people have. Its laws: normalize-laws.test.ts.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ContentBlock, Message } from "../../src/core/content.ts";
import type { MessagesInput } from "../../src/messages/message-input.ts";
import { normalizeMessages } from "../../src/messages/normalize.ts";

const call = (toolUseId: string, name = "get_weather"): ContentBlock => ({
  toolUse: { toolUseId, name, input: {} },
});
const result = (toolUseId: string, text = "sunny"): ContentBlock => ({
  toolResult: { toolUseId, content: [{ text }] },
});
const text = (value: string): ContentBlock => ({ text: value });
const user = (...content: ContentBlock[]): Message => ({ role: "user", content });
const assistant = (...content: ContentBlock[]): Message => ({ role: "assistant", content });
const missing = (toolUseId: string): ContentBlock => ({
  toolResult: {
    toolUseId,
    content: [{ text: "No result: this call was never completed." }],
    status: "error",
  },
});

describe("a history", () => {
  const cases: [title: string, input: MessagesInput, expected: Message[]][] = [
    ["of one string is a user message", "Hello", [user(text("Hello"))]],
    [
      "of two strings of one role joins them with a line feed",
      [
        { role: "user", content: "Hello" },
        { role: "user", content: "How are you?" },
      ],
      [user(text("Hello\nHow are you?"))],
    ],
    [
      "of strings and blocks of one role joins the blocks in order",
      [
        { role: "user", content: "a" },
        { role: "user", content: ["b", { text: "c" }] },
        { role: "user", content: { text: "d" } },
      ],
      [user(text("a"), text("b"), text("c"), text("d"))],
    ],
    [
      "loses blank text and the messages left with nothing",
      [
        { role: "user", content: "a" },
        { role: "assistant", content: " \n" },
        { role: "user", content: ["", { text: "\t" }, "b"] },
      ],
      [user(text("a"), text("b"))],
    ],
    [
      "of a tool loop stays as it is",
      [user(text("q")), assistant(call("1"), call("2")), user(result("1"), result("2"))],
      [user(text("q")), assistant(call("1"), call("2")), user(result("1"), result("2"))],
    ],
    [
      "gets its results first and in the order of the calls",
      [
        user(text("q")),
        assistant(call("1"), call("2")),
        user(text("and?"), result("2"), result("1")),
      ],
      [
        user(text("q")),
        assistant(call("1"), call("2")),
        user(result("1"), result("2"), text("and?")),
      ],
    ],
    [
      "with results in several messages gets them into one",
      [user(text("q")), assistant(call("1"), call("2")), user(result("1")), user(result("2"))],
      [user(text("q")), assistant(call("1"), call("2")), user(result("1"), result("2"))],
    ],
    [
      "gets an error result for a call that was never answered",
      [user(text("q")), assistant(text("Looking."), call("1")), user(text("never mind"))],
      [
        user(text("q")),
        assistant(text("Looking."), call("1")),
        user(missing("1"), text("never mind")),
      ],
    ],
    [
      "that ends in a call gets the answer it lacks",
      [user(text("q")), assistant(call("1"))],
      [user(text("q")), assistant(call("1")), user(missing("1"))],
    ],
    [
      "with two calls of one id has them told apart, and their results with them",
      [user(text("q")), assistant(call("1"), call("1")), user(result("1", "a"), result("1", "b"))],
      [
        user(text("q")),
        assistant(call("1"), call("1-2")),
        user(result("1", "a"), result("1-2", "b")),
      ],
    ],
    [
      "keeps what an orphan result says as text",
      [user(result("1", "72°F"), text("so?"))],
      [user(text("Result of an earlier tool call (1):"), text("72°F"), text("so?"))],
    ],
    [
      "says of what it keeps that it failed",
      [
        user(text("q")),
        assistant(call("1")),
        user(result("1"), {
          toolResult: { toolUseId: "1", content: [{ json: { code: 7 } }], status: "error" },
        }),
      ],
      [
        user(text("q")),
        assistant(call("1")),
        user(result("1"), text("Failed result of an earlier tool call (1):"), text('{"code":7}')),
      ],
    ],
    [
      "shows that a tool said nothing",
      [
        user(text("q")),
        assistant(call("1")),
        user({ toolResult: { toolUseId: "1", content: [] } }),
      ],
      [user(text("q")), assistant(call("1")), user(result("1", "(no output)"))],
    ],
    [
      "takes a result without content for one that says nothing",
      [
        user(text("q")),
        assistant(call("1")),
        { role: "user", content: { toolResult: { toolUseId: "1", content: undefined } } },
      ],
      [user(text("q")), assistant(call("1")), user(result("1", "(no output)"))],
    ],
    [
      "has its tool results wrapped",
      [
        user(text("q")),
        assistant(call("1")),
        { role: "user", content: { toolResult: { toolUseId: "1", content: "sunny" } } },
        assistant(call("2")),
        { role: "user", content: { toolResult: { toolUseId: "2", content: [{ json: [1, 2] }] } } },
      ],
      [
        user(text("q")),
        assistant(call("1")),
        user(result("1")),
        assistant(call("2")),
        user({ toolResult: { toolUseId: "2", content: [{ json: { result: [1, 2] } }] } }),
      ],
    ],
    [
      "that begins with the assistant gets a beginning",
      [assistant(text("Hello."))],
      [user(text("(The beginning of this conversation is not shown.)")), assistant(text("Hello."))],
    ],
    [
      "ends without white space when the assistant is to be continued",
      [user(text("q")), assistant(text("So far \n"))],
      [user(text("q")), assistant(text("So far"))],
    ],
    ["of nothing is nothing", [], []],
  ];
  for (const [title, input, expected] of cases) {
    test(title, () => assert.deepEqual(normalizeMessages(input), expected));
  }

  test("keeps calls that the provider ran itself, with their results", () => {
    const run: Message = assistant(
      { toolUse: { toolUseId: "1", name: "nova_grounding", input: {}, type: "server_tool_use" } },
      { toolResult: { toolUseId: "1", content: [{ text: "found" }] } },
    );
    assert.deepEqual(normalizeMessages([user(text("q")), run]), [user(text("q")), run]);
  });
});
