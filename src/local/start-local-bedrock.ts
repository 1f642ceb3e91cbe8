// The embedded endpoint's beginning and end.

import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { assertKnownOptions, readNumber, readString } from "../core/options.ts";
import type { LocalFaults } from "./faults/fault.ts";
import { FaultPlan } from "./faults/fault-plan.ts";
import { createRequestListener } from "./handle-request.ts";
import { isLoopbackHost } from "./loopback.ts";
import { PromptCache } from "./prompt-cache.ts";
import { createProtocolSwitch } from "./protocol-switch.ts";
import type { LocalModel } from "./reply.ts";
import { type LocalRequest, RequestLog } from "./request-log.ts";
import { simulate } from "./simulator.ts";

/** What `startLocalBedrock` takes. */
export interface LocalBedrockOptions {
  /**
   * Port to listen on; 0 lets the system choose.
   * @default 0
   */
  port?: number | undefined;
  /**
   * Loopback name or address to listen on; the endpoint is never reachable from elsewhere.
   * @default "127.0.0.1"
   */
  host?: string | undefined;
  /**
   * Who answers.
   * @default the simulator: deterministic, offline, plainly not a language model
   */
  model?: LocalModel | undefined;
  /**
   * Milliseconds between the events of a stream.
   * @default 0
   */
  pauseMs?: number | undefined;
  /**
   * What goes wrong on purpose: a list of faults, or a function that chooses for each request. When
   * given, be it an empty list, a request may choose for itself with the header `x-dcaf-fault`.
   * @default nothing, whatever a request says
   */
  faults?: LocalFaults | undefined;
  /**
   * Told of each request as its answer begins, when its status is known, or when a fault keeps that
   * back.
   */
  onRequest?: ((request: LocalRequest) => void) | undefined;
}

/** A running endpoint. */
export interface LocalBedrock {
  /** For `endpoint` or `AWS_ENDPOINT_URL_BEDROCK_RUNTIME`: `http://127.0.0.1:41234`. */
  readonly url: string;
  /**
   * What arrived, newest last: the last 1,000, or as many of them as have bodies of 64 MiB together.
   * A request that was refused unread, for want of authorization or for its origin, has no body.
   */
  readonly requests: readonly LocalRequest[];
  /** What a model function threw last that was no service error; the client saw a bare 500. */
  readonly lastError: unknown;
  /** Stops listening and cuts every connection. May be called again. */
  close(): Promise<void>;
}

const OPTION_NAMES = ["port", "host", "model", "pauseMs", "faults", "onRequest"] as const;
const WHERE = "startLocalBedrock";
const MAX_PORT = 65_535;

/**
 * Starts a Bedrock-compatible endpoint on this machine. One port speaks HTTP/1.1 and HTTP/2 without
 * TLS; any credentials are accepted and none is kept. Rejects with `TypeError` for wrong options,
 * with `Error` when it cannot listen.
 */
export async function startLocalBedrock(options: LocalBedrockOptions = {}): Promise<LocalBedrock> {
  const { port, host, model, pauseMs, faultPlan, onRequest } = resolveOptions(options);
  const log = new RequestLog(onRequest);
  const closing = new AbortController();
  let lastError: unknown;
  const listener = createRequestListener({
    model,
    pauseMs,
    log,
    promptCache: new PromptCache(),
    faultPlan,
    signal: closing.signal,
    onUnexpected: (thrown) => {
      lastError = thrown;
    },
  });
  const { server, close } = createProtocolSwitch(listener);

  try {
    server.listen({ port, host });
    await once(server, "listening");
  } catch (cause) {
    throw listenError(cause, host, port);
  }
  let closed: Promise<void> | undefined;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`,
    requests: log.requests,
    get lastError() {
      return lastError;
    },
    close() {
      closing.abort(new Error("The endpoint was closed."));
      closed ??= close();
      return closed;
    },
  };
}

interface ResolvedOptions {
  readonly port: number;
  readonly host: string;
  readonly model: LocalModel;
  readonly pauseMs: number;
  readonly faultPlan: FaultPlan | undefined;
  readonly onRequest: ((request: LocalRequest) => void) | undefined;
}

function resolveOptions(options: LocalBedrockOptions): ResolvedOptions {
  assertKnownOptions(options, OPTION_NAMES, WHERE);
  const { model, faults, onRequest } = options as LocalBedrockOptions;
  if (onRequest !== undefined && typeof onRequest !== "function") {
    throw new TypeError(`${WHERE}: onRequest must be a function.`);
  }
  if (model !== undefined && typeof model !== "function") {
    throw new TypeError(`${WHERE}: model must be a function (request) => reply.`);
  }
  const host = readString(options["host"], `${WHERE}: host`) ?? "127.0.0.1";
  if (!isLoopbackHost(host)) {
    throw new TypeError(
      `${WHERE}: host must be a loopback name or address (localhost, 127.0.0.1 or ::1), for the endpoint accepts any credentials; got “${host}”.`,
    );
  }
  const port = readNumber(options["port"], `${WHERE}: port`, {
    min: 0,
    max: MAX_PORT,
    integer: true,
  });
  return {
    host: host.replace(/^\[(.*)\]$/, "$1"),
    port: port ?? 0,
    model: model ?? simulate,
    pauseMs: readNumber(options["pauseMs"], `${WHERE}: pauseMs`, { min: 0 }) ?? 0,
    faultPlan: faults === undefined ? undefined : new FaultPlan(faults),
    onRequest,
  };
}

function listenError(cause: unknown, host: string, port: number): Error {
  const code = (cause as NodeJS.ErrnoException).code;
  const reason =
    code === "EADDRINUSE" ? "the port is already in use" : `the system refused it (${code})`;
  return new Error(`${WHERE}: cannot listen on ${host}:${port}, ${reason}.`, { cause });
}
