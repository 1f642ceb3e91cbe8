// What callers write that no type allows: it is read where its meaning is plain, and else refused
// with its place.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { MessagesInput } from "../../src/messages/message-input.ts";
import { normalizeFor, normalizeMessages } from "../../src/messages/normalize.ts";
import { WireNames } from "../../src/messages/wire-names.ts";
import { traits } from "./histories.ts";
import { assistant, call, IMAGE, normalized, text, user } from "./normalized.ts";

const read = (messages: unknown): unknown => normalizeMessages(messages as MessagesInput);

describe("a block written with every member of the union", () => {
  test("is the one that is set", () => {
    assert.deepEqual(
      read([
        {
          role: "user",
          content: [
            { text: null, image: IMAGE.image },
            { text: "", toolUse: null, image: IMAGE.image },
          ],
        },
        { role: "assistant", content: [{ text: "a", toolUse: null, toolResult: null }] },
      ]),
      [user(IMAGE, IMAGE), assistant(text("a"))],
    );
  });

  test("is that also in a tool result", () => {
    const parts = [
      { text: "sunny", json: undefined, image: null },
      { json: { a: null }, text: null },
    ];
    assert.deepEqual(
      read([
        user(text("q")),
        assistant(call("1")),
        { role: "user", content: { toolResult: { toolUseId: "1", content: parts } } },
      ]),
      [
        user(text("q")),
        assistant(call("1")),
        user({
          toolResult: {
            toolUseId: "1",
            content: [{ text: "sunny", json: undefined }, { json: { a: null } }],
          },
        }),
      ],
    );
  });
});

describe("what is no message is refused", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  let deep: unknown = {};
  for (let depth = 0; depth < 100_000; depth++) deep = { deep };
  const withInput = (input: unknown): unknown => [
    {
      role: "assistant",
      content: [{ text: "a" }, { toolUse: { toolUseId: "1", name: "f", input } }],
    },
  ];
  const cases: [title: string, given: unknown, message: RegExp][] = [
    ["a number", 7, /^messages must be/],
    ["a message of null", [null], /^messages\[0\] must be a message/],
    ["a role nobody has", [{ role: "tool", content: "a" }], /^messages\[0\]\.role must be one of/],
    ["no content", [{ role: "user" }], /^messages\[0\]\.content must be/],
    ["a block of 7", [{ role: "user", content: [7] }], /^messages\[0\]\.content\[0\] must be/],
    [
      "a call of text",
      [{ role: "user", content: [{ toolUse: "f" }] }],
      /content\[0\]\.toolUse must be/,
    ],
    [
      "a call without id",
      [assistant({ toolUse: { name: "f" } } as never)],
      /toolUse\.toolUseId must be/,
    ],
    ["a result of text", [{ role: "user", content: [{ toolResult: "f" }] }], /toolResult must be/],
    [
      "a result without id",
      [user({ toolResult: { content: "" } } as never)],
      /toolResult\.toolUseId must be/,
    ],
    [
      "a result of 7",
      [user({ toolResult: { toolUseId: "1", content: [7] } } as never)],
      /toolResult\.content\[0\] must be/,
    ],
    ["no message at all", new Array(1), /^messages\[0\] must be a message; got undefined/],
    [
      "no block at all",
      [{ role: "user", content: new Array(1) }],
      /^messages\[0\]\.content\[0\] must be/,
    ],
    [
      "no part of a result at all",
      [user({ toolResult: { toolUseId: "1", content: new Array(1) } } as never)],
      /^messages\[0\]\.content\[0\]\.toolResult\.content\[0\] must be a string or a block; got/,
    ],
    ["JSON that holds itself", withInput(circle), /^messages\.0\.content\.1 holds JSON/],
    ["JSON without an end", withInput(deep), /^messages\.0\.content\.1 holds JSON/],
  ];
  for (const [title, given, message] of cases) {
    test(title, () => assert.throws(() => read(given), { name: "TypeError", message }));
  }
});

test("JSON that is too deep to be told as text is refused, wherever the stack ends", () => {
  for (let depth = 500; depth < 8000; depth += 500) {
    let json: unknown = {};
    for (let level = 0; level < depth; level++) json = { a: [json] };
    const history = [user(text("q")), user({ toolResult: { toolUseId: "1", content: { json } } })];
    const message = /^messages\.1\.content\.0\S* holds JSON that is nested too deep/;
    try {
      normalized(history as never);
    } catch (error) {
      assert.ok(error instanceof TypeError);
      assert.match(error.message, message);
    }
  }
  let json: unknown = {};
  for (let level = 0; level < 8000; level++) json = { a: [json] };
  const history = [user(text("q")), user({ toolResult: { toolUseId: "1", content: { json } } })];
  assert.throws(() => read(history), TypeError);
});

const KINDS = [
  ...["text", "image", "document", "video", "audio", "toolUse", "toolResult", "guardContent"],
  ...["cachePoint", "reasoningContent", "citationsContent", "searchResult", "toolAddition"],
  ...["toolRemoval", "$unknown"],
];
const MEMBERS = [
  ...["format", "source", "name", "content", "text", "bytes", "citations", "toolUseId", "input"],
  ...["json", "type", "tool", "image", "reasoningText", "status"],
];
const junk = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(null, undefined, "", "a", 7, true, new Uint8Array([1]), "\ud800"),
    fc.dictionary(fc.constantFrom(...MEMBERS), tie("value"), { maxKeys: 4 }),
    fc.array(tie("value"), { maxLength: 3 }),
  ),
})).value;

test("of anything at all, nothing worse comes than a TypeError that names its place", () => {
  const content = fc.array(fc.dictionary(fc.constantFrom(...KINDS), junk, { maxKeys: 2 }), {
    maxLength: 4,
  });
  const message = fc.record({ role: fc.constantFrom("user", "assistant", "system"), content });
  let sent = 0;
  fc.assert(
    fc.property(fc.array(message, { maxLength: 4 }), traits, (messages, given) => {
      try {
        normalizeFor(messages as unknown as MessagesInput, {
          traits: given,
          names: new WireNames(given),
        });
        sent += 1;
      } catch (error) {
        assert.ok(error instanceof TypeError);
        assert.match(error.message, /^messages[.[]\d/);
      }
    }),
    { numRuns: 10_000, includeErrorInReport: true },
  );
  assert.ok(sent > 1000, "the junk is not all refused at the door");
});

test("one object at two places is told of at each", () => {
  const blank = text(" ");
  const wrong = { document: { format: "pdf", name: "a", source: { bytes: new Uint8Array([1]) } } };
  const { told } = normalized([user(wrong, blank), assistant(text("b")), user(wrong, blank)]);
  assert.deepEqual(told, [
    "messages.0.content.1.text: text-blank",
    "messages.2.content.0.document.name: document-name",
    "messages.2.content.1.text: text-blank",
    "messages.0.content.0: document-without-text",
    "messages.2.content.0: document-without-text",
  ]);
});
