// A streamed answer, from bytes to events. It ends well only after `messageStop` and a clean end of
// the body; every other end is an error.

import type { IncomingMessage } from "node:http";
import { EventStreamDecoder } from "../aws/event-stream.ts";
import type { ConverseStreamEvent } from "../core/converse-events.ts";
import { BedrockError, StreamError } from "../core/errors.ts";
import { readEvent } from "./read-event.ts";
import type { ResponseBuilder } from "./response-builder.ts";

const CONTENT_TYPE = "application/vnd.amazon.eventstream";

/** Who is told what happens to a stream: any number of events, then one of the other two. */
export interface StreamSink {
  /** `bytes` is the size of the event on the wire. */
  onEvent(event: ConverseStreamEvent, bytes: number): void;
  onEnd(): void;
  onError(error: BedrockError): void;
}

/** Reads a response to its end. `builder` is given every event before the sink. */
export function readStream(
  response: IncomingMessage,
  builder: ResponseBuilder,
  sink: StreamSink,
): void {
  let over = false;
  const fail = (error: unknown): void => {
    if (over) return;
    over = true;
    response.destroy();
    sink.onError(toStreamError(error));
  };
  const decoder = new EventStreamDecoder((frame) => {
    const event = readEvent(frame);
    builder.add(event);
    sink.onEvent(event, frame.payload.length);
  });
  const type = response.headers["content-type"] ?? "no content type";
  if (!type.startsWith(CONTENT_TYPE)) {
    response.on("error", () => {});
    fail(foreignContent(type));
    return;
  }
  response.on("data", (chunk: Buffer) => {
    if (over) return;
    try {
      decoder.push(chunk);
    } catch (error) {
      fail(error);
    }
  });
  response.on("error", fail);
  response.on("end", () => {
    if (over) return;
    if (!decoder.atBoundary || !builder.stopped) return fail(truncated());
    over = true;
    sink.onEnd();
  });
}

/** What broke a stream: our own errors as they are, a lost connection as a truncation. */
function toStreamError(error: unknown): BedrockError {
  return error instanceof BedrockError ? error : truncated(error);
}

function truncated(cause?: unknown): StreamError {
  return new StreamError("The stream ended before the answer was complete.", {
    reason: "truncated",
    retryable: true,
    hint: "The connection was cut on its way: ask again; what arrived is in `partial`.",
    cause,
  });
}

function foreignContent(type: string): StreamError {
  return new StreamError(
    `The endpoint answered with ${type.slice(0, 80)} instead of an event stream.`,
    {
      reason: "protocol",
      hint: "A proxy or sign-in page may have answered instead of Bedrock.",
    },
  );
}
