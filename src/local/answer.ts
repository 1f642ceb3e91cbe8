// What is answered: JSON, errors and event streams, as they stand on the wire. `deliver.ts` sends it.

import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ConverseStreamEvent } from "../core/converse-events.ts";
import { toFrames } from "./event-frames.ts";
import type { ServiceFault } from "./service-fault.ts";
import { encodeJson } from "./wire-bytes.ts";

/** How long a client may take to read a refusal before its connection is cut. */
const LINGER_MS = 1_000;
const MAX_DROPPED_BYTES = 1024 * 1024;

const MS_PER_SECOND = 1_000;

/** An answer before it is sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Whole, or the frames of a stream. */
  readonly body: Buffer | Iterable<Buffer>;
}

/** An answer with a JSON body. */
export function jsonAnswer(body: unknown): Answer {
  return answer(200, { "content-type": "application/json" }, Buffer.from(encodeJson(body)));
}

/** An answer that is an event stream. */
export function streamAnswer(events: Iterable<ConverseStreamEvent>): Answer {
  return answer(200, { "content-type": "application/vnd.amazon.eventstream" }, toFrames(events));
}

/** An answer with an error as Bedrock writes it. */
export function faultAnswer(fault: ServiceFault): Answer {
  const headers = {
    "content-type": "application/json",
    "x-amzn-errortype": `${fault.name}:http://internal.amazon.com/coral/com.amazon.bedrock/`,
    ...waitHeaders(fault.retryAfterMs),
  };
  return answer(fault.status, headers, Buffer.from(encodeJson({ message: fault.message })));
}

/** `retry-after` has no room for less than a second. */
function waitHeaders(retryAfterMs: number | undefined): Record<string, string> {
  if (retryAfterMs === undefined) return {};
  return retryAfterMs % MS_PER_SECOND === 0
    ? { "retry-after": String(retryAfterMs / MS_PER_SECOND) }
    : { "x-amz-retry-after": String(Math.ceil(retryAfterMs)) };
}

function answer(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Answer["body"],
): Answer {
  return { status, headers: { ...headers, "x-amzn-requestid": randomUUID() }, body };
}

/** Answers with a line of text for people. */
export function answerText(response: ServerResponse, text: string): void {
  const bytes = Buffer.from(text);
  response.writeHead(200, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": bytes.length,
  });
  response.end(bytes);
}

/**
 * Answers with an error to a request over HTTP/1.1 whose body nobody wants, and closes the connection
 * as soon as that has been dropped or proves to be long.
 */
export function answerFaultAndClose(
  request: IncomingMessage,
  response: ServerResponse,
  fault: ServiceFault,
): void {
  const { status, headers, body } = faultAnswer(fault);
  const bytes = body as Buffer;
  response.writeHead(status, { ...headers, "content-length": bytes.length, connection: "close" });
  response.write(bytes);
  // Ended at once, the connection would be reset under the arriving body, and the answer lost.
  setTimeout(() => response.destroy(), LINGER_MS).unref();
  let received = 0;
  request.on("data", (chunk: Buffer) => {
    received += chunk.length;
    if (received > MAX_DROPPED_BYTES) response.destroy();
  });
  request.once("end", () => response.end());
}
