import assert from "node:assert/strict";
import { test } from "node:test";
import type { ContentBlock } from "../../src/core/content.ts";
import type { ConverseStreamEvent } from "../../src/core/converse-events.ts";
import type { ConverseResponse } from "../../src/core/converse-response.ts";
import { toStreamEvents } from "../../src/local/response-events.ts";

const USAGE = { inputTokens: 1, outputTokens: 2, totalTokens: 3 };
const METRICS = { latencyMs: 4 };

function respond(content: ContentBlock[], rest: Partial<ConverseResponse> = {}): ConverseResponse {
  const output = { message: { role: "assistant" as const, content } };
  return { output, stopReason: "end_turn", usage: USAGE, metrics: METRICS, ...rest };
}

/** The events of one block, without the frame of the message around them. */
function eventsOfBlock(block: ContentBlock): ConverseStreamEvent[] {
  return [...toStreamEvents(respond([block]))].slice(1, -2);
}

/** The deltas of one block. */
function deltasOf(block: ContentBlock): unknown[] {
  return eventsOfBlock(block).flatMap(({ contentBlockDelta }) => contentBlockDelta?.delta ?? []);
}

test("a text comes word by word, white space before its word, with no start event", () => {
  assert.deepEqual(eventsOfBlock({ text: " Two\n\nwords " }), [
    { contentBlockDelta: { delta: { text: " Two" }, contentBlockIndex: 0 } },
    { contentBlockDelta: { delta: { text: "\n\nwords" }, contentBlockIndex: 0 } },
    { contentBlockDelta: { delta: { text: " " }, contentBlockIndex: 0 } },
    { contentBlockStop: { contentBlockIndex: 0 } },
  ]);
});

test("a tool call starts with its name, and its arguments come as fragments of JSON", () => {
  const input = { city: "Łódź 🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧", days: 3 };
  const [start, ...rest] = eventsOfBlock({
    toolUse: { toolUseId: "a", name: "get_weather", input },
  });
  assert.deepEqual(start, {
    contentBlockStart: {
      start: { toolUse: { toolUseId: "a", name: "get_weather" } },
      contentBlockIndex: 0,
    },
  });
  const fragments = rest.flatMap(({ contentBlockDelta }) => contentBlockDelta?.delta.toolUse ?? []);
  assert.equal(fragments.length, 3);
  assert.deepEqual(JSON.parse(fragments.map((fragment) => fragment.input).join("")), input);
  for (const { input: piece } of fragments) assert.doesNotMatch(piece, /\p{Surrogate}/u);
});

test("reasoning comes word by word, its signature last", () => {
  const reasoningText = { text: "I think.", signature: "signed" };
  assert.deepEqual(deltasOf({ reasoningContent: { reasoningText } }), [
    { reasoningContent: { text: "I" } },
    { reasoningContent: { text: " think." } },
    { reasoningContent: { signature: "signed" } },
  ]);
});

test("redacted reasoning and pictures come in chunks of bytes that join", () => {
  const bytes = Uint8Array.from({ length: 60_000 }, (_, index) => index % 251);
  const redacted = deltasOf({ reasoningContent: { redactedContent: bytes } }) as {
    reasoningContent: { redactedContent: Uint8Array };
  }[];
  assert.equal(redacted.length, 3);
  const joined = Buffer.concat(redacted.map((each) => each.reasoningContent.redactedContent));
  assert.deepEqual(new Uint8Array(joined), bytes);

  const [start, ...rest] = eventsOfBlock({ image: { format: "webp", source: { bytes } } });
  assert.deepEqual(start?.contentBlockStart?.start, { image: { format: "webp" } });
  assert.equal(rest.length, 4);
});

test("a picture that could not be made, or lies elsewhere, is one delta", () => {
  const s3Location = { uri: "s3://bucket/a.png" };
  const error = { message: "filtered" };
  assert.deepEqual(deltasOf({ image: { format: "png", source: { s3Location } } }), [
    { image: { source: { s3Location } } },
  ]);
  assert.deepEqual(
    deltasOf({ image: { format: "png", source: { bytes: new Uint8Array() }, error } }),
    [{ image: { error } }],
  );
});

test("a tool result of the provider starts with its id and carries its parts as a list", () => {
  const events = eventsOfBlock({
    toolResult: {
      toolUseId: "a",
      status: "success",
      type: "web",
      content: [{ text: "found" }, { json: { n: 1 } }],
    },
  });
  assert.deepEqual(events.slice(0, 2), [
    {
      contentBlockStart: {
        start: { toolResult: { toolUseId: "a", status: "success", type: "web" } },
        contentBlockIndex: 0,
      },
    },
    {
      contentBlockDelta: {
        delta: { toolResult: [{ text: "found" }, { json: { n: 1 } }] },
        contentBlockIndex: 0,
      },
    },
  ]);
});

test("a cited text comes as text, then as whole citations", () => {
  const citation = { title: "Report", location: { web: { url: "https://example.com" } } };
  const citations = [{ ...citation, sourceContent: [{ text: "Grass is green." }] }, citation];
  assert.deepEqual(deltasOf({ citationsContent: { content: [{ text: "Grass is" }], citations } }), [
    { text: "Grass" },
    { text: " is" },
    { citation: { ...citation, sourceContent: [{ text: "Grass is green." }] } },
    { citation },
  ]);
});

test("a block that no model writes is refused", () => {
  assert.throws(() => eventsOfBlock({ cachePoint: { type: "default" } }), TypeError);
});

test("blocks are numbered, the stop reason comes after them and the usage last", () => {
  const response = respond([{ text: "One" }, { text: "two" }], {
    stopReason: "guardrail_intervened",
    additionalModelResponseFields: { stop_sequence: null },
    trace: { promptRouter: { invokedModelId: "any.model" } },
    serviceTier: { type: "flex" },
  });
  assert.deepEqual(
    [...toStreamEvents(response)],
    [
      { messageStart: { role: "assistant" } },
      { contentBlockDelta: { delta: { text: "One" }, contentBlockIndex: 0 } },
      { contentBlockStop: { contentBlockIndex: 0 } },
      { contentBlockDelta: { delta: { text: "two" }, contentBlockIndex: 1 } },
      { contentBlockStop: { contentBlockIndex: 1 } },
      {
        messageStop: {
          stopReason: "guardrail_intervened",
          additionalModelResponseFields: { stop_sequence: null },
        },
      },
      {
        metadata: {
          usage: USAGE,
          metrics: METRICS,
          trace: { promptRouter: { invokedModelId: "any.model" } },
          serviceTier: { type: "flex" },
        },
      },
    ],
  );
});
