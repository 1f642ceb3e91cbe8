// The order of events: everything that may come, and nothing that cannot.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { EventOrder } from "../../src/converse/event-order.ts";
import type { ConverseStreamEvent } from "../../src/core/converse-events.ts";
import { StreamError } from "../../src/core/errors.ts";

type Loose = Record<string, unknown>;

const start = { messageStart: { role: "assistant" } };
const stop = (stopReason = "end_turn") => ({ messageStop: { stopReason } });
const blockStop = (contentBlockIndex: number) => ({ contentBlockStop: { contentBlockIndex } });
const blockStart = (contentBlockIndex: number, opening: object) => ({
  contentBlockStart: { contentBlockIndex, start: opening },
});
const blockDelta = (contentBlockIndex: number, delta: object) => ({
  contentBlockDelta: { contentBlockIndex, delta },
});
const metadata = { metadata: { usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 } } };
const toolUse = { toolUse: { toolUseId: "t1", name: "look" } };
const toolInput = { toolUse: { input: "{" } };

function check(events: readonly Loose[]): void {
  const order = new EventOrder();
  for (const event of events) order.check(event as unknown as ConverseStreamEvent);
}

function assertImpossible(events: readonly Loose[], message?: RegExp): void {
  assert.throws(
    () => check(events),
    (error) =>
      error instanceof StreamError &&
      error.reason === "protocol" &&
      !error.retryable &&
      (message === undefined || message.test(error.message)),
  );
}

/** The events of one block, in their order, for any index. */
const block: fc.Arbitrary<(index: number) => Loose[]> = fc
  .record({
    kind: fc.constantFrom(
      "text",
      "reasoning",
      "redacted",
      "toolUse",
      "toolResult",
      "image",
      "empty",
    ),
    opensEmpty: fc.boolean(),
    parts: fc.nat({ max: 4 }),
  })
  .map(({ kind, opensEmpty, parts }) => (index) => {
    const openings: Record<string, object> = {
      toolUse,
      toolResult: { toolResult: { toolUseId: "t1" } },
      image: { image: { format: "png" } },
    };
    const deltas: Record<string, object> = {
      text: { text: "a" },
      reasoning: { reasoningContent: { text: "a" } },
      redacted: { reasoningContent: { redactedContent: new Uint8Array([1]) } },
      toolUse: toolInput,
      toolResult: { toolResult: [{ text: "a" }] },
      image: { image: { source: { bytes: new Uint8Array([1]) } } },
      empty: {},
    };
    const opening = openings[kind] ?? (opensEmpty ? {} : undefined);
    return [
      ...(opening === undefined ? [] : [blockStart(index, opening)]),
      ...Array.from({ length: parts }, () => blockDelta(index, deltas[kind] ?? {})),
      blockStop(index),
    ];
  });

/** Whole answers: blocks interleaved, indexes with gaps, metadata and unknown events anywhere. */
const answer: fc.Arbitrary<Loose[]> = fc
  .record({
    blocks: fc.array(block, { maxLength: 5 }),
    gaps: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 5, maxLength: 5 }),
    picks: fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
    stopReason: fc.constantFrom("end_turn", "tool_use", "max_tokens", "brand_new"),
    extras: fc.array(fc.tuple(fc.nat(), fc.constantFrom(metadata, { brandNew: { a: 1 } })), {
      maxLength: 3,
    }),
  })
  .map(({ blocks, gaps, picks, stopReason, extras }) => {
    let index = -1;
    const queues = blocks.map((make, position) => {
      index += gaps[position] ?? 1;
      return make(index);
    });
    const events: Loose[] = [start];
    for (const pick of picks) {
      const waiting = queues.filter((queue) => queue.length > 0);
      const next = waiting[pick % Math.max(1, waiting.length)]?.shift();
      if (next !== undefined) events.push(next);
    }
    events.push(...queues.flat(), stop(stopReason), metadata);
    for (const [place, extra] of extras) events.splice(place % (events.length + 1), 0, extra);
    return events;
  });

describe("the order of an answer's events", () => {
  test("is free where the wire is: blocks interleave, indexes have gaps, what is new passes", () => {
    fc.assert(fc.property(answer, check), { numRuns: 2000 });
  });

  test("tells an event that comes twice, if it is one that makes a beginning or an end", () => {
    fc.assert(
      fc.property(answer, fc.nat(), fc.nat(), (events, which, later) => {
        const single = events.filter(
          (event) =>
            "messageStart" in event ||
            "messageStop" in event ||
            "contentBlockStart" in event ||
            "contentBlockStop" in event,
        );
        const repeated = single[which % single.length] ?? start;
        const place = events.indexOf(repeated) + 1;
        const doubled = [...events];
        doubled.splice(place + (later % (events.length + 1 - place)), 0, repeated);
        assertImpossible(doubled);
      }),
      { numRuns: 2000 },
    );
  });

  test("tells content outside of the message, whatever it is", () => {
    fc.assert(
      fc.property(answer, block, fc.nat(), fc.boolean(), (events, make, pick, before) => {
        const parts = make(99);
        const part = parts[pick % parts.length] ?? blockStop(99);
        const end = events.findIndex((event) => "messageStop" in event);
        const moved = [...events];
        moved.splice(before ? events.indexOf(start) : end + 1, 0, part);
        assertImpossible(moved, before ? /before the message starts/ : /after the message has/);
      }),
    );
  });

  test("tells an answer whose head is missing: what was lost was content", () => {
    fc.assert(
      fc.property(answer, fc.nat(), (events, cut) => {
        const rest = events.slice(events.indexOf(start) + 1 + (cut % 3));
        if (rest.some((event) => "messageStop" in event)) assertImpossible(rest);
      }),
    );
  });

  for (const [title, events] of [
    ["a tool's input without its call", [blockDelta(0, toolInput)]],
    ["a tool's result without its start", [blockDelta(0, { toolResult: [{ text: "a" }] })]],
    ["a picture without its start", [blockDelta(0, { image: {} })]],
    ["a tool's input in an empty start", [blockStart(0, {}), blockDelta(0, toolInput)]],
    ["text in a tool call", [blockStart(0, toolUse), blockDelta(0, { text: "a" })]],
    [
      "reasoning in a text",
      [blockDelta(0, { text: "a" }), blockDelta(0, { reasoningContent: { text: "b" } })],
    ],
    ["a start after a part", [blockDelta(0, { text: "a" }), blockStart(0, {})]],
    ["a part after the stop", [blockStop(0), blockDelta(0, { text: "a" })]],
    ["a call that is to run but does not stop", [blockStart(0, toolUse), stop("tool_use")]],
  ] as const) {
    test(`does not allow ${title}`, () => assertImpossible([start, ...events]));
  }

  for (const [title, events] of [
    ["text and citations in one block", [{ text: "a" }, { citation: {} }, { text: "b" }]],
    ["a text that the message stops", [{ text: "a" }]],
    ["a delta newer than our types in a text", [{ text: "a" }, { brandNew: 1 }]],
  ] as const) {
    test(`allows ${title}`, () => {
      check([start, ...events.map((delta) => blockDelta(0, delta)), stop()]);
    });
  }

  test("allows a call that was cut by the limit, which nobody will run", () => {
    check([start, blockStart(0, toolUse), blockDelta(0, toolInput), stop("max_tokens")]);
  });
});
