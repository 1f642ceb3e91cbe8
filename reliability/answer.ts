// The answer that all faults are done to: one message with reasoning, text and a tool call, 1,145 bytes
// in every kind of frame that a plain answer has. The recorded figures of other clients come from an
// answer of the same length and kinds.

import { encodeFrame } from "../src/aws/event-stream.ts";

/** One event as a frame. A string is taken as the payload itself, whatever it is. */
export function eventFrame(name: string, payload: object | string | Buffer): Buffer {
  return frame({ ":message-type": "event", ":event-type": name }, payload);
}

/** An exception as a frame. */
export function exceptionFrame(name: string, message: string): Buffer {
  return frame({ ":message-type": "exception", ":exception-type": name }, { message });
}

/** A frame with these headers, all of them strings. */
export function frame(
  headers: Readonly<Record<string, string>>,
  payload: object | string | Buffer,
): Buffer {
  const typed = Object.entries(headers).map(
    ([name, value]) => [name, { type: "string", value }] as const,
  );
  const isRaw = typeof payload === "string" || Buffer.isBuffer(payload);
  return encodeFrame(new Map(typed), Buffer.from(isRaw ? payload : JSON.stringify(payload)));
}

/** A delta of the block with this index. */
export function deltaFrame(contentBlockIndex: number, delta: object): Buffer {
  return eventFrame("contentBlockDelta", { contentBlockIndex, delta });
}

const START = eventFrame("messageStart", { role: "assistant" });
const stopFrame = (contentBlockIndex: number): Buffer =>
  eventFrame("contentBlockStop", { contentBlockIndex });
const METADATA = eventFrame("metadata", {
  usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
  metrics: { latencyMs: 7 },
});

/** The frames of an answer of text alone, one delta for each piece. */
export function textFrames(pieces: readonly string[]): Buffer[] {
  return [
    START,
    ...pieces.map((text) => deltaFrame(0, { text })),
    stopFrame(0),
    eventFrame("messageStop", { stopReason: "end_turn" }),
    METADATA,
  ];
}

/** The frames of an answer that calls a tool, its input being this text. */
export function toolFrames(input: string, name: string | Buffer = "weather"): Buffer[] {
  const opening = '{"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"t1","name":"';
  const start = Buffer.concat([Buffer.from(opening), Buffer.from(name), Buffer.from('"}}}')]);
  return [
    START,
    eventFrame("contentBlockStart", start),
    deltaFrame(0, { toolUse: { input } }),
    stopFrame(0),
    eventFrame("messageStop", { stopReason: "tool_use" }),
    METADATA,
  ];
}

/** The frames of an answer that makes these calls, without input. */
export function toolCallsFrames(
  calls: readonly { readonly id: string; readonly name: string }[],
): Buffer[] {
  const blocks = calls.flatMap(({ id, name }, contentBlockIndex) => [
    eventFrame("contentBlockStart", {
      contentBlockIndex,
      start: { toolUse: { toolUseId: id, name } },
    }),
    deltaFrame(contentBlockIndex, { toolUse: { input: "{}" } }),
    stopFrame(contentBlockIndex),
  ]);
  return [START, ...blocks, eventFrame("messageStop", { stopReason: "tool_use" }), METADATA];
}

const TEXT = "Sunny";

/** The answer's frames in their order. */
export const ANSWER_FRAMES: readonly Buffer[] = [
  START,
  deltaFrame(0, { reasoningContent: { text: "Ask." } }),
  stopFrame(0),
  deltaFrame(1, { text: TEXT }),
  stopFrame(1),
  eventFrame("contentBlockStart", {
    contentBlockIndex: 2,
    start: { toolUse: { toolUseId: "t1", name: "weather" } },
  }),
  deltaFrame(2, { toolUse: { input: '{"at":"Rome"}' } }),
  stopFrame(2),
  eventFrame("messageStop", { stopReason: "tool_use" }),
  METADATA,
];

/** The answer's bytes. */
export const ANSWER: Buffer = Buffer.concat(ANSWER_FRAMES);

/** The offset of `metadata`: an answer cut there is whole but for what it cost. */
export const METADATA_OFFSET: number = ANSWER.length - METADATA.length;

/** What the answer says. */
export const ANSWER_TEXT: string = TEXT;

/** What the answer is when it is whole. */
export const ANSWER_CONTENT: readonly object[] = [
  { reasoningContent: { reasoningText: { text: "Ask." } } },
  { text: TEXT },
  { toolUse: { toolUseId: "t1", name: "weather", input: { at: "Rome" } } },
];

/** A copy with one bit turned over; bits are counted from the first byte's lowest. */
export function withFlippedBit(bytes: Buffer, bit: number): Buffer {
  const damaged = Buffer.from(bytes);
  damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return damaged;
}
