// Requests to an endpoint as plain clients make them, over either protocol.

import { once } from "node:events";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { buffer } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { EventStreamDecoder, type EventStreamFrame } from "../../src/aws/event-stream.ts";
import {
  type LocalBedrock,
  type LocalBedrockOptions,
  startLocalBedrock,
} from "../../src/local/index.ts";

/** A whole answer. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A request; what is left out is that of a well-behaved SDK. */
export interface Call {
  readonly url: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export const CONVERSE = "/model/any.model-v1%3A0/converse";
export const CONVERSE_STREAM = "/model/any.model-v1%3A0/converse-stream";

/** The least that Bedrock answers. */
export const HELLO: Record<string, unknown> = {
  messages: [{ role: "user", content: [{ text: "Hello" }] }],
};

const SIGNED = { authorization: "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE" };

/** Calls over HTTP/1.1. */
export async function call({ url, path, method, headers, body }: Call): Promise<Answer> {
  const request = httpRequest(`${url}${path ?? CONVERSE}`, {
    method: method ?? "POST",
    headers: headers ?? SIGNED,
    agent: false,
  });
  request.end(method === "GET" ? undefined : toBytes(body));
  const [response] = await once(request, "response");
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
}

/** Calls over HTTP/2 with prior knowledge, one session for the call. */
export async function callHttp2({ url, path, method, headers, body }: Call): Promise<Answer> {
  const session = connectHttp2(url);
  try {
    const stream = session.request({
      ":method": method ?? "POST",
      ":path": path ?? CONVERSE,
      ...(headers ?? SIGNED),
    });
    if (method !== "GET") stream.end(toBytes(body));
    const [response] = await once(stream, "response");
    return { status: response[":status"], headers: response, body: await buffer(stream) };
  } finally {
    session.destroy();
  }
}

/** The same call over both protocols, which must not differ. */
export async function callBoth(options: Call): Promise<Answer[]> {
  return [await call(options), await callHttp2(options)];
}

/** An endpoint that lives as long as a test. */
export async function startFor(
  context: TestContext,
  options?: LocalBedrockOptions,
): Promise<LocalBedrock> {
  const local = await startLocalBedrock(options);
  context.after(() => local.close());
  return local;
}

function toBytes(body: unknown): string | Buffer {
  if (typeof body === "string" || Buffer.isBuffer(body)) return body;
  return JSON.stringify(body ?? HELLO);
}

/** The JSON of an answer. */
export function jsonOf({ body }: Answer): Record<string, unknown> {
  return JSON.parse(body.toString("utf8"));
}

/** What an error answer says: status, name without its namespace, message. */
export function faultOf(answer: Answer): [status: number, name: string, message: unknown] {
  const type = String(answer.headers["x-amzn-errortype"]);
  return [answer.status, type.split(":")[0] ?? "", jsonOf(answer)["message"]];
}

/** The frames of an event stream. */
export function framesOf({ body }: Answer): EventStreamFrame[] {
  const frames: EventStreamFrame[] = [];
  const decoder = new EventStreamDecoder((frame) => frames.push(frame));
  decoder.push(body);
  return frames;
}

/** The events of an event stream, without the padding of each. */
export function eventsOf(answer: Answer): Record<string, unknown>[] {
  return framesOf(answer).map(({ headers, payload }) => {
    const { p: _, ...event } = JSON.parse(payload.toString("utf8"));
    return { [String(headers.get(":event-type")?.value)]: event };
  });
}
