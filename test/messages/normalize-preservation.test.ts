// What `normalizeFor` keeps of any history: everything that says something, in its order; the names
// and ids a caller knows; and, as a history grows, what it made of the beginning.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type {
  Message,
  ReasoningContentBlock,
  ToolResultBlock,
  ToolUseBlock,
} from "../../src/core/content.ts";
import type { MessageInput } from "../../src/messages/message-input.ts";
import { normalizeFor } from "../../src/messages/normalize.ts";
import { WireNames } from "../../src/messages/wire-names.ts";
import type { ModelTraits } from "../../src/models/model-traits.ts";
import { historyAndTraits } from "./histories.ts";
import { bytesIn, tokensIn, valuesOf, withTokens } from "./history-contents.ts";

const runs = { numRuns: 5000, includeErrorInReport: true };

/** Over any history, with traits under which all reasoning is kept. */
function forAny(check: (messages: readonly MessageInput[], traits: ModelTraits) => void): void {
  fc.assert(
    fc.property(historyAndTraits, ([messages, given]) => {
      const { reasoningReplay: _, ...traits } = given;
      check(messages, traits);
    }),
    runs,
  );
}

const normalize = (messages: readonly MessageInput[], traits: ModelTraits): Message[] =>
  normalizeFor(messages, { traits, names: new WireNames(traits) });

describe("of any history stays", () => {
  test("every text that says something, once", () => {
    forAny((messages, traits) => {
      const given = withTokens(messages);
      const kept = tokensIn(normalize(given, traits));
      assert.deepEqual(kept.toSorted(), tokensIn(given).toSorted());
    });
  });

  test("what the user and the assistant say, in order", () => {
    forAny((messages, traits) => {
      const spoken = withTokens(messages).filter(({ role }) => role !== "system");
      const given = spoken.flatMap(({ content }) =>
        typeof content === "string" ? tokensIn(content) : [],
      );
      const kept = tokensIn(valuesOf(normalize(spoken, traits), "text"));
      assert.deepEqual(
        kept.filter((token) => given.includes(token)),
        given,
      );
    });
  });

  test("every image, document, video and sound, byte for byte", () => {
    forAny((messages, traits) => {
      const kept = new Set(bytesIn(normalize(messages, traits)));
      assert.ok(bytesIn(messages).every((bytes) => kept.has(bytes)));
    });
  });

  test("the media of the messages themselves, in order", () => {
    forAny((messages, traits) => {
      // System messages have a place of their own.
      const spoken = messages.filter(({ role }) => role !== "system");
      const normalized = normalize(spoken, traits);
      for (const kind of ["image", "document", "video", "audio", "guardContent"]) {
        const given = bytesIn(valuesOf(spoken, kind));
        // Media of results that became text stand among them.
        const kept = bytesIn(valuesOf(normalized, kind)).filter((bytes) => given.includes(bytes));
        assert.deepEqual(kept, given);
      }
    });
  });

  test("reasoning, as the very same objects, in order", () => {
    forAny((messages, traits) => {
      const kept = valuesOf<ReasoningContentBlock>(normalize(messages, traits), "reasoningContent");
      const given = valuesOf<ReasoningContentBlock>(messages, "reasoningContent");
      assert.equal(kept.length, given.length);
      for (const [index, block] of given.entries()) assert.equal(kept[index], block);
    });
  });

  test("every call, in order, under names that lead back to the given ones", () => {
    forAny((messages, traits) => {
      const names = new WireNames(traits);
      const kept = valuesOf<ToolUseBlock>(normalizeFor(messages, { traits, names }), "toolUse");
      const given = valuesOf<ToolUseBlock>(messages, "toolUse");
      assert.deepEqual(
        kept.map(({ name }) => names.givenToolName(name)),
        given.map(({ name }) => name),
      );
      for (const [index, { toolUseId }] of given.entries()) {
        const id = names.givenToolUseId(kept[index]?.toolUseId ?? "");
        // The second call of one id in a message has a number of its own.
        const numbered = /^(.*)-\d+$/su.exec(id)?.[1];
        assert.ok(id === toolUseId || (numbered && toolUseId.startsWith(numbered)), id);
      }
    });
  });

  test("two names two names, and two ids two ids", () => {
    forAny((messages, traits) => {
      const names = new WireNames(traits);
      normalizeFor(messages, { traits, names });
      const calls = valuesOf<ToolUseBlock>(messages, "toolUse");
      const given = new Set(calls.map(({ name }) => name));
      assert.equal(new Set([...given].map((name) => names.toolName(name))).size, given.size);
      const ids = new Set(calls.map(({ toolUseId }) => toolUseId));
      assert.equal(new Set([...ids].map((id) => names.toolUseId(id))).size, ids.size);
    });
  });

  test("every result, as a result or as text", () => {
    forAny((messages, traits) => {
      const normalized = normalize(messages, traits);
      const kept = valuesOf<ToolResultBlock>(normalized, "toolResult").filter(
        ({ content: [first] }) => first?.text?.includes("No result: this call was") !== true,
      );
      const told = valuesOf<string>(normalized, "text").filter((text) =>
        /^(?:Result|Failed result) of an earlier tool call \(/.test(text),
      );
      assert.equal(kept.length + told.length, valuesOf(messages, "toolResult").length);
    });
  });
});

describe("a history that grows", () => {
  test("keeps the names of its documents and tools", () => {
    forAny((messages, traits) => {
      const whole = normalize(messages, traits);
      const documents = documentNamesIn(whole);
      const tools = toolNamesIn(whole);
      for (let length = 0; length < messages.length; length++) {
        const part = normalize(messages.slice(0, length), traits);
        for (const [bytes, name] of documentNamesIn(part)) {
          assert.equal(documents.get(bytes), name);
        }
        const names = toolNamesIn(part);
        assert.deepEqual(names, tools.slice(0, names.length));
      }
    });
  });
});

function toolNamesIn(messages: readonly Message[]): string[] {
  return valuesOf<ToolUseBlock>(messages, "toolUse").map(({ name }) => name);
}

/** The names of documents by their bytes, for those that came as bytes. */
function documentNamesIn(messages: readonly Message[]): Map<Uint8Array, string> {
  const names = new Map<Uint8Array, string>();
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) return;
    const { name, source } = value as { name?: string; source?: { bytes?: Uint8Array } };
    const bytes = source?.bytes;
    if (name !== undefined && bytes?.[0] === 7) names.set(bytes, name);
    Object.values(value).forEach(walk);
  };
  walk(messages);
  return names;
}
