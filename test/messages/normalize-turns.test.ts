// Who says what: blocks on the wrong side, and system messages among the others.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ContentBlock, Message } from "../../src/core/content.ts";
import {
  assistant,
  call,
  IMAGE,
  normalized,
  REASONING,
  result,
  system,
  text,
  user,
} from "./normalized.ts";

const CITED: ContentBlock = { citationsContent: { content: [{ text: "c" }], citations: [] } };
const GUARDED: ContentBlock = { guardContent: { text: { text: "g" } } };
const addition = (name: string): ContentBlock => ({ toolAddition: { tool: { name } } });
const FIRST = user(text("(The beginning of this conversation is not shown.)"));

describe("a block on the wrong side", () => {
  const cases: [title: string, given: Message[], kept: Message[]][] = [
    [
      "splits the user's message where it stands",
      [user(text("a"), REASONING, CITED, text("b"))],
      [user(text("a")), assistant(REASONING, CITED), user(text("b"))],
    ],
    [
      "that is a call keeps its result",
      [user(text("a"), call("1"), result("1"), text("b"))],
      [user(text("a")), assistant(call("1")), user(result("1"), text("b"))],
    ],
    [
      "that is a result splits the assistant's message",
      [user(text("a")), assistant(call("1"), result("1"), text("b"))],
      [user(text("a")), assistant(call("1")), user(result("1")), assistant(text("b"))],
    ],
    [
      "that is guarded follows the assistant's message",
      [user(text("a")), assistant(GUARDED, text("b"))],
      [user(text("a")), assistant(text("b")), user(GUARDED)],
    ],
    [
      "in a system message goes to whom it belongs",
      [system(text("s"), IMAGE), assistant(text("a")), user(text("b"))],
      [system(text("s")), user(IMAGE), assistant(text("a")), user(text("b"))],
    ],
    [
      "that changes the tools becomes a system message",
      [user(text("a"), addition("f")), assistant(text("b"))],
      [user(text("a")), system(addition("f")), assistant(text("b"))],
    ],
  ];
  for (const [title, given, kept] of cases) {
    test(title, () => {
      const { messages, told } = normalized(given);
      assert.deepEqual(messages, kept);
      assert.ok(told.some((change) => /: (media-role|tool-block-role)$/.test(change)));
    });
  }
});

describe("a system message", () => {
  const cases: [title: string, given: Message[], kept: Message[], told: string[]][] = [
    [
      "at the beginning stays there, as one",
      [system(text("a")), system(text("b")), user(text("q"))],
      [system(text("a"), text("b")), user(text("q"))],
      ["messages.1.content.0: system-placement"],
    ],
    [
      "at the beginning comes before what an assistant's beginning needs",
      [system(text("a")), assistant(text("b"))],
      [system(text("a")), FIRST, assistant(text("b"))],
      ["messages.1.content.0: first-message-user"],
    ],
    [
      "between user and assistant stays",
      [user(text("q")), system(text("a")), assistant(text("b"))],
      [user(text("q")), system(text("a")), assistant(text("b"))],
      [],
    ],
    [
      "at the end stays",
      [user(text("q")), system(text("a"))],
      [user(text("q")), system(text("a"))],
      [],
    ],
    [
      "between two user messages comes after both",
      [user(text("q")), system(text("a")), user(text("r"))],
      [user(text("q"), text("r")), system(text("a"))],
      ["messages.1.content.0: system-placement", "messages.2.content.0: roles-alternate"],
    ],
    [
      "after the assistant waits for the user",
      [user(text("q")), assistant(text("b")), system(text("a")), user(text("r"))],
      [user(text("q")), assistant(text("b")), user(text("r")), system(text("a"))],
      ["messages.2.content.0: system-placement"],
    ],
    [
      "after the assistant's last words gets a user message to follow",
      [user(text("q")), assistant(text("b")), system(text("a"))],
      [
        user(text("q")),
        assistant(text("b")),
        user(text("(A system message follows.)")),
        system(text("a")),
      ],
      ["messages.2.content.0: system-placement"],
    ],
    [
      "between a call and its result comes after the result",
      [user(text("q")), assistant(call("1")), system(text("a")), user(result("1"))],
      [user(text("q")), assistant(call("1")), user(result("1")), system(text("a"))],
      ["messages.2.content.0: system-placement"],
    ],
    [
      "next to another becomes one with it",
      [user(text("q")), system(text("a")), system(text("b"))],
      [user(text("q")), system(text("a"), text("b"))],
      ["messages.2.content.0: system-placement"],
    ],
    [
      "at the beginning that changes the tools comes after the user",
      [system(text("a"), addition("f")), user(text("q"))],
      [system(text("a")), user(text("q")), system(addition("f"))],
      ["messages.0.content.1: system-placement"],
    ],
    [
      "that is misplaced twice is told of twice",
      [
        user(text("q")),
        system(text("a")),
        user(text("r")),
        assistant(text("b")),
        system(text("c")),
        user(text("s")),
      ],
      [
        user(text("q"), text("r")),
        system(text("a")),
        assistant(text("b")),
        user(text("s")),
        system(text("c")),
      ],
      [
        "messages.1.content.0: system-placement",
        "messages.2.content.0: roles-alternate",
        "messages.4.content.0: system-placement",
      ],
    ],
    [
      "with nobody speaking has its text first",
      [system(addition("f"), text("a"))],
      [system(text("a"), addition("f"))],
      ["messages.0.content.0: system-placement"],
    ],
    [
      "with nobody speaking stays alone",
      [system(text("a"), addition("f"))],
      [system(text("a"), addition("f"))],
      [],
    ],
  ];
  for (const [title, given, kept, told] of cases) {
    test(title, () => {
      const heard = normalized(given);
      assert.deepEqual(heard.messages, kept);
      assert.deepEqual(heard.told, told);
    });
  }
});

describe("for a model that reads no system messages, one", () => {
  const traits = { systemRole: false };

  test("becomes the user's text at its place, with a warning", () => {
    const { messages, told } = normalized(
      [
        system(text("leading")),
        user(text("q")),
        system(text("a")),
        assistant(call("1")),
        system(text("b")),
        user(result("1")),
      ],
      traits,
    );
    assert.deepEqual(messages, [
      system(text("leading")),
      user(text("q"), text("a")),
      assistant(call("1")),
      user(result("1"), text("b")),
    ]);
    assert.deepEqual(
      told.filter((change) => change.endsWith("!")),
      ["messages.2.content.0: system-role!", "messages.4.content.0: system-role!"],
    );
  });

  test("that changes the tools is refused, with its place", () => {
    for (const given of [
      [user(text("q")), system(text("a"), addition("f"))],
      [user(text("q")), user(text("a"), addition("f"), text("b"))],
      [user(text("q")), system(text("a"), { toolRemoval: { tool: { name: "f" } } })],
    ]) {
      assert.throws(() => normalized(given, traits), {
        name: "TypeError",
        message: /^messages\.1\.content\.1: .*\(system-role\)/,
      });
    }
    assert.throws(() => normalized([system(addition("f")), user(text("q"))], traits), {
      message: /^messages\.0\.content\.0: /,
    });
  });
});
