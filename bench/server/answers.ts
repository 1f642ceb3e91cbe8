// The answers of the fake Bedrock, encoded before anybody asks. The frames are written by Smithy's
// codec, not by ours: what is measured here must not help itself.

import { EventStreamCodec } from "@smithy/core/event-streams";

/** What the server is to answer with. */
export interface Answer {
  /** How many pieces of text a streamed answer has. */
  readonly events: number;
  /** The pause before each frame; 0 sends all at once. */
  readonly everyMs: number;
}

const WORDS = "the sea is a slow animal that breathes twice a day and never asks why".split(" ");
const PADDING = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const USAGE = { inputTokens: 24, outputTokens: 120, totalTokens: 144 };

const toUtf8 = (input: Uint8Array): string => Buffer.from(input).toString("utf8");
const codec = new EventStreamCodec(toUtf8, (input) => Buffer.from(input, "utf8"));

/** The text of an answer in `events` pieces: what every client must have read in the end. */
export function textOf(events: number): string {
  return Array.from({ length: events }, (_, index) => piece(index)).join("");
}

/** An answer of `invoke`, about as long as a short paragraph. */
export function wholeAnswer(): Buffer {
  const content = [{ text: textOf(WHOLE_PIECES) }];
  const output = { message: { role: "assistant", content } };
  const metrics = { latencyMs: 412 };
  return Buffer.from(JSON.stringify({ output, stopReason: "end_turn", usage: USAGE, metrics }));
}

/** How many pieces the text of a whole answer has. */
export const WHOLE_PIECES = 120;

/** The frames of a streamed answer, in order: start, pieces, stop, metadata. */
export function streamedAnswer(events: number): Buffer[] {
  const frames = [frame("messageStart", { role: "assistant" }, 0)];
  for (let index = 0; index < events; index += 1) {
    const delta = { contentBlockIndex: 0, delta: { text: piece(index) } };
    frames.push(frame("contentBlockDelta", delta, index));
  }
  frames.push(frame("contentBlockStop", { contentBlockIndex: 0 }, events));
  frames.push(frame("messageStop", { stopReason: "end_turn" }, events));
  frames.push(frame("metadata", { usage: USAGE, metrics: { latencyMs: 412 } }, events));
  return frames;
}

function piece(index: number): string {
  return `${WORDS[index % WORDS.length]} `;
}

/** As Bedrock sends it, with the padding `p` that hides the length of a token. */
function frame(eventType: string, payload: object, seed: number): Buffer {
  const p = PADDING.slice(0, 5 + ((seed * 7) % 50));
  const headers = {
    ":event-type": { type: "string" as const, value: eventType },
    ":content-type": { type: "string" as const, value: "application/json" },
    ":message-type": { type: "string" as const, value: "event" },
  };
  return Buffer.from(
    codec.encode({ headers, body: Buffer.from(JSON.stringify({ ...payload, p })) }),
  );
}
