// The fake Bedrock, a process of its own: HTTP/1.1 and HTTP/2 in the clear, both on TLS, and the same
// TLS behind a long line. It answers what it was told last, whatever is asked, and counts connections.

import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import {
  createServer as createHttp2Server,
  createSecureServer,
  type Http2ServerRequest,
} from "node:http2";
import type { AddressInfo, Server } from "node:net";
import { type Answer, streamedAnswer, wholeAnswer } from "./answers.ts";
import { createLongLine } from "./long-line.ts";

/** What the parent may ask. */
export type ServerQuestion = { readonly answer: Answer } | "connections";

/** Where the server is, by how it is spoken to. */
export interface ServerAddresses {
  readonly http1: string;
  readonly http2: string;
  /** HTTP/1.1 or HTTP/2 over TLS. */
  readonly secure: string;
  /** The same, with a round trip of `ROUND_TRIP_MS`. */
  readonly far: string;
}

type Request = IncomingMessage | Http2ServerRequest;

/** What the responses of both protocols have in common. */
interface Response {
  writeHead(status: number, headers: Record<string, string | number>): unknown;
  write(chunk: Buffer): boolean;
  end(): unknown;
  end(chunk: Buffer): unknown;
  once(event: "close", listener: () => void): unknown;
}

const REQUEST_ID = "00000000-0000-4000-8000-000000000000";
const WHOLE = wholeAnswer();

let frames: readonly Buffer[] = [];
let joined = Buffer.alloc(0);
let everyMs = 0;
let connections = 0;

function answer(request: Request, response: Response): void {
  request.resume();
  request.once("end", () => {
    const isStream = request.url?.endsWith("-stream") === true;
    response.writeHead(200, {
      "content-type": isStream ? "application/vnd.amazon.eventstream" : "application/json",
      "x-amzn-requestid": REQUEST_ID,
      ...(isStream ? {} : { "content-length": WHOLE.length }),
    });
    if (!isStream) return void response.end(WHOLE);
    if (everyMs === 0) return void response.end(joined);
    sendPaced(response);
  });
}

function sendPaced(response: Response): void {
  const sent = frames;
  let next = 0;
  const timer = setInterval(() => {
    const frame = sent[next];
    next += 1;
    if (frame !== undefined) return void response.write(frame);
    clearInterval(timer);
    response.end();
  }, everyMs);
  response.once("close", () => clearInterval(timer));
}

async function listen(server: Server): Promise<number> {
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** Never sleeps: a client is not to pay for waking its server, which no client of a network does. */
function poll(): void {
  setImmediate(poll);
}

async function main(certificateFile: string, keyFile: string, polls: boolean): Promise<void> {
  const tls = { cert: readFileSync(certificateFile), key: readFileSync(keyFile) };
  // Idle connections are the clients' business: none may be closed under them between two batches.
  const http1 = createServer({ keepAliveTimeout: 0 }, answer);
  const http1Port = await listen(http1);
  const http2Port = await listen(createHttp2Server(answer));
  const securePort = await listen(createSecureServer({ ...tls, allowHTTP1: true }, answer));
  const farPort = await createLongLine(securePort);
  const addresses: ServerAddresses = {
    http1: `http://127.0.0.1:${http1Port}`,
    http2: `http://127.0.0.1:${http2Port}`,
    secure: `https://127.0.0.1:${securePort}`,
    far: `https://127.0.0.1:${farPort}`,
  };
  process.on("message", (question: ServerQuestion) => {
    if (question === "connections") return void process.send?.(connections);
    frames = streamedAnswer(question.answer.events);
    joined = Buffer.concat(frames);
    everyMs = question.answer.everyMs;
    process.send?.("ready");
  });
  process.once("disconnect", () => process.exit());
  process.send?.(addresses);
  if (polls) poll();
}

await main(process.argv[2] ?? "", process.argv[3] ?? "", process.argv[4] === "polls");
