// A server on a raw socket that answers byte by byte as a script says, and can end in every way a
// connection ends. HTTP/1.1 only, for that is all the client speaks; clear or TLS. It shares nothing
// with the client but the frame encoder.

import { readFileSync } from "node:fs";
import { STATUS_CODES } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";

const FIXTURES = new URL("../test/fixtures/", import.meta.url);

/** The certificate of `localhost` and 127.0.0.1 that servers here show, its own authority. */
export const CERTIFICATE: string = readFileSync(
  new URL("localhost-certificate.pem", FIXTURES),
  "utf8",
);
const SECURE_CONTEXT = createSecureContext({
  cert: CERTIFICATE,
  key: readFileSync(new URL("localhost-key.pem", FIXTURES)),
});

/** How a body tells its length: by Content-Length, in chunks, or by the end of the connection. */
export type Framing = "length" | "chunked" | "close";

/** One request as it arrived. */
export interface ArrivedRequest {
  readonly path: string;
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** Counted from 0 over the whole server. */
  readonly index: number;
  /** Counted from 0 on its own connection. */
  readonly indexOnConnection: number;
}

/** Answers one request. The next one on the connection is read once its promise has settled. */
export type Script = (request: ArrivedRequest, reply: Reply) => void | Promise<void>;

/** A running server. */
export interface FaultServer {
  readonly url: string;
  /** How many requests have arrived whole. */
  readonly requestCount: () => number;
  /** How many connections were accepted. */
  readonly connectionCount: () => number;
  /** Bytes that have arrived, heads of requests included; without TLS. */
  readonly receivedBytes: () => number;
  /** Resets every connection and stops. */
  close(): void;
}

/** One answer under way, and the connection below it. */
export class Reply {
  readonly #raw: Socket;
  readonly #stream: Socket;
  #framing: Framing = "length";

  constructor(raw: Socket, stream: Socket) {
    this.#raw = raw;
    this.#stream = stream;
  }

  /** Whether the connection is gone. */
  get isOver(): boolean {
    return this.#raw.destroyed || !this.#stream.writable;
  }

  /** Bytes that have left this process. */
  get sentBytes(): number {
    return this.#raw.bytesWritten - this.#raw.writableLength;
  }

  /** Calls back once, when the client has closed or reset the connection. */
  onClosed(listener: () => void): void {
    let told = false;
    const tell = (): void => {
      if (told) return;
      told = true;
      listener();
    };
    for (const event of ["end", "error", "close"]) this.#raw.once(event, tell);
  }

  /** Sends the head. `bytes` is what Content-Length claims, where that is the framing. */
  head(
    status: number,
    headers: Readonly<Record<string, string>>,
    framing: Framing,
    bytes = 0,
  ): Promise<void> {
    this.#framing = framing;
    const all: Record<string, string> = { ...headers };
    if (framing === "length") all["content-length"] = String(bytes);
    if (framing === "chunked") all["transfer-encoding"] = "chunked";
    if (framing === "close") all["connection"] = "close";
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    return this.#write(
      Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n`),
    );
  }

  /** Sends a part of the body; settles once this process is rid of it, or the connection is gone. */
  send(part: Buffer): Promise<void> {
    if (part.length === 0) return Promise.resolve();
    if (this.#framing !== "chunked") return this.#write(part);
    const size = Buffer.from(`${part.length.toString(16)}\r\n`);
    return this.#write(Buffer.concat([size, part, Buffer.from("\r\n")]));
  }

  /** Ends the body cleanly, as its framing has it. */
  async finish(): Promise<void> {
    if (this.#framing === "chunked") await this.#write(Buffer.from("0\r\n\r\n"));
    if (this.#framing === "close") this.#stream.end();
  }

  /** Closes the connection with a FIN; over TLS without the alert that would announce it. */
  cut(): void {
    this.#raw.end();
  }

  /** Closes the connection with an RST. */
  reset(): void {
    this.#raw.resetAndDestroy();
  }

  #write(bytes: Buffer): Promise<void> {
    return new Promise((resolve) => {
      if (this.isOver) return resolve();
      this.#stream.write(bytes, () => resolve());
    });
  }
}

/** Starts a server on a free port of the loopback interface. */
export async function startFaultServer(
  script: Script,
  { isSecure = false }: { readonly isSecure?: boolean } = {},
): Promise<FaultServer> {
  const sockets = new Set<Socket>();
  const counts = { requests: 0, connections: 0, receivedBytes: 0 };
  const server: Server = createServer({ noDelay: true }, (raw) => {
    counts.connections += 1;
    sockets.add(raw);
    raw.once("close", () => sockets.delete(raw));
    raw.on("error", () => {});
    const stream = isSecure
      ? new TLSSocket(raw, { isServer: true, secureContext: SECURE_CONTEXT })
      : raw;
    stream.on("error", () => {});
    serveConnection(raw, stream, script, counts);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${isSecure ? "https" : "http"}://127.0.0.1:${port}`,
    requestCount: () => counts.requests,
    connectionCount: () => counts.connections,
    receivedBytes: () => counts.receivedBytes,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Reads request after request and has each answered before the next is looked at. */
function serveConnection(
  raw: Socket,
  stream: Socket,
  script: Script,
  counts: { requests: number; receivedBytes: number },
): void {
  let received: Buffer = Buffer.alloc(0);
  let isAnswering = false;
  let indexOnConnection = 0;
  const answerNext = async (): Promise<void> => {
    if (isAnswering) return;
    const parsed = parseRequest(received);
    if (parsed === undefined) return;
    isAnswering = true;
    received = received.subarray(parsed.bytes);
    const { bytes: _, ...request } = parsed;
    const arrived = { ...request, index: counts.requests, indexOnConnection };
    counts.requests += 1;
    indexOnConnection += 1;
    await script(arrived, new Reply(raw, stream));
    isAnswering = false;
    await answerNext();
  };
  stream.on("data", (chunk: Buffer) => {
    counts.receivedBytes += chunk.length;
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    void answerNext();
  });
}

/** The request that these bytes begin with, once it is there whole. */
function parseRequest(received: Buffer) {
  const headBytes = received.indexOf("\r\n\r\n") + 4;
  if (headBytes < 4) return undefined;
  const [line = "", ...fields] = received.toString("latin1", 0, headBytes - 4).split("\r\n");
  const headers = new Map(
    fields.map((field) => {
      const colon = field.indexOf(":");
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    }),
  );
  const bytes = headBytes + Number(headers.get("content-length") ?? 0);
  if (received.length < bytes) return undefined;
  return {
    path: line.split(" ")[1] ?? "",
    headers,
    body: received.subarray(headBytes, bytes),
    bytes,
  };
}
