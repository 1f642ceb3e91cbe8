// One request answered: rate, credentials, signature, socket, and again where that is safe. It knows
// HTTP and AWS, and nothing of models: what the body means is its caller's business.

import type { Agent, IncomingMessage } from "node:http";
import type { Endpoint } from "../aws/endpoint.ts";
import { BoundedMap } from "../core/bounded-map.ts";
import { BedrockError, StreamError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { RetryKind } from "../core/service-errors.ts";
import { AdaptiveRate } from "./adaptive-rate.ts";
import { type Authorization, Authorizer } from "./authorizer.ts";
import type { Cancellation } from "./cancellation.ts";
import { Deadline } from "./deadline.ts";
import { createRedactor, readErrorResponse, requestIdOf } from "./error-response.ts";
import { type Exchange, startExchange } from "./exchange.ts";
import { RetryQuota, retryDelayMs, retryKindOfError } from "./retry-policy.ts";

/** How failures are met. */
export interface RetryOptions {
  /** All attempts, the first included. */
  readonly maxAttempts: number;
  readonly mode: "standard" | "adaptive" | "off";
}

/** One call, over all its attempts. */
export interface Call<Value> {
  readonly path: string;
  readonly accept: string;
  readonly body: string | Buffer;
  /** Calls of one key share an adaptive rate. */
  readonly rateKey: string;
  readonly retry: RetryOptions;
  /** What has been spent on the call; several sends may share one, and its attempts with it. */
  readonly ledger: CallLedger;
  readonly connectMs: number;
  /** What is waited for once connected, and for how long. */
  readonly wait: { readonly phase: "first_event" | "response"; readonly limitMs: number };
  readonly cancellation: Cancellation;
  /**
   * Takes a 2xx response. While its promise is pending a failure may lead to another attempt;
   * afterwards the response and the deadline belong to the receiver. `redact` takes what is secret
   * out of a text from the network.
   */
  receive(
    response: IncomingMessage,
    deadline: Deadline,
    redact: (text: string) => string,
  ): Promise<Value>;
}

/** What a call has cost so far. */
export interface CallLedger {
  /** Requests begun. */
  attempts: number;
  /** Milliseconds waited between them. */
  retryDelayMs: number;
}

/** A ledger with nothing in it. */
export function createLedger(): CallLedger {
  return { attempts: 0, retryDelayMs: 0 };
}

export interface TransportOptions {
  readonly endpoint: Endpoint;
  readonly region: string;
  readonly agent: Agent;
  readonly authorization: Authorization;
  readonly userAgent: string;
  readonly logger: Logger | undefined;
}

/** One for each model; a model not asked for long starts anew. */
const MAX_RATES = 1000;

/** Sends the calls of one client, which share sockets, retry quota and rates. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #authorizer: Authorizer;
  readonly #quota = new RetryQuota();
  readonly #rates = new BoundedMap<string, AdaptiveRate>(MAX_RATES);

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#authorizer = new Authorizer(options);
  }

  get endpoint(): Endpoint {
    return this.#options.endpoint;
  }

  /**
   * Resolves with what `receive` made of the answer. Rejects with a `BedrockError`. At least one
   * attempt is made, whatever the ledger holds.
   */
  async send<Value>(call: Call<Value>): Promise<Value> {
    const { ledger } = call;
    const rate = call.retry.mode === "adaptive" ? this.#rateOf(call.rateKey) : undefined;
    let lastRetry: RetryKind | undefined;
    for (;;) {
      try {
        const delayMs = rate?.reserve(performance.now()) ?? 0;
        if (delayMs > 0) await call.cancellation.sleep(delayMs);
        const value = await this.#attempt(call);
        rate?.record(false, performance.now());
        this.#quota.refund(lastRetry);
        return value;
      } catch (error) {
        if (!(error instanceof BedrockError)) throw error;
        error.attempts = ledger.attempts;
        const kind = retryKindOfError(error);
        // Only answers teach anything about the service's patience.
        if (error.status !== undefined) rate?.record(kind === "throttling", performance.now());
        const delayMs = this.#delayBeforeRetry(call, error, kind);
        if (kind === undefined || delayMs === undefined) throw error;
        this.#warn(
          `Bedrock: attempt ${ledger.attempts} failed with ${error.code}; trying again in ${delayMs} ms.`,
        );
        lastRetry = kind;
        ledger.retryDelayMs += delayMs;
        await this.#wait(call, delayMs);
      }
    }
  }

  async #wait<Value>(call: Call<Value>, delayMs: number): Promise<void> {
    try {
      await call.cancellation.sleep(delayMs);
    } catch (error) {
      if (error instanceof BedrockError) error.attempts = call.ledger.attempts;
      throw error;
    }
  }

  #delayBeforeRetry<Value>(
    call: Call<Value>,
    error: BedrockError,
    kind: RetryKind | undefined,
  ): number | undefined {
    const { attempts } = call.ledger;
    if (kind === undefined || call.cancellation.error !== undefined) return undefined;
    if (call.retry.mode === "off" || attempts >= call.retry.maxAttempts) return undefined;
    const delayMs = retryDelayMs(kind, attempts - 1, error.retryAfterMs, Math.random());
    return delayMs !== undefined && this.#quota.spend(kind) ? delayMs : undefined;
  }

  /** A logger that fails must not take the call with it. */
  #warn(message: string): void {
    try {
      this.#options.logger?.warn(message);
    } catch {
      // There is nobody else to tell.
    }
  }

  /** One attempt. Stale connections cost none: each is gone from the pool once it has failed. */
  async #attempt<Value>(call: Call<Value>): Promise<Value> {
    const { cancellation } = call;
    const authorized = this.#authorizer.authorize(call);
    const { headers, secrets } =
      authorized instanceof Promise ? await cancellation.guard(authorized) : authorized;
    if (cancellation.error !== undefined) throw cancellation.error;
    call.ledger.attempts += 1;
    for (;;) {
      const { exchange, value } = this.#exchange(call, headers, secrets);
      try {
        return await value;
      } catch (error) {
        if (!exchange.isStale() || cancellation.error !== undefined) throw error;
      }
    }
  }

  #exchange<Value>(
    call: Call<Value>,
    headers: Record<string, string>,
    secrets: readonly string[],
  ): { exchange: Exchange; value: Promise<Value> } {
    const { endpoint, agent } = this.#options;
    const { cancellation } = call;
    const wire = { endpoint, agent, path: call.path, headers, body: call.body };
    const deadline = new Deadline((error) => exchange.fail(error));
    const exchange = startExchange(wire, () => deadline.arm(call.wait.phase, call.wait.limitMs));
    deadline.arm("connect", call.connectMs);
    cancellation.attach((error) => exchange.fail(error));
    return { exchange, value: receiveAnswer(call, exchange, deadline, createRedactor(secrets)) };
  }

  #rateOf(key: string): AdaptiveRate {
    let rate = this.#rates.get(key);
    if (rate === undefined) {
      rate = new AdaptiveRate(performance.now());
      this.#rates.set(key, rate);
    }
    return rate;
  }
}

async function receiveAnswer<Value>(
  call: Call<Value>,
  exchange: Exchange,
  deadline: Deadline,
  redact: (text: string) => string,
): Promise<Value> {
  let response: IncomingMessage | undefined;
  try {
    response = await exchange.response;
    const status = response.statusCode ?? 0;
    if (status < 200 || status >= 300) throw await readErrorResponse(response, redact);
    requireIdentity(response);
    return await call.receive(response, deadline, redact);
  } catch (error) {
    deadline.clear();
    const failure = call.cancellation.error ?? error;
    if (response !== undefined && failure instanceof BedrockError) {
      failure.status ??= response.statusCode;
      failure.requestId ??= requestIdOf(response);
    }
    throw failure;
  }
}

/** We never ask for compression, so whoever compressed is no endpoint of Bedrock's. */
function requireIdentity(response: IncomingMessage): void {
  const encoding = response.headers["content-encoding"];
  if (encoding === undefined || encoding === "identity") return;
  response.destroy();
  throw new StreamError(`The answer came compressed (${encoding.slice(0, 40)}), unasked.`, {
    reason: "protocol",
    hint: "A proxy on the way compresses; tell it to leave this host alone.",
  });
}
