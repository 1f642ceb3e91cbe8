// A streamed answer, from bytes to events. It ends well only after `messageStop` and a clean end of
// the body; every other end is an error.

import type { IncomingMessage } from "node:http";
import { EventStreamDecoder } from "../aws/event-stream.ts";
import type { ConverseStreamEvent } from "../core/converse-events.ts";
import { BedrockError, StreamError } from "../core/errors.ts";
import type { ResponseBuilder } from "../core/response-builder.ts";
import { whenBroken } from "../core/when-broken.ts";
import type { WireNames } from "../messages/wire-names.ts";
import { EventOrder } from "./event-order.ts";
import { readEvent } from "./read-event.ts";
import { restoreEventNames } from "./restore-names.ts";

/** Who is told what happens to a stream: any number of events, then one of the other two. */
export interface StreamSink {
  /** `bytes` is the size of the event on the wire. */
  onEvent(event: ConverseStreamEvent, bytes: number): void;
  onEnd(): void;
  onError(error: BedrockError): void;
}

/** What a stream is read with. */
export interface StreamReading {
  /** Given every event before the sink. */
  readonly builder: ResponseBuilder;
  /** What tool names and ids are turned back with, where some were renamed. */
  readonly names: WireNames | undefined;
  /** Takes what is secret out of a text from the network. */
  readonly redact: (text: string) => string;
}

/** Reads a response, known to be an event stream, to its end. */
export function readStream(
  response: IncomingMessage,
  { builder, names, redact }: StreamReading,
  sink: StreamSink,
): void {
  let over = false;
  const fail = (error: BedrockError): void => {
    if (over) return;
    over = true;
    response.destroy();
    sink.onError(error);
  };
  const order = new EventOrder();
  const decoder = new EventStreamDecoder((frame) => {
    const event = readEvent(frame, redact);
    if (names !== undefined) restoreEventNames(event, names);
    addEvent(event, order, builder);
    sink.onEvent(event, frame.payload.length);
  });
  response.on("data", (chunk: Buffer) => {
    if (over) return;
    try {
      decoder.push(chunk);
    } catch (error) {
      // Nothing else is thrown in there; were it, it must not be lost in an event handler.
      fail(error instanceof BedrockError ? error : malformed(error));
    }
  });
  whenBroken(response, (error) => {
    fail(error instanceof BedrockError ? error : truncated(error));
  });
  response.on("end", () => {
    if (over) return;
    if (!decoder.atBoundary || !builder.stopped) return fail(truncated());
    over = true;
    sink.onEnd();
  });
}

function addEvent(event: ConverseStreamEvent, order: EventOrder, builder: ResponseBuilder): void {
  try {
    order.check(event);
    builder.add(event);
  } catch (error) {
    throw error instanceof BedrockError ? error : malformed(error);
  }
}

/** An event that lacks what makes it one. */
function malformed(cause: unknown): StreamError {
  return new StreamError("The stream holds an event that does not have its own shape.", {
    reason: "protocol",
    hint: "Check that the endpoint is that of bedrock-runtime.",
    cause,
  });
}

function truncated(cause?: unknown): StreamError {
  return new StreamError("The stream ended before the answer was complete.", {
    reason: "truncated",
    retryable: true,
    hint: "The connection was cut on its way: ask again; what arrived is in `partial`.",
    cause,
  });
}
