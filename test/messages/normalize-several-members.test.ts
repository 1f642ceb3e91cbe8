// Blocks of which a caller set several members: nothing is lost, and the check finds them.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { findIssues } from "../../src/messages/check-request.ts";
import { splitLeadingSystem } from "../../src/messages/leading-system.ts";
import type {
  ContentBlockInput,
  MessageInput,
  MessagesInput,
} from "../../src/messages/message-input.ts";
import { readSystemPrompt } from "../../src/messages/message-input.ts";
import { normalizeFor, normalizeMessages } from "../../src/messages/normalize.ts";
import { WireNames } from "../../src/messages/wire-names.ts";
import type { ModelTraits } from "../../src/models/model-traits.ts";
import { block, historyFor, traits } from "./histories.ts";
import { assistant, call, IMAGE, PNG, POINT, REASONING, result, text, user } from "./normalized.ts";

const SEVERAL = "several-union-members";

function rulesOf(messages: MessagesInput, target: ModelTraits = {}): string[] {
  const names = new WireNames(target);
  const request = splitLeadingSystem(normalizeFor(messages, { traits: target, names }));
  return findIssues(request).map(({ rule }) => rule);
}

const partsOf = (messages: MessagesInput): string[] =>
  normalizeMessages(messages).flatMap(({ content }) => content.flatMap(Object.keys));

/** Whether a block says something, so that it cannot be left out. */
function isSaid(given: ContentBlockInput): boolean {
  const { text: said, guardContent, citationsContent } = given as Record<string, unknown>;
  if (citationsContent !== undefined) return false;
  const words = said ?? (guardContent as { text?: { text: string } } | undefined)?.text?.text;
  return typeof words !== "string" || words.trim() !== "";
}

describe("a block with several members", () => {
  const jpg = { format: "jpg", source: { bytes: PNG } } as never;
  const both: [title: string, block: object][] = [
    ["a result of text and a text", { ...result("1"), text: "hello" }],
    [
      "a result of a string and a text",
      { toolResult: { toolUseId: "1", content: "r" }, text: "a" },
    ],
    ["a result and an image", { toolResult: { toolUseId: "1", content: "r" }, ...IMAGE }],
    ["broken text and an image", { text: "a\ud800", ...IMAGE }],
    ["an image to be repaired and a text", { image: jpg, text: "a" }],
    ["an image to be repaired and a point", { image: jpg, ...POINT }],
    ["a point and a text", { ...POINT, text: "a" }],
    ["reasoning and an image", { ...REASONING, ...IMAGE }],
    ["a call and an image", { ...call("1", "a b"), ...IMAGE }],
  ];
  for (const [title, given] of both) {
    for (const role of ["user", "assistant", "system"] as const) {
      test(`keeps them all: ${title}, said by the ${role}`, () => {
        const history = [{ role, content: [given] }] as unknown as MessageInput[];
        for (const name of Object.keys(given)) assert.ok(partsOf(history).includes(name), name);
        assert.ok(rulesOf(history, { reasoningReplay: "none" }).includes(SEVERAL));
      });
    }
  }

  test("is found wherever it stands and whatever it is made of", () => {
    const several = fc
      .tuple(block.filter(isSaid), block.filter(isSaid))
      .filter(([one, other]) => Object.keys(one)[0] !== Object.keys(other)[0])
      .map(([one, other]) => ({ ...one, ...other }) as ContentBlockInput);
    const given = traits.chain((target) =>
      fc.record({
        target: fc.constant(target),
        history: historyFor(target),
        message: fc.record({
          role: fc.constantFrom("user", "assistant", "system"),
          content: fc
            .tuple(several, block)
            .chain((pair) => fc.shuffledSubarray(pair, { minLength: 2 })),
        }),
        at: fc.nat(8),
      }),
    );
    fc.assert(
      fc.property(given, ({ target, history, message, at }) => {
        assert.ok(rulesOf(history.toSpliced(at, 0, message), target).includes(SEVERAL));
      }),
      { numRuns: 3000, includeErrorInReport: true },
    );
  });

  test("in a tool result keeps them all, also where no call asked for it", () => {
    const parts: object[] = [
      { text: "a\ud800", ...IMAGE },
      { image: jpg, json: { a: 1 } },
      { json: [1], ...IMAGE },
      { json: { a: { __type: "b" } }, ...IMAGE },
      { image: jpg, searchResult: { source: "s", title: "t", content: [{ text: "c" }] } },
    ];
    for (const part of parts) {
      const answer = user({ toolResult: { toolUseId: "1", content: [part as never] } });
      for (const history of [[answer], [user(text("q")), assistant(call("1")), answer]]) {
        for (const target of [{}, { toolResultStatus: false }]) {
          assert.ok(rulesOf(history, target).includes(SEVERAL), Object.keys(part).join());
        }
      }
    }
  });

  test("loses what is blank or null, as before", () => {
    const said = {
      guardContent: { text: { text: " " } },
      text: "",
      toolUse: null,
      image: jpg,
    } as unknown as ContentBlockInput;
    assert.deepEqual(normalizeMessages([user(said)]), [user(IMAGE)]);
  });

  test("that no block of Bedrock's has is what it was", () => {
    const given = { type: "text", text: "a\ud800" } as unknown as ContentBlockInput;
    assert.deepEqual(rulesOf([user(given)]), []);
    const point = { type: "cache_point", ...POINT } as unknown as ContentBlockInput;
    assert.deepEqual(normalizeMessages([user(point, text("a"))]), [user(text("a"))]);
  });
});

test("a guarded image beside blank guarded text stays", () => {
  const image = { format: "png" as const, source: { bytes: PNG } };
  const guardContent = { text: { text: " " }, image } as never;
  assert.deepEqual(normalizeMessages([user({ guardContent })]), [
    user({ guardContent: { image } }),
  ]);
});

test("a document with several sources keeps them, but for a blank text", () => {
  const bytes = new Uint8Array([1]);
  const sourceOf = (source: object): unknown => {
    const document = { name: "a", source } as never;
    return normalizeMessages([user(text("q"), { document })])[0]?.content[1]?.document?.source;
  };
  assert.deepEqual(sourceOf({ text: "a", bytes }), { text: "a", bytes });
  assert.deepEqual(sourceOf({ text: " ", bytes }), { bytes });
  assert.deepEqual(sourceOf({ content: [{ text: "a" }, { text: "" }], bytes }), {
    content: [{ text: "a" }],
    bytes,
  });
});

test("instructions lose only what is blank", () => {
  const guardContent = { text: { text: "a" } };
  assert.deepEqual(readSystemPrompt([{ text: "", guardContent }]), [{ guardContent }]);
  assert.deepEqual(readSystemPrompt([{ text: " " }]), []);
});
