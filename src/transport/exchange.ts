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

/** A connection that was closed meanwhile says so as soon as it is used. */
const STALE_MS = 1000;

/** A request under way. */
export class Exchange {
  /** The head of the response, its body unread. Rejects with a `BedrockError`. */
  readonly response: Promise<IncomingMessage>;
  readonly #request: ClientRequest;
  readonly #target: { readonly endpoint: Endpoint; readonly agent: Agent };
  /** Let go once it is on its way: an answer may take longer than anybody wants to keep a request. */
  #body: string | Buffer | undefined;
  #received: IncomingMessage | undefined;
  #failure: BedrockError | undefined;
  #giveUp: (error: BedrockError) => void = () => {};
  #isStale = false;
  /** The socket it went onto, what had been read from that before, and when. */
  #socket: Socket | undefined;
  #bytesBefore = 0;
  #beganAt = 0;

  /**
   * Sends a request. `onConnected` is called once a socket is ready to take it. Throws what
   * `node:http` throws at once, such as for an agent of the wrong protocol.
   */
  constructor({ endpoint, agent, path, headers, body }: WireRequest, onConnected: () => void) {
    this.#target = { endpoint, agent };
    this.#body = body;
    const request = (endpoint.secure ? httpsRequest : httpRequest)({
      // Proxy agents look here to tell one pool from the other; without it they keep no connection.
      protocol: endpoint.secure ? "https:" : "http:",
      host: endpoint.hostname,
      port: endpoint.port,
      method: "POST",
      path,
      headers,
      agent,
    });
    this.#request = request;
    this.response = new Promise<IncomingMessage>((resolve, reject) => {
      this.#giveUp = reject;
      // Each of these comes once, and `once` would make a wrapper for each.
      request.on("response", (message: IncomingMessage) => {
        this.#receive(message);
        resolve(message);
      });
      request.on("error", (error: Error) => reject(this.#explain(error)));
      // The last resort, for whatever closes a request without a word, such as an upgrade.
      request.on("close", () => {
        if (this.#received === undefined) {
          reject(this.#failure ?? connectionError(undefined, this.#target));
        }
      });
      request.on("socket", (socket) => this.#begin(socket, onConnected));
    });
  }

  /**
   * Whether it failed on a kept-alive connection at once and without a byte of an answer: the server
   * has closed it just as it was used again, and has most likely not seen the request.
   */
  get isStale(): boolean {
    return this.#isStale;
  }

  /** Whether it waits because every connection that it is allowed to have is taken. */
  get isQueued(): boolean {
    // Node keeps the requests themselves in these lists, whatever its types say.
    const queues = Object.values(this.#target.agent.requests ?? {}) as (
      | readonly unknown[]
      | undefined
    )[];
    return queues.some((queue) => queue?.includes(this.#request));
  }

  /** A header of the answer, once its head has come. */
  header(name: string): string | undefined {
    const value = this.#received?.headers[name];
    return typeof value === "string" ? value : undefined;
  }

  /**
   * Gives up: closes the socket and makes `response`, or whoever reads its body, fail with `error`.
   * Only the first call counts.
   */
  fail(error: BedrockError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#body = undefined;
    if (this.#received !== undefined) return void this.#received.destroy(error);
    // A request that still waits for a socket tells nobody that it was destroyed.
    this.#giveUp(error);
    this.#request.emit(ABANDONED);
    this.#request.destroy(error);
  }

  #begin(socket: Socket & { secureConnecting?: boolean }, onConnected: () => void): void {
    this.#socket = socket;
    this.#bytesBefore = socket.bytesRead;
    this.#beganAt = performance.now();
    // Only now, so that a request which waits for a socket in vain does not keep its body.
    this.#request.end(this.#body);
    this.#body = undefined;
    // Through a tunnel TLS begins on a socket that is connected already.
    if (socket.connecting || socket.secureConnecting) {
      socket.once(this.#target.endpoint.secure ? "secureConnect" : "connect", onConnected);
    } else {
      onConnected();
    }
  }

  #receive(message: IncomingMessage): void {
    this.#received = message;
    // Whoever reads it comes a moment later, and looks at what has happened until then.
    message.on("error", () => {});
    // An answer to half a request: the other half would wait for a reader for ever.
    message.on("end", () => {
      if (!this.#request.writableFinished) this.#request.destroy();
    });
  }

  /** What an error of the request means; the error itself goes on to who reads the answer. */
  #explain(error: Error): BedrockError {
    withoutPacket(error);
    const received = this.#received;
    this.#isStale =
      this.#failure === undefined && received === undefined && this.#isHangUpOnReuse(error);
    // A body that ends with its connection would otherwise end well when that is reset.
    if (received?.complete === false) received.destroy(error);
    return this.#failure ?? connectionError(error, this.#target);
  }

  /**
   * Tells a connection that the server has closed just as it was used again from a server that has
   * read the request, and may have worked on it, before it went.
   */
  #isHangUpOnReuse(error: Error): boolean {
    const code = "code" in error ? error.code : undefined;
    const isHangUp = code === "ECONNRESET" || code === "EPIPE";
    const isSilent = this.#socket?.bytesRead === this.#bytesBefore;
    const isSoon = performance.now() - this.#beganAt < STALE_MS;
    return this.#request.reusedSocket && isHangUp && isSilent && isSoon;
  }
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
