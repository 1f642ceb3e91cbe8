// A server that does what a test says, byte by byte if need be: the other end of the wire, sharing
// nothing with the client but the frame encoder that is itself tested against the official one.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { TestContext } from "node:test";
import { encodeFrame } from "../../src/aws/event-stream.ts";

/** One request as it arrived. */
export interface ArrivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** Answers one request; `index` counts them from 0. */
export type Script = (
  request: ArrivedRequest,
  response: ServerResponse,
  index: number,
) => void | Promise<void>;

export interface ScriptedServer {
  readonly url: string;
  readonly requests: ArrivedRequest[];
  /** Connections accepted so far. */
  readonly connections: Socket[];
}

/** Starts a server that ends with the test. */
export async function scriptedServer(
  context: TestContext,
  script: Script,
): Promise<ScriptedServer> {
  const requests: ArrivedRequest[] = [];
  const connections: Socket[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const request = {
      method: incoming.method ?? "",
      path: incoming.url ?? "",
      headers: incoming.headers,
      rawHeaders: incoming.rawHeaders,
      body: Buffer.concat(chunks).toString("utf8"),
    };
    requests.push(request);
    await script(request, response, requests.length - 1);
  });
  server.on("connection", (socket) => connections.push(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, connections };
}

/** A Converse answer in JSON. */
export function answerJson(response: ServerResponse, text: string, more: object = {}): void {
  response.setHeader("content-type", "application/json");
  response.setHeader("x-amzn-requestid", "request-1");
  response.end(
    JSON.stringify({
      output: { message: { role: "assistant", content: [{ text }] } },
      stopReason: "end_turn",
      usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
      metrics: { latencyMs: 7 },
      ...more,
    }),
  );
}

/** An error as Bedrock reports it. */
export function answerError(
  response: ServerResponse,
  status: number,
  name: string,
  message: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    "content-type": "application/json",
    "x-amzn-errortype": `${name}:http://internal.amazon.com/coral/com.amazon.bedrock/`,
    "x-amzn-requestid": "request-9",
    ...headers,
  });
  response.end(JSON.stringify({ message }));
}

/** Opens a streamed answer. */
export function beginStream(response: ServerResponse): void {
  response.setHeader("content-type", "application/vnd.amazon.eventstream");
  response.setHeader("x-amzn-requestid", "request-1");
  response.flushHeaders();
}

/** One event of a stream as a frame, padded as Bedrock pads. */
export function eventFrame(name: string, payload: object): Buffer {
  return frame({ ":message-type": "event", ":event-type": name }, { ...payload, p: "abcdef" });
}

/** An exception of a stream as a frame. */
export function exceptionFrame(name: string, message: string): Buffer {
  return frame({ ":message-type": "exception", ":exception-type": name }, { message });
}

/** A frame with these headers. */
export function frame(headers: Record<string, string>, payload: unknown): Buffer {
  const typed = Object.entries({ ...headers, ":content-type": "application/json" }).map(
    ([name, value]) => [name, { type: "string", value }] as const,
  );
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  return encodeFrame(new Map(typed), Buffer.from(text));
}

/** The frames of a short answer, one per word. */
export function textFrames(words: readonly string[]): Buffer[] {
  return [
    eventFrame("messageStart", { role: "assistant" }),
    ...words.map((text) =>
      eventFrame("contentBlockDelta", { contentBlockIndex: 0, delta: { text } }),
    ),
    eventFrame("contentBlockStop", { contentBlockIndex: 0 }),
    eventFrame("messageStop", { stopReason: "end_turn" }),
    eventFrame("metadata", {
      usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
      metrics: { latencyMs: 7 },
    }),
  ];
}
