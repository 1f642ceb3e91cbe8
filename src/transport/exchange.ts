// One request on one socket: from taking a connection to the head of the response. It can be failed
// from outside at any moment, by a deadline or an abort, and then closes its socket at once.

import { type Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import type { Endpoint } from "../aws/endpoint.ts";
import { BedrockError, ConnectionError } from "../core/errors.ts";

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
   * Gives up: closes the socket and makes `response`, or whoever reads its body, fail with `error`.
   * Only the first call counts.
   */
  fail(error: BedrockError): void;
}

/** Sends a request. `onConnected` is called once a socket is ready to take it. */
export function startExchange(wire: WireRequest, onConnected: () => void): Exchange {
  const { endpoint } = wire;
  const request = (endpoint.secure ? httpsRequest : httpRequest)({
    // Proxy agents look here to tell one pool from the other; without it they keep no connection.
    protocol: endpoint.secure ? "https:" : "http:",
    host: endpoint.hostname,
    port: endpoint.port,
    method: "POST",
    path: wire.path,
    headers: wire.headers,
    agent: wire.agent,
  });
  let failure: BedrockError | undefined;
  let received: IncomingMessage | undefined;
  let giveUp: (error: BedrockError) => void = () => {};

  const response = new Promise<IncomingMessage>((resolve, reject) => {
    giveUp = reject;
    request.once("response", (message: IncomingMessage) => {
      received = message;
      resolve(message);
    });
    request.on("error", (error: Error) => {
      reject(failure ?? connectionError(error, endpoint, request.reusedSocket));
    });
    request.once("socket", (socket: Socket & { secureConnecting?: boolean }) => {
      // Through a tunnel TLS begins on a socket that is connected already.
      if (!socket.connecting && !socket.secureConnecting) return onConnected();
      socket.once(endpoint.secure ? "secureConnect" : "connect", onConnected);
    });
  });
  request.end(wire.body);

  return {
    response,
    fail(error) {
      if (failure !== undefined) return;
      failure = error;
      if (received !== undefined) return void received.destroy(error);
      // A request that still waits for a socket tells nobody that it was destroyed.
      giveUp(error);
      request.destroy(error);
    },
  };
}

/** Reads a whole body. Rejects with what the exchange was failed with, else a `ConnectionError`. */
export function readBody(response: IncomingMessage, endpoint: Endpoint): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("end", () =>
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)),
    );
    response.on("error", (error) => reject(brokenBodyError(error, endpoint)));
  });
}

/** The error for a body that broke off: ours if we broke it, else a lost connection. */
export function brokenBodyError(error: Error, endpoint: Endpoint): BedrockError {
  if (isOurs(error)) return error;
  return new ConnectionError(
    `The connection to ${endpoint.hostname}:${endpoint.port} broke before the answer was complete${codeOf(error)}.`,
    {
      retryable: true,
      cause: error,
      hint: "The network or a proxy closed it; send the request again.",
    },
  );
}

/** Failures that no second try will mend: names that do not exist, certificates that do not fit. */
const PERMANENT_CODES =
  /^(ENOTFOUND|ERR_TLS_.*|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*|EPROTO|ERR_SSL_.*|EACCES|ERR_INVALID_.*)$/;

function connectionError(error: Error, endpoint: Endpoint, reused: boolean): BedrockError {
  if (isOurs(error)) return error;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const where = `${endpoint.hostname}:${endpoint.port}`;
  const message = reused
    ? `A kept-alive connection to ${where} was closed as it was used again${codeOf(error)}.`
    : `No answer from ${where}${codeOf(error)}.`;
  return new ConnectionError(message, {
    retryable: !PERMANENT_CODES.test(code),
    cause: error,
    hint: HINTS[code] ?? "Check the endpoint, the network and HTTPS_PROXY.",
  });
}

const HINTS: Readonly<Record<string, string | undefined>> = {
  ECONNREFUSED: "Nothing listens there: check the endpoint, or start it with `dcaf local`.",
  ENOTFOUND: "The host name does not exist: check the region and the endpoint.",
  EAI_AGAIN: "The name server did not answer: check the network.",
};

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? ` (${error.code})` : "";
}

function isOurs(error: Error): error is BedrockError {
  return error instanceof BedrockError;
}
