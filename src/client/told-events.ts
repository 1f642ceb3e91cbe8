// An answer that came whole, told in the events in which it would have come as a stream.

import type { ConverseStreamEvent } from "../core/converse-events.ts";
import type { ConverseResponse } from "../core/converse-response.ts";
import { StreamError } from "../core/errors.ts";
import { toEvents, WHOLE } from "../core/response-events.ts";

/** All of the events, before any of them is told. Throws `StreamError` for an answer without shape. */
export function toldEvents({ $metadata, ...response }: ConverseResponse): ConverseStreamEvent[] {
  try {
    return [...toEvents(response, WHOLE)];
  } catch (cause) {
    throw new StreamError("The answer holds a block that does not have its own shape.", {
      reason: "protocol",
      hint: "Check that the endpoint is that of bedrock-runtime.",
      attempts: $metadata?.attempts ?? 1,
      requestId: $metadata?.requestId,
      status: $metadata?.httpStatusCode,
      cause,
    });
  }
}
