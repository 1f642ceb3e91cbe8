// Instructions, given apart from the messages or as the first of them.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { splitLeadingSystem } from "../../src/messages/leading-system.ts";
import { readSystemPrompt } from "../../src/messages/message-input.ts";
import { normalizeMessages } from "../../src/messages/normalize.ts";
import { POINT, system, text, user } from "./normalized.ts";

describe("a leading system message", () => {
  test("is taken off, with all that a system prompt may hold", () => {
    const guard = { guardContent: { text: { text: "g" } } };
    const messages = normalizeMessages([
      { role: "system", content: ["a", guard, POINT] },
      { role: "system", content: "b" },
      { role: "user", content: "q" },
    ]);
    assert.deepEqual(splitLeadingSystem(messages), {
      system: [text("a"), guard, POINT, text("b")],
      messages: [user(text("q"))],
    });
  });

  test("that is none leaves the messages as they are", () => {
    const messages = [user(text("q")), system(text("a"))];
    const split = splitLeadingSystem(messages);
    assert.deepEqual(split.system, []);
    assert.equal(split.messages, messages);
    assert.deepEqual(splitLeadingSystem([]), { system: [], messages: [] });
  });

  test("that holds anything else stays", () => {
    const messages = [system(text("a"), { toolAddition: { tool: { name: "f" } } })];
    assert.equal(splitLeadingSystem(messages).messages, messages);
  });
});

describe("a system prompt", () => {
  test("loses what is blank, and tells where", () => {
    const told: string[] = [];
    const read = readSystemPrompt(
      [
        "a",
        " ",
        { text: "\n" },
        { text: "b" },
        { guardContent: { text: { text: " " } } },
        { guardContent: { text: { text: "c" } } },
        POINT,
      ],
      ({ path, rule }) => told.push(`${path}: ${rule}`),
    );
    assert.deepEqual(read, [
      text("a"),
      text("b"),
      { guardContent: { text: { text: "c" } } },
      POINT,
    ]);
    assert.deepEqual(
      told,
      ["system.1", "system.2", "system.4"].map((path) => `${path}: text-blank`),
    );
  });

  test("may be one string or nothing", () => {
    assert.deepEqual(readSystemPrompt("a"), [text("a")]);
    assert.deepEqual(readSystemPrompt(undefined), []);
    assert.throws(() => readSystemPrompt(7), TypeError);
  });
});
