// Writing answers: JSON, errors and event streams, the same over HTTP/1.1 and HTTP/2.

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { encodeFrame } from "../aws/event-stream.ts";
import type { ConverseStreamEvent } from "../core/converse-events.ts";
import type { ServiceFault } from "./service-fault.ts";
import { encodeJson } from "./wire-bytes.ts";

const PADDING = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** How long a client may take to read a refusal before its connection is cut. */
const LINGER_MS = 1_000;
const MAX_DROPPED_BYTES = 1024 * 1024;

/** Answers with a JSON body. */
export function answerJson(response: ServerResponse, body: unknown): void {
  end(response, 200, { "content-type": "application/json" }, encodeJson(body));
}

/** Answers with a line of text for people. */
export function answerText(response: ServerResponse, text: string): void {
  end(response, 200, { "content-type": "text/plain; charset=utf-8" }, text);
}

/** Answers with an error as Bedrock writes it. */
export function answerFault(response: ServerResponse, fault: ServiceFault): void {
  const [headers, body] = faultParts(fault);
  end(response, fault.status, headers, body);
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
  const [headers, body] = faultParts(fault);
  response.write(writeHead(response, fault.status, { ...headers, connection: "close" }, body));
  // Ended at once, the connection would be reset under the arriving body, and the answer lost.
  setTimeout(() => response.destroy(), LINGER_MS).unref();
  let bytes = 0;
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_DROPPED_BYTES) response.destroy();
  });
  request.once("end", () => response.end());
}

function faultParts(fault: ServiceFault): [headers: Record<string, string>, body: string] {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "x-amzn-errortype": `${fault.name}:http://internal.amazon.com/coral/com.amazon.bedrock/`,
  };
  if (fault.retryAfterMs !== undefined) {
    headers["retry-after"] = String(Math.ceil(fault.retryAfterMs / 1000));
  }
  return [headers, encodeJson({ message: fault.message })];
}

function end(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: string,
): void {
  response.end(writeHead(response, status, headers, body));
}

/** Writes the head for a body and returns the body's bytes. */
function writeHead(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: string,
): Buffer {
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    ...headers,
    "content-length": bytes.length,
    "x-amzn-requestid": randomUUID(),
  });
  return bytes;
}

/**
 * Answers with an event stream, no faster than the client reads. Rejects when `signal` fires, which
 * it does when the client goes away.
 */
export async function answerStream(
  response: ServerResponse,
  events: Iterable<ConverseStreamEvent>,
  options: { readonly pauseMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const { pauseMs, signal } = options;
  response.writeHead(200, {
    "content-type": "application/vnd.amazon.eventstream",
    "x-amzn-requestid": randomUUID(),
  });
  let isFirst = true;
  for (const event of events) {
    if (!isFirst && pauseMs > 0) await pause(pauseMs, undefined, { signal });
    isFirst = false;
    if (!response.write(toFrame(event))) await once(response, "drain", { signal });
  }
  response.end();
}

function toFrame(event: ConverseStreamEvent): Buffer {
  const [[type, payload] = ["", {}]] = Object.entries(event);
  const headers = new Map([
    [":event-type", { type: "string", value: type } as const],
    [":content-type", { type: "string", value: "application/json" } as const],
    [":message-type", { type: "string", value: "event" } as const],
  ]);
  const json = encodeJson(payload);
  // Bedrock pads every event, so that its length says nothing about the word inside.
  const padding = PADDING.slice(0, 1 + ((json.length * 7) % PADDING.length));
  return encodeFrame(headers, Buffer.from(encodeJson({ ...payload, p: padding })));
}
