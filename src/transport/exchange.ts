// One request on one socket: from taking a connection to the head of the response. It can be failed
// from outside at any moment, by a deadline or an abort, and then closes its socket at once.

import {
  type Agent,
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
} from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import type { Endpoint } from "../aws/endpoint.ts";
import type { BedrockError } from "../core/errors.ts";
import { connectionError } from "./connection-error.ts";

/** Emitted by a request that is given up, for an agent that is still connecting on its behalf. */
export const ABANDONED: unique symbol = Symbol("abandoned");

/** What goes onto the socket. */
export interface WireRequest {
  readonly endpoint: Endpoint;
  readonly agent: Agent;
  readonly path: string;
  /** `host` and `content-length` included. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** A request under way. */
export interface Exchange {
  /** The head of the response, its body unread. Rejects with a `BedrockError`. */
  readonly response: Promise<IncomingMessage>;
  /**
   * Whether it failed on a kept-alive connection at once and without a byte of an answer: the server
   * has closed it just as it was used again, and has most likely not seen the request.
   */
  readonly isStale: () => boolean;
  /** Whether it waits because every connection that it is allowed to have is taken. */
  readonly isQueued: () => boolean;
  /** A header of the answer, once its head has come. */
  readonly header: (name: string) => string | undefined;
  /**
   * Gives up: closes the socket and makes `response`, or whoever reads its body, fail with `error`.
   * Only the first call counts.
   */
  fail(error: BedrockError): void;
}

/**
 * Sends a request. `onConnected` is called once a socket is ready to take it. Throws what
 * `node:http` throws at once, such as for an agent of the wrong protocol.
 */
export function startExchange(wire: WireRequest, onConnected: () => void): Exchange {
  const { endpoint, agent } = wire;
  const target = { endpoint, agent };
  const request = (endpoint.secure ? httpsRequest : httpRequest)({
    // Proxy agents look here to tell one pool from the other; without it they keep no connection.
    protocol: endpoint.secure ? "https:" : "http:",
    host: endpoint.hostname,
    port: endpoint.port,
    method: "POST",
    path: wire.path,
    headers: wire.headers,
    agent,
  });
  let body: string | Buffer | undefined = wire.body;
  let failure: BedrockError | undefined;
  let received: IncomingMessage | undefined;
  let stale = false;
  let giveUp: (error: BedrockError) => void = () => {};
  const reuse = watchReuse(request);

  const response = new Promise<IncomingMessage>((resolve, reject) => {
    giveUp = reject;
    request.once("response", (message: IncomingMessage) => {
      received = message;
      // Whoever reads it comes a moment later, and looks at what has happened until then.
      message.on("error", () => {});
      // An answer to half a request: the other half would wait for a reader for ever.
      message.once("end", () => {
        if (!request.writableFinished) request.destroy();
      });
      resolve(message);
    });
    request.on("error", (error: Error) => {
      withoutPacket(error);
      stale = failure === undefined && received === undefined && reuse.isStale(error);
      reject(failure ?? connectionError(error, target));
      // A body that ends with its connection would otherwise end well when that is reset.
      if (received?.complete === false) received.destroy(error);
    });
    // The last resort, for whatever closes a request without a word, such as an upgrade.
    request.once("close", () => {
      if (received === undefined) reject(failure ?? connectionError(undefined, target));
    });
    request.once("socket", (socket: Socket & { secureConnecting?: boolean }) => {
      reuse.begin(socket);
      // Only now, so that a request which waits for a socket in vain does not keep its body.
      request.end(body);
      body = undefined;
      // Through a tunnel TLS begins on a socket that is connected already.
      if (!socket.connecting && !socket.secureConnecting) return onConnected();
      socket.once(endpoint.secure ? "secureConnect" : "connect", onConnected);
    });
  });

  return {
    response,
    isStale: () => stale,
    isQueued: () => isQueued(agent, request),
    header: (name) => {
      const value = received?.headers[name];
      return typeof value === "string" ? value : undefined;
    },
    fail(error) {
      if (failure !== undefined) return;
      failure = error;
      body = undefined;
      if (received !== undefined) return void received.destroy(error);
      // A request that still waits for a socket tells nobody that it was destroyed.
      giveUp(error);
      request.emit(ABANDONED);
      request.destroy(error);
    },
  };
}

/** A connection that was closed meanwhile says so as soon as it is used. */
const STALE_MS = 1000;

/**
 * Tells a connection that the server has closed just as it was used again from a server that has read
 * the request, and may have worked on it, before it went.
 */
function watchReuse(request: ClientRequest): {
  begin(socket: Socket): void;
  isStale(error: Error): boolean;
} {
  let socket: Socket | undefined;
  let bytesBefore = 0;
  let beganAt = 0;
  return {
    begin(used) {
      socket = used;
      bytesBefore = used.bytesRead;
      beganAt = performance.now();
    },
    isStale(error) {
      const code = "code" in error ? error.code : undefined;
      const isHangUp = code === "ECONNRESET" || code === "EPIPE";
      const isSilent = socket?.bytesRead === bytesBefore;
      return request.reusedSocket && isHangUp && isSilent && performance.now() - beganAt < STALE_MS;
    },
  };
}

/** Node's parser keeps what it could not read: whatever was said back, or the model's own words. */
function withoutPacket(error: Error & { rawPacket?: unknown }): void {
  delete error.rawPacket;
}

/**
 * Closes the connections to an endpoint that wait to be used again: when one was stale, the others may
 * be too. Those of an agent's other hosts are left alone.
 */
export function closeIdleConnections({ freeSockets }: Agent, { hostname, port }: Endpoint): void {
  for (const [name, sockets] of Object.entries(freeSockets ?? {})) {
    if (!name.startsWith(`${hostname}:${port}:`)) continue;
    for (const socket of sockets ?? []) socket.destroy();
  }
}

function isQueued({ requests }: Agent, request: ClientRequest): boolean {
  // Node keeps the requests themselves in these lists, whatever its types say.
  const queues = Object.values(requests ?? {}) as (readonly unknown[] | undefined)[];
  return queues.some((queue) => queue?.includes(request));
}
