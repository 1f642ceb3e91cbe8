// Folding events: each kind of block, in any interleaving.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { ResponseBuilder } from "../../src/core/response-builder.ts";
import type {
  ContentBlock,
  ContentBlockDelta,
  ContentBlockStart,
  ConverseStreamEvent,
} from "../../src/index.ts";

const bytes = (...values: number[]) => new Uint8Array(values);
const CITATION = { title: "Source", location: { web: { url: "https://example.com" } } };

/** A block, and the start and deltas it arrives in. */
const BLOCKS: readonly [
  title: string,
  ContentBlock,
  ContentBlockStart | undefined,
  ContentBlockDelta[],
][] = [
  ["text", { text: "Hello" }, undefined, [{ text: "Hel" }, { text: "lo" }]],
  [
    "a tool call",
    { toolUse: { toolUseId: "1", name: "a", input: { x: [1] } } },
    { toolUse: { toolUseId: "1", name: "a" } },
    [{ toolUse: { input: '{"x"' } }, { toolUse: { input: ":[1]}" } }],
  ],
  [
    "a tool call without arguments",
    { toolUse: { toolUseId: "1", name: "a", input: {} } },
    { toolUse: { toolUseId: "1", name: "a" } },
    [],
  ],
  [
    "a tool call cut short, which stays the text it is",
    { toolUse: { toolUseId: "1", name: "a", input: '{"x":' } },
    { toolUse: { toolUseId: "1", name: "a" } },
    [{ toolUse: { input: '{"x":' } }],
  ],
  [
    "reasoning with its signature",
    { reasoningContent: { reasoningText: { text: "Hmm.", signature: "sig" } } },
    undefined,
    [
      { reasoningContent: { text: "Hm" } },
      { reasoningContent: { text: "m." } },
      { reasoningContent: { signature: "sig" } },
    ],
  ],
  [
    "reasoning of which only the signature is shown",
    { reasoningContent: { reasoningText: { text: "", signature: "sig" } } },
    undefined,
    [{ reasoningContent: { signature: "sig" } }],
  ],
  [
    "redacted reasoning, joined as bytes",
    { reasoningContent: { redactedContent: bytes(1, 2, 3) } },
    undefined,
    [
      { reasoningContent: { redactedContent: bytes(1, 2) } },
      { reasoningContent: { redactedContent: bytes(3) } },
    ],
  ],
  [
    "cited text",
    { citationsContent: { content: [{ text: "So." }], citations: [CITATION, CITATION] } },
    undefined,
    [{ text: "So." }, { citation: CITATION }, { citation: CITATION }],
  ],
  [
    "a result of a tool the provider ran",
    { toolResult: { toolUseId: "1", content: [{ text: "ab" }, { json: { x: 1 } }] } },
    { toolResult: { toolUseId: "1" } },
    [{ toolResult: [{ text: "a" }] }, { toolResult: [{ text: "b" }, { json: { x: 1 } }] }],
  ],
  [
    "an image, joined as bytes",
    { image: { format: "webp", source: { bytes: bytes(1, 2, 3) } } },
    { image: { format: "webp" } },
    [{ image: { source: { bytes: bytes(1) } } }, { image: { source: { bytes: bytes(2, 3) } } }],
  ],
];

function eventsOf(
  index: number,
  start: ContentBlockStart | undefined,
  deltas: readonly ContentBlockDelta[],
) {
  const events: ConverseStreamEvent[] = deltas.map((delta) => ({
    contentBlockDelta: { contentBlockIndex: index, delta },
  }));
  if (start !== undefined)
    events.unshift({ contentBlockStart: { contentBlockIndex: index, start } });
  return [...events, { contentBlockStop: { contentBlockIndex: index } } as ConverseStreamEvent];
}

function fold(events: readonly ConverseStreamEvent[]): ContentBlock[] {
  const builder = new ResponseBuilder();
  for (const event of events) builder.add(event);
  return builder.build().output.message.content;
}

describe("a block", () => {
  for (const [title, block, start, deltas] of BLOCKS) {
    test(`of ${title} is folded`, () => {
      assert.deepEqual(fold(eventsOf(0, start, deltas)), [block]);
    });
  }

  test("of a call that never closed keeps its input as the text it is, be it JSON so far", () => {
    const start = { toolUse: { toolUseId: "1", name: "pay" } };
    for (const input of ["", "{}", '{"usd":1}', '{"usd":1']) {
      const open = eventsOf(0, start, [{ toolUse: { input } }]).slice(0, -1);
      assert.deepEqual(fold(open), [{ toolUse: { ...start.toolUse, input } }]);
    }
  });

  test("that says nothing is left out", () => {
    assert.deepEqual(fold(eventsOf(0, undefined, [{ text: "" }])), []);
  });
});

test("blocks keep their places by index, however their events interleave", () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray(
        BLOCKS.map((_, index) => index),
        { minLength: 2 },
      ),
      fc.infiniteStream(fc.nat()),
      (chosen, draws) => {
        const indexes = chosen.map((_, position) => position * 3);
        const queues = chosen.map((which, position) => {
          const [, , start, deltas] = BLOCKS[which] ?? assert.fail();
          return eventsOf(indexes[position] ?? 0, start, deltas);
        });
        const events: ConverseStreamEvent[] = [];
        while (queues.some((queue) => queue.length > 0)) {
          const ready = queues.filter((queue) => queue.length > 0);
          const event = ready[draws.next().value % ready.length]?.shift();
          if (event !== undefined) events.push(event);
        }
        assert.deepEqual(
          fold(events),
          chosen.map((which) => BLOCKS[which]?.[1]),
        );
      },
    ),
  );
});

test("the end of the message carries stop reason, fields, usage and trace", () => {
  const builder = new ResponseBuilder();
  builder.add({ messageStart: { role: "assistant" } });
  assert.equal(builder.stopped, false);
  builder.add({
    metadata: {
      usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 },
      metrics: { latencyMs: 4 },
      trace: { promptRouter: { invokedModelId: "m" } },
      serviceTier: { type: "flex" },
    },
  });
  builder.add({
    messageStop: {
      stopReason: "stop_sequence",
      additionalModelResponseFields: { "/stop_sequence": "END" },
    },
  });
  assert.equal(builder.stopped, true);
  assert.deepEqual(builder.build(), {
    output: { message: { role: "assistant", content: [] } },
    stopReason: "stop_sequence",
    usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 },
    metrics: { latencyMs: 4 },
    trace: { promptRouter: { invokedModelId: "m" } },
    serviceTier: { type: "flex" },
    additionalModelResponseFields: { "/stop_sequence": "END" },
  });
});
