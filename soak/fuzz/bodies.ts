// Valid answers of every kind of block, as lists of whole frames: what the mutations begin with.

import { eventFrame } from "../server/frames.ts";

/** One event: its name, its members, and the frame it is sent in. */
export interface BodyFrame {
  readonly event: string;
  readonly payload: object;
  readonly bytes: Buffer;
}

const delta = (contentBlockIndex: number, piece: object): BodyFrame =>
  part("contentBlockDelta", { contentBlockIndex, delta: piece });
const start = (contentBlockIndex: number, what: object): BodyFrame =>
  part("contentBlockStart", { contentBlockIndex, start: what });
const stop = (contentBlockIndex: number): BodyFrame =>
  part("contentBlockStop", { contentBlockIndex });
const opening = part("messageStart", { role: "assistant" });

function part(event: string, payload: object): BodyFrame {
  return { event, payload, bytes: eventFrame(event, payload) };
}

function ending(stopReason: string): BodyFrame[] {
  return [
    part("messageStop", { stopReason }),
    part("metadata", {
      usage: { inputTokens: 30, outputTokens: 20, totalTokens: 50 },
      metrics: { latencyMs: 700 },
    }),
  ];
}

const BYTES = Buffer.from("fuzzed bytes of some kind").toString("base64");

/** Each begins with `messageStart` and ends with `metadata`. */
export const BODIES: readonly (readonly BodyFrame[])[] = [
  [
    opening,
    delta(0, { text: "It is" }),
    delta(0, { text: " Paris — 巴黎." }),
    stop(0),
    ...ending("end_turn"),
  ],
  [
    opening,
    delta(0, { text: "Let me look." }),
    stop(0),
    start(1, { toolUse: { toolUseId: "tooluse_1", name: "weather" } }),
    delta(1, { toolUse: { input: '{"city":' } }),
    delta(1, { toolUse: { input: '"Paris"}' } }),
    stop(1),
    start(2, { toolUse: { toolUseId: "tooluse_2", name: "time" } }),
    stop(2),
    ...ending("tool_use"),
  ],
  [
    opening,
    delta(0, { reasoningContent: { text: "I wonder" } }),
    delta(0, { reasoningContent: { signature: "c2lnbmF0dXJl" } }),
    stop(0),
    delta(1, { reasoningContent: { redactedContent: BYTES } }),
    stop(1),
    delta(2, { text: "Yes." }),
    stop(2),
    ...ending("end_turn"),
  ],
  [
    opening,
    delta(0, { text: "As it says" }),
    delta(0, {
      citation: {
        title: "A book",
        location: { documentPage: { documentIndex: 0, start: 1, end: 2 } },
      },
    }),
    stop(0),
    start(1, { toolResult: { toolUseId: "tooluse_9", status: "success" } }),
    delta(1, { toolResult: [{ text: "42" }, { json: { found: true } }] }),
    stop(1),
    start(3, { image: { format: "png" } }),
    delta(3, { image: { source: { bytes: BYTES } } }),
    stop(3),
    part("messageStop", { stopReason: "end_turn", additionalModelResponseFields: { a: [1] } }),
    part("metadata", {
      usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
      metrics: { latencyMs: 1 },
    }),
  ],
  [
    opening,
    ...Array.from({ length: 30 }, (_, index) => delta(0, { text: ` word ${index}` })),
    stop(0),
    ...ending("max_tokens"),
  ],
];

const KNOWN = new Map(BODIES.flat().map((frame) => [frame.bytes.toString("latin1"), frame]));

/** The frame with exactly these bytes, if any body has it. */
export function knownFrame(bytes: Buffer): BodyFrame | undefined {
  return KNOWN.get(bytes.toString("latin1"));
}
