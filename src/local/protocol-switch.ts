// One port for HTTP/1.1 and for HTTP/2 without TLS. A connection that opens with the HTTP/2 preface
// is handed to the HTTP/2 server, any other to the HTTP/1.1 server.
// https://www.rfc-editor.org/rfc/rfc9113#section-3.3

import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttp2Server, type ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/** How long a connection may take to say its first bytes and to finish its headers. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_TIMEOUT_MS = 60_000;
const SESSION_TIMEOUT_MS = 600_000;
const MAX_CONNECTIONS = 512;
const MAX_STREAMS_PER_SESSION = 128;

/** A listening server of both protocols. */
export interface ProtocolSwitch {
  /** The server to `listen` on. */
  readonly server: Server;
  /** Stops listening and cuts every connection; resolves when all are gone. */
  close(): Promise<void>;
}

/** Serves requests of both protocols with one listener, which gets HTTP/2 through Node's `http` face. */
export function createProtocolSwitch(listener: RequestListener): ProtocolSwitch {
  const server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    maxHeaderSize: 64 * 1024,
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on("request", listener);

  const http2 = createHttp2Server({
    settings: { maxConcurrentStreams: MAX_STREAMS_PER_SESSION },
  });
  const sessions = new Set<ServerHttp2Session>();
  http2.on("session", (session) => {
    sessions.add(session);
    session.setTimeout(SESSION_TIMEOUT_MS, () => session.close());
    session.once("close", () => sessions.delete(session));
  });
  // A client that goes away in the middle is no fault of ours.
  http2.on("sessionError", () => {});
  http2.on("request", listener as never);

  // The HTTP/1.1 server does the listening, so that its own timeouts and connection list work; only
  // its first look at a connection is taken over.
  const acceptHttp1 = server.listeners("connection") as ((socket: Socket) => void)[];
  server.removeAllListeners("connection");
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    whenProtocolKnown(socket, (isHttp2) => {
      if (isHttp2) http2.emit("connection", socket);
      else for (const accept of acceptHttp1) accept.call(server, socket);
    });
  });

  return {
    server,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const session of sessions) session.destroy();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Reads as much as it takes to tell the protocols apart, puts it back and reports. */
function whenProtocolKnown(socket: Socket, report: (isHttp2: boolean) => void): void {
  let seen = Buffer.alloc(0);
  const give = (isHttp2: boolean) => {
    socket.setTimeout(0);
    socket.off("readable", look);
    socket.off("error", ignore);
    socket.off("timeout", drop);
    if (seen.length > 0) socket.unshift(seen);
    report(isHttp2);
  };
  const look = () => {
    for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) {
      seen = Buffer.concat([seen, chunk]);
    }
    const compared = Math.min(seen.length, PREFACE.length);
    if (!seen.subarray(0, compared).equals(PREFACE.subarray(0, compared))) give(false);
    else if (compared === PREFACE.length) give(true);
  };
  const ignore = () => {};
  const drop = () => socket.destroy();
  socket.on("error", ignore);
  socket.on("timeout", drop);
  socket.setTimeout(HEADERS_TIMEOUT_MS);
  socket.on("readable", look);
}
