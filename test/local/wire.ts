// What an endpoint really sends: the bytes of an answer and how they end, below any HTTP client.

import { once } from "node:events";
import {
  connect as connectHttp2,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from "node:http2";
import { connect, createServer, type Socket } from "node:net";
import { EventStreamDecoder, type EventStreamFrame } from "../../src/aws/event-stream.ts";
import { CONVERSE_STREAM, HELLO } from "./local-client.ts";

export type Protocol = "1.1" | "2.0";
export const PROTOCOLS: readonly Protocol[] = ["1.1", "2.0"];

export interface WireCall {
  readonly url: string;
  readonly protocol: Protocol;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** An answer as it stood on the wire. */
export interface WireAnswer {
  /** 0 when there was no head. */
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
  /** Chunks or DATA frames that were not empty. */
  readonly pieces: readonly Buffer[];
  /** Whether the body came to its end as HTTP has it. */
  readonly isProper: boolean;
  /** How the connection ended before the client did anything; HTTP/2 outlives a request. */
  readonly ended: "fin" | "reset" | undefined;
  /** The code of an RST_STREAM, over HTTP/2. */
  readonly streamReset: number | undefined;
  readonly hasGoneAway: boolean;
}

/** Sends a request and takes whatever comes until the answer or the connection is over. */
export async function askOnWire(call: WireCall): Promise<WireAnswer> {
  return call.protocol === "1.1" ? await askHttp1(call) : await askHttp2(call);
}

/** The whole frames at the start of a body, and whether nothing is left behind them. */
export function wholeFrames(body: Buffer): { frames: EventStreamFrame[]; atBoundary: boolean } {
  const frames: EventStreamFrame[] = [];
  const decoder = new EventStreamDecoder((frame) => frames.push(frame));
  decoder.push(body);
  return { frames, atBoundary: decoder.atBoundary };
}

/** The request over HTTP/1.1 as bytes; the endpoint closes behind its answer. */
export function http1Request({ path = CONVERSE_STREAM, headers, body = HELLO }: WireCall): string {
  const text = JSON.stringify(body);
  const lines = Object.entries({
    host: "localhost",
    authorization: "x",
    connection: "close",
    "content-length": String(Buffer.byteLength(text)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n${text}`;
}

async function askHttp1(call: WireCall): Promise<WireAnswer> {
  const socket = connect(Number(new URL(call.url).port), "127.0.0.1");
  const received: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => received.push(chunk));
  const ended = endOf(socket);
  socket.write(http1Request(call));
  const end = await ended;
  return { ...parseHttp1(Buffer.concat(received)), ended: end };
}

function endOf(socket: Socket): Promise<"fin" | "reset"> {
  return new Promise((resolve, reject) => {
    socket.once("end", () => resolve("fin"));
    socket.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNRESET") resolve("reset");
      else reject(error);
    });
  });
}

function parseHttp1(bytes: Buffer): Omit<WireAnswer, "ended"> {
  const facts = { streamReset: undefined, hasGoneAway: false };
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd < 0) {
    return { ...facts, status: 0, headers: {}, body: bytes, pieces: [], isProper: false };
  }
  const [first = "", ...lines] = bytes.toString("latin1", 0, headEnd).split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(":")).toLowerCase(),
      line.slice(line.indexOf(":") + 2),
    ]),
  );
  const status = Number(first.split(" ")[1]);
  const rest = bytes.subarray(headEnd + 4);
  if (headers["transfer-encoding"] === "chunked") {
    const { pieces, isProper } = parseChunks(rest);
    return { ...facts, status, headers, body: Buffer.concat(pieces), pieces, isProper };
  }
  const isProper = rest.length === Number(headers["content-length"]);
  return { ...facts, status, headers, body: rest, pieces: [rest], isProper };
}

function parseChunks(bytes: Buffer): { pieces: Buffer[]; isProper: boolean } {
  const pieces: Buffer[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const lineEnd = bytes.indexOf("\r\n", offset);
    const size = Number.parseInt(bytes.toString("latin1", offset, lineEnd), 16);
    if (size === 0) return { pieces, isProper: true };
    pieces.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    offset = lineEnd + 2 + size + 2;
  }
  return { pieces, isProper: false };
}

const DATA = 0;
const RST_STREAM = 3;
const GOAWAY = 7;
const END_STREAM = 1;

/** Through a relay that keeps the bytes and sees the end that the client library hides. */
async function askHttp2({
  url,
  path = CONVERSE_STREAM,
  headers,
  body = HELLO,
}: WireCall): Promise<WireAnswer> {
  const received: Buffer[] = [];
  let ended: WireAnswer["ended"];
  const relay = createServer((client) => {
    const upstream = connect(Number(new URL(url).port), "127.0.0.1");
    client.on("error", () => {}).on("close", () => upstream.destroy());
    client.pipe(upstream, { end: false });
    upstream.on("data", (chunk: Buffer) => {
      received.push(chunk);
      client.write(chunk);
    });
    endOf(upstream).then((end) => {
      ended = end;
      client.destroySoon();
    });
  }).listen(0, "127.0.0.1");
  await once(relay, "listening");
  const session = connectHttp2(`http://127.0.0.1:${(relay.address() as { port: number }).port}`);
  session.on("error", () => {});
  const stream = session.request({
    ":method": "POST",
    ":path": path,
    authorization: "x",
    ...headers,
  });
  let head: IncomingHttpHeaders & IncomingHttpStatusHeader = {};
  stream.on("response", (arrived) => {
    head = arrived;
  });
  stream.on("error", () => {}).resume();
  stream.end(JSON.stringify(body));
  await new Promise<void>((resolve) => stream.once("close", resolve));
  const endedByItself = ended;
  session.destroy();
  relay.close();
  const answer = parseHttp2(Buffer.concat(received));
  return { ...answer, status: head[":status"] ?? 0, headers: head, ended: endedByItself };
}

function parseHttp2(bytes: Buffer): Omit<WireAnswer, "status" | "headers" | "ended"> {
  const pieces: Buffer[] = [];
  let isProper = false;
  let streamReset: number | undefined;
  let hasGoneAway = false;
  for (let offset = 0; offset + 9 <= bytes.length; ) {
    const length = bytes.readUIntBE(offset, 3);
    const [type, flags] = [bytes.readUInt8(offset + 3), bytes.readUInt8(offset + 4)];
    const payload = bytes.subarray(offset + 9, offset + 9 + length);
    if (type === DATA && length > 0) pieces.push(payload);
    if (type === DATA && (flags & END_STREAM) !== 0) isProper = true;
    if (type === RST_STREAM) streamReset = payload.readUInt32BE(0);
    if (type === GOAWAY) hasGoneAway = true;
    offset += 9 + length;
  }
  return { body: Buffer.concat(pieces), pieces, isProper, streamReset, hasGoneAway };
}
