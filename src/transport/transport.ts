// One request answered: rate, credentials, signature, socket, and again where that is safe. It knows
// HTTP and AWS, and nothing of models: what the body means is its caller's business.

import type { Agent, IncomingMessage } from "node:http";
import type { Endpoint } from "../aws/endpoint.ts";
import type { ServiceClock } from "../aws/service-clock.ts";
import { BedrockError, type TimeoutError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { type AnswerHead, readHead, requireAnswer } from "./answer-head.ts";
import {
  type Authorization,
  type AuthorizedHeaders,
  Authorizer,
  type AuthorizerRemedy,
  isAboutKeys,
} from "./authorizer.ts";
import type { Cancellation } from "./cancellation.ts";
import { type AttemptAdvice, Deadline } from "./deadline.ts";
import { createRedactor, readErrorResponse } from "./error-response.ts";
import { closeIdleConnections, Exchange, type WireRequest } from "./exchange.ts";
import { type RetriedCall, Retrier } from "./retrier.ts";
import { QueueTimeoutError } from "./retry-policy.ts";

/** One call, over all its attempts. */
export interface Call<Value> extends RetriedCall {
  readonly path: string;
  readonly accept: "application/json" | "application/vnd.amazon.eventstream";
  readonly body: string | Buffer;
  readonly connectMs: number;
  /** What is waited for once connected, and for how long. */
  readonly wait: AttemptWait;
  readonly cancellation: Cancellation;
  /** Takes the caller's own words out of a text from the network. */
  hidePrompt(text: string): string;
  /**
   * Takes a 2xx response of the type accepted. While its promise is pending a failure may lead to
   * another attempt; afterwards the response and the deadline belong to the receiver.
   */
  receive(response: IncomingMessage, answer: Answer): Promise<Value>;
}

/** What comes with a response. */
export interface Answer {
  readonly head: AnswerHead;
  /** Fails the exchange when it runs out. */
  readonly deadline: Deadline;
  /** Takes what is secret out of a text from the network. */
  readonly redact: (text: string) => string;
}

/** The wait for the answer to one attempt. */
export interface AttemptWait {
  readonly phase: "first_event" | "response";
  /** 0 for no limit. */
  readonly limitMs: number;
  /** Whether a request that was not answered in time is sent again, for the caller has said so. */
  readonly isResent: boolean;
}

export interface TransportOptions {
  readonly endpoint: Endpoint;
  readonly region: string;
  readonly agent: Agent;
  readonly authorization: Authorization;
  readonly userAgent: string;
  readonly logger: Logger | undefined;
  /** Shared with whoever judges when keys expire. */
  readonly clock: ServiceClock;
}

const CONNECTED_AGAIN: AttemptAdvice = { isRetryable: true };
const RESENT: AttemptAdvice = {
  isRetryable: true,
  hint: "No attempt was answered in time: raise `retry.attemptTimeoutMs` or `retry.maxAttempts`.",
};

/** What may mend a request before it is sent once more. */
type Remedy = AuthorizerRemedy | "connection";

/** Sends the calls of one client, which share sockets, retry quota and rates. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #authorizer: Authorizer;
  readonly #retrier: Retrier;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#authorizer = new Authorizer(options);
    this.#retrier = new Retrier(options.logger);
  }

  get endpoint(): Endpoint {
    return this.#options.endpoint;
  }

  /**
   * Resolves with what `receive` made of the answer. Rejects with a `BedrockError`. At least one
   * attempt is made, whatever the ledger holds.
   */
  send<Value>(call: Call<Value>): Promise<Value> {
    const remedied: Remedy[] = [];
    return this.#retrier.run(call, () => this.#attempt(call, remedied));
  }

  /**
   * One attempt. What no model has seen is sent once more when there is a remedy: once for each in a
   * call, whatever the number of attempts.
   */
  async #attempt<Value>(call: Call<Value>, remedied: Remedy[]): Promise<Value> {
    const { cancellation, ledger } = call;
    for (;;) {
      const authorizing = this.#authorizer.authorize(call);
      const authorized =
        authorizing instanceof Promise ? await cancellation.guard(authorizing) : authorizing;
      if (cancellation.error !== undefined) throw cancellation.error;
      ledger.attempts += 1;
      const { exchange, value } = this.#exchange(call, authorized);
      try {
        return await value;
      } catch (error) {
        // What has waited in vain was never begun.
        if (error instanceof QueueTimeoutError) ledger.attempts -= 1;
        const remedy = this.#remedyFor(error, exchange, authorized);
        if (remedy === undefined || remedied.includes(remedy) || cancellation.error !== undefined) {
          throw error;
        }
        remedied.push(remedy);
        if (remedy === "credentials") await cancellation.guard(this.#authorizer.renew(authorized));
        if (remedy === "connection") {
          closeIdleConnections(this.#options.agent, this.#options.endpoint);
          // The service has not seen this one.
          ledger.attempts -= 1;
        }
      }
    }
  }

  #remedyFor(
    error: unknown,
    exchange: Exchange,
    authorized: AuthorizedHeaders,
  ): Remedy | undefined {
    if (exchange.isStale) return "connection";
    if (!(error instanceof BedrockError)) return undefined;
    return this.#authorizer.remedyFor(error, authorized, exchange.header("date"));
  }

  #exchange<Value>(
    call: Call<Value>,
    { headers, secrets }: AuthorizedHeaders,
  ): { exchange: Exchange; value: Promise<Value> } {
    const { endpoint, agent } = this.#options;
    const wire = { endpoint, agent, path: call.path, headers, body: call.body };
    const { exchange, deadline } = startTimedExchange(wire, call);
    call.cancellation.attach(exchange);
    const value = this.#receiveAnswer(call, exchange, deadline, createRedactor(secrets));
    return { exchange, value };
  }

  async #receiveAnswer<Value>(
    call: Call<Value>,
    exchange: Exchange,
    deadline: Deadline,
    redact: (text: string) => string,
  ): Promise<Value> {
    let head: AnswerHead | undefined;
    try {
      const response = await exchange.response;
      head = readHead(response, redact);
      if (head.status < 200 || head.status >= 300) {
        throw await readErrorResponse(response, {
          head,
          redact: (text) => call.hidePrompt(redact(text)),
          remarkOn: (code) =>
            isAboutKeys(code) ? `The keys came from ${this.#authorizer.source}.` : undefined,
        });
      }
      requireAnswer(response, call.accept, redact);
      return await call.receive(response, { head, deadline, redact });
    } catch (error) {
      deadline.clear();
      const failure = call.cancellation.error ?? error;
      if (head !== undefined && failure instanceof BedrockError) {
        failure.status ??= head.status;
        failure.requestId ??= head.requestId;
      }
      throw failure;
    }
  }
}

/**
 * Starts an exchange with a deadline that fails it. The closures in here live as long as the answer:
 * they hold what they need of the call, and not its body.
 */
function startTimedExchange(
  wire: WireRequest,
  { connectMs, wait: { phase, limitMs, isResent } }: Pick<Call<unknown>, "connectMs" | "wait">,
): { exchange: Exchange; deadline: Deadline } {
  const { agent } = wire;
  const deadline = new Deadline((error) => {
    exchange.fail(exchange.isQueued ? queueTimeout(error, agent) : error);
  });
  const exchange = new Exchange(wire, () => {
    deadline.arm(phase, limitMs, isResent ? RESENT : undefined);
  });
  deadline.arm("connect", connectMs, CONNECTED_AGAIN);
  return { exchange, deadline };
}

function queueTimeout({ elapsedMs }: TimeoutError, { maxSockets }: Agent): QueueTimeoutError {
  return new QueueTimeoutError(
    `Waited ${elapsedMs} ms for a connection to come free: all ${maxSockets} are in use.`,
    {
      phase: "connect",
      elapsedMs,
      retryable: true,
      hint: "Raise `maxConnections`, read or abort the streams that are open, or allow a longer `timeouts.connectMs`.",
    },
  );
}
