// The frames of a streamed answer, as Bedrock sends them.

import { encodeFrame } from "../../src/aws/event-stream.ts";

/** One event of a stream. */
export function eventFrame(name: string, payload: object): Buffer {
  return frame({ ":message-type": "event", ":event-type": name }, { ...payload, p: "abcdef" });
}

/** An exception of a stream. */
export function exceptionFrame(name: string, message: string): Buffer {
  return frame({ ":message-type": "exception", ":exception-type": name }, { message });
}

function frame(headers: Record<string, string>, payload: object): Buffer {
  const typed = Object.entries({ ...headers, ":content-type": "application/json" }).map(
    ([name, value]) => [name, { type: "string", value }] as const,
  );
  return encodeFrame(new Map(typed), Buffer.from(JSON.stringify(payload)));
}

/** The first event of every answer. */
export const START: Buffer = eventFrame("messageStart", { role: "assistant" });

/** A piece of text. */
export function textFrame(text: string): Buffer {
  return eventFrame("contentBlockDelta", { contentBlockIndex: 0, delta: { text } });
}

/** What ends every answer. */
export const END: readonly Buffer[] = [
  eventFrame("contentBlockStop", { contentBlockIndex: 0 }),
  eventFrame("messageStop", { stopReason: "end_turn" }),
  eventFrame("metadata", {
    usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
    metrics: { latencyMs: 7 },
  }),
];

/** A whole short answer. */
export const ANSWER: readonly Buffer[] = [
  START,
  ...["It", " is", " Paris."].map(textFrame),
  ...END,
];
