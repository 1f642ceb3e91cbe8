// The laws `normalizeFor` keeps over any history and for every model.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Message } from "../../src/core/content.ts";
import { findIssues, type RequestIssue } from "../../src/messages/check-request.ts";
import { splitLeadingSystem } from "../../src/messages/leading-system.ts";
import { type MessagesInput, readMessages } from "../../src/messages/message-input.ts";
import { normalizeFor } from "../../src/messages/normalize.ts";
import { WireNames } from "../../src/messages/wire-names.ts";
import { type ModelTraits, traitsOf } from "../../src/models/model-traits.ts";
import { historyAndTraits, historyFor, MODEL_IDS } from "./histories.ts";
import { deepFreeze } from "./history-contents.ts";

const normalize = (messages: MessagesInput, traits: ModelTraits): Message[] =>
  normalizeFor(messages, { traits, names: new WireNames(traits) });

/** What no repair can mend without changing the meaning. */
const LEFT_OVER = new Set(["documents-too-many", "images-too-many", "media-size"]);

/** What the whole request decides, not its messages. */
const OF_THE_REQUEST = new Set([
  "prefill-refused",
  "cache-refused",
  "citations-mixed",
  "streaming-tools",
]);

function issuesOf(messages: readonly Message[], modelId: string): RequestIssue[] {
  const { system, messages: rest } = splitLeadingSystem(messages);
  const names = new Set(
    rest.flatMap(({ content }) => content.flatMap(({ toolUse }) => toolUse?.name ?? [])),
  );
  const tools = ["a_tool", ...names].map((name) => ({
    toolSpec: { name, inputSchema: { json: { type: "object" } } },
  }));
  const request = { modelId, messages: rest, system, toolConfig: { tools } };
  return findIssues(request).filter(
    ({ rule, path }) =>
      !LEFT_OVER.has(rule) && !OF_THE_REQUEST.has(rule) && !isByteExact(rest, path),
  );
}

/** Whether a place is in what was signed, or in the result of a call the provider ran itself. */
function isByteExact(messages: readonly Message[], path: string): boolean {
  const [, message, block] = /^messages\.(\d+)\.content\.(\d+)/.exec(path) ?? [];
  const { role, content } = messages[Number(message)] ?? {};
  const at = content?.[Number(block)];
  const isServerResult = role === "assistant" && at?.toolResult !== undefined;
  return at?.reasoningContent !== undefined || isServerResult;
}

/** Whether anybody says anything. The client refuses to send a history in which nobody does. */
function isSpoken(messages: readonly Message[]): boolean {
  return messages.some(({ role }) => role !== "system");
}

describe("the result is accepted by Bedrock", () => {
  const targets: [title: string, modelId: string, traits: ModelTraits, numRuns: number][] = [
    ["a model nothing is known of", "us.test.model-v1:0", {}, 3000],
    ...MODEL_IDS.map((id): [string, string, ModelTraits, number] => [id, id, traitsOf(id), 700]),
  ];
  for (const [title, modelId, traits, numRuns] of targets) {
    test(title, () => {
      fc.assert(
        fc.property(historyFor(traits), (messages) => {
          const normalized = normalize(messages, traits);
          if (isSpoken(normalized)) assert.deepEqual(issuesOf(normalized, modelId), []);
        }),
        { numRuns, includeErrorInReport: true },
      );
    });
  }
});

describe("over any history and any model", () => {
  test("normalising twice changes nothing more", () => {
    fc.assert(
      fc.property(historyAndTraits, ([messages, traits]) => {
        const once = normalize(messages, traits);
        assert.deepEqual(normalize(once, traits), once);
      }),
      { numRuns: 10_000, includeErrorInReport: true },
    );
  });

  test("the input is never written to", () => {
    fc.assert(
      fc.property(historyAndTraits, ([messages, traits]) => {
        normalize(deepFreeze(messages), traits);
      }),
      { numRuns: 10_000, includeErrorInReport: true },
    );
  });

  test("a listener changes nothing, and hears of places the caller knows", () => {
    fc.assert(
      fc.property(historyAndTraits, ([messages, traits]) => {
        const paths: string[] = [];
        const heard = normalizeFor(messages, {
          traits,
          names: new WireNames(traits),
          report: ({ path }) => paths.push(path),
        });
        assert.deepEqual(heard, normalize(messages, traits));
        for (const path of paths) {
          const [, index] = /^messages\.(\d+)\.content(?:\.\d+)?(?:\.|$)/.exec(path) ?? [];
          assert.ok(index !== undefined && Number(index) < messages.length, path);
        }
      }),
      { numRuns: 10_000, includeErrorInReport: true },
    );
  });

  test("what is changed is told", () => {
    fc.assert(
      fc.property(historyAndTraits, ([messages, traits]) => {
        let changes = 0;
        const normalized = normalizeFor(messages, {
          traits,
          names: new WireNames(traits),
          report: () => changes++,
        });
        if (changes === 0) assert.deepEqual(normalized, readMessages(messages));
      }),
      { numRuns: 10_000, includeErrorInReport: true },
    );
  });

  test("nothing is told of where nothing is changed", () => {
    fc.assert(
      fc.property(historyAndTraits, ([messages, traits]) => {
        const once = normalize(messages, traits);
        const changes: unknown[] = [];
        normalizeFor(once, {
          traits,
          names: new WireNames(traits),
          report: (change) => changes.push(change),
        });
        assert.deepEqual(changes, []);
      }),
      { numRuns: 10_000, includeErrorInReport: true },
    );
  });
});
