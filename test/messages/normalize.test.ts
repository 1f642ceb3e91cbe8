// What `normalizeMessages` makes of the histories people have, and the laws it keeps over any.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  type ContentBlock,
  checkRequest,
  type Message,
  type MessagesInput,
  normalizeMessages,
  type ToolResultBlock,
} from "../../src/index.ts";

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

const id = fc.constantFrom("a", "b", "c");
const word = fc.constantFrom("", " ", "yes", "no ", "x\ny");
const block: fc.Arbitrary<ContentBlock> = fc.oneof(
  { weight: 3, arbitrary: word.map(text) },
  { weight: 2, arbitrary: id.map((toolUseId) => call(toolUseId)) },
  {
    weight: 2,
    arbitrary: fc.tuple(id, word).map(([toolUseId, value]) => result(toolUseId, value)),
  },
  fc.constant<ContentBlock>({ image: { format: "png", source: { bytes: new Uint8Array([1]) } } }),
  word.map(
    (value): ContentBlock => ({
      reasoningContent: { reasoningText: { text: value, signature: "s" } },
    }),
  ),
);
/** Calls are the assistant's and results the user's; everything else is as wild as it comes. */
const history = fc.array(
  fc.record({
    role: fc.constantFrom("user" as const, "assistant" as const),
    content: fc.oneof(word, fc.array(fc.oneof(word, block), { maxLength: 5 })),
  }),
  { maxLength: 10 },
);

function plausible(messages: MessagesInput): MessagesInput {
  if (typeof messages === "string") return messages;
  return messages.map(({ role, content }) => {
    if (!Array.isArray(content)) return { role, content };
    const kept = content.filter((item) => {
      if (typeof item === "string") return true;
      if (item.toolUse !== undefined) return role === "assistant";
      if (item.toolResult !== undefined) return role === "user";
      if (item.reasoningContent !== undefined) return role === "assistant";
      return item.image === undefined || role === "user";
    });
    return { role, content: kept };
  });
}

/** What must survive, in order: everything that is not blank text. */
function substance(messages: readonly Message[], kind: (item: ContentBlock) => unknown): unknown[] {
  return messages.flatMap(({ content }) => content.map(kind).filter((item) => item !== undefined));
}

describe("over any history", () => {
  const anyHistory = history.map(plausible);
  const runs = { numRuns: 2000 };

  test("the result is a request that Bedrock accepts", () => {
    fc.assert(
      fc.property(anyHistory, (messages) => {
        const normalized = normalizeMessages(messages);
        fc.pre(normalized.length > 0);
        // One name for all ids, so that the history and the tools agree.
        const toolConfig = {
          tools: [{ toolSpec: { name: "get_weather", inputSchema: { json: { type: "object" } } } }],
        };
        const issues = checkRequest({
          modelId: "us.test.model-v1:0",
          messages: normalized,
          toolConfig,
        });
        assert.deepEqual(issues, []);
      }),
      runs,
    );
  });

  test("normalising twice changes nothing more", () => {
    fc.assert(
      fc.property(anyHistory, (messages) => {
        const once = normalizeMessages(messages);
        assert.deepEqual(normalizeMessages(once), once);
      }),
      runs,
    );
  });

  test("the input is not changed", () => {
    fc.assert(
      fc.property(anyHistory, (messages) => {
        const before = structuredClone(messages);
        normalizeMessages(messages);
        assert.deepEqual(messages, before);
      }),
      runs,
    );
  });

  test("calls, images and reasoning all stay, in order", () => {
    fc.assert(
      fc.property(anyHistory, (messages) => {
        const normalized = normalizeMessages(messages);
        const given = (messages as Message[]).map(({ role, content }) => ({
          role,
          content: Array.isArray(content) ? content.filter((item) => typeof item !== "string") : [],
        }));
        for (const kind of ["toolUse", "image", "reasoningContent"] as const) {
          assert.deepEqual(
            substance(normalized, (item) => withoutId(item[kind])),
            substance(given, (item) => withoutId(item[kind])),
          );
        }
      }),
      runs,
    );
  });

  test("every text that is not blank stays, whole results included", () => {
    fc.assert(
      fc.property(anyHistory, (messages) => {
        const output = JSON.stringify(normalizeMessages(messages));
        for (const { content } of messages as Message[]) {
          for (const item of Array.isArray(content) ? content : [content]) {
            const said = textsIn(item as ContentBlock | string);
            for (const value of said)
              assert.ok(output.includes(JSON.stringify(value.trim()).slice(1, -1)));
          }
        }
      }),
      runs,
    );
  });
});

/** Ids may change, to tell two calls apart. */
function withoutId(value: object | undefined): object | undefined {
  return value && { ...value, toolUseId: "" };
}

function textsIn(item: ContentBlock | string): string[] {
  if (typeof item === "string") return [item];
  if (item.text !== undefined) return [item.text];
  const { toolResult } = item as { toolResult?: ToolResultBlock };
  return toolResult?.content.flatMap((part) => (part.text === undefined ? [] : [part.text])) ?? [];
}
