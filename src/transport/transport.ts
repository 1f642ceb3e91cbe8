// One request answered: rate, credentials, signature, socket, and again where that is safe. It knows
// HTTP and AWS, and nothing of models: what the body means is its caller's business.

import type { Agent, IncomingMessage } from "node:http";
import type { CredentialsCache } from "../aws/credentials.ts";
import type { Endpoint } from "../aws/endpoint.ts";
import { SigV4Signer } from "../aws/sigv4.ts";
import { BedrockError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { RetryKind } from "../core/service-errors.ts";
import { AdaptiveRate } from "./adaptive-rate.ts";
import type { Cancellation } from "./cancellation.ts";
import { Deadline } from "./deadline.ts";
import { readErrorResponse } from "./error-response.ts";
import { startExchange } from "./exchange.ts";
import { RetryQuota, retryDelayMs, retryKindOfError } from "./retry-policy.ts";

const SERVICE = "bedrock";

/** What authorises requests. */
export type Authorization =
  | { readonly kind: "apiKey"; readonly apiKey: string }
  | { readonly kind: "credentials"; readonly credentials: CredentialsCache };

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
  readonly connectMs: number;
  /** What is waited for once connected, and for how long. */
  readonly wait: { readonly phase: "first_event" | "response"; readonly limitMs: number };
  readonly cancellation: Cancellation;
  /**
   * Takes a 2xx response. While its promise is pending a failure may lead to another attempt;
   * afterwards the response and the deadline belong to the receiver.
   */
  receive(response: IncomingMessage, deadline: Deadline): Promise<Value>;
}

/** What became of a call. */
export interface Answer<Value> {
  readonly value: Value;
  readonly attempts: number;
  readonly totalRetryDelayMs: number;
}

export interface TransportOptions {
  readonly endpoint: Endpoint;
  readonly region: string;
  readonly agent: Agent;
  readonly authorization: Authorization;
  readonly userAgent: string;
  readonly logger: Logger | undefined;
}

/** Sends the calls of one client, which share sockets, retry quota and rates. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #signer: SigV4Signer;
  readonly #quota = new RetryQuota();
  readonly #rates = new Map<string, AdaptiveRate>();

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#signer = new SigV4Signer({ service: SERVICE, region: options.region });
  }

  get endpoint(): Endpoint {
    return this.#options.endpoint;
  }

  /** Resolves with what `receive` made of the answer. Rejects with a `BedrockError`. */
  async send<Value>(call: Call<Value>): Promise<Answer<Value>> {
    const rate = call.retry.mode === "adaptive" ? this.#rateOf(call.rateKey) : undefined;
    let lastRetry: RetryKind | undefined;
    let totalRetryDelayMs = 0;
    for (let attempts = 1; ; attempts++) {
      try {
        const delayMs = rate?.reserve(performance.now()) ?? 0;
        if (delayMs > 0) await call.cancellation.sleep(delayMs);
        const value = await this.#attempt(call);
        rate?.record(false, performance.now());
        this.#quota.refund(lastRetry);
        return { value, attempts, totalRetryDelayMs };
      } catch (error) {
        if (!(error instanceof BedrockError)) throw error;
        error.attempts = attempts;
        const kind = retryKindOfError(error);
        rate?.record(kind === "throttling", performance.now());
        const delayMs = this.#delayBeforeRetry(call, error, kind, attempts);
        if (kind === undefined || delayMs === undefined) throw error;
        this.#options.logger?.warn(
          `Bedrock: attempt ${attempts} failed with ${error.code}; trying again in ${delayMs} ms.`,
        );
        lastRetry = kind;
        totalRetryDelayMs += delayMs;
        await call.cancellation.sleep(delayMs);
      }
    }
  }

  #delayBeforeRetry<Value>(
    call: Call<Value>,
    error: BedrockError,
    kind: RetryKind | undefined,
    attempts: number,
  ): number | undefined {
    if (kind === undefined || call.cancellation.error !== undefined) return undefined;
    if (call.retry.mode === "off" || attempts >= call.retry.maxAttempts) return undefined;
    const delayMs = retryDelayMs(kind, attempts - 1, error.retryAfterMs, Math.random());
    return delayMs !== undefined && this.#quota.spend(kind) ? delayMs : undefined;
  }

  async #attempt<Value>(call: Call<Value>): Promise<Value> {
    const { endpoint, agent } = this.#options;
    const { cancellation } = call;
    const authorized = this.#authorize(call);
    const { headers, secrets } =
      authorized instanceof Promise ? await cancellation.guard(authorized) : authorized;
    if (cancellation.error !== undefined) throw cancellation.error;

    const deadline = new Deadline((error) => exchange.fail(error));
    deadline.arm("connect", call.connectMs);
    const exchange = startExchange(
      { endpoint, agent, path: call.path, headers, body: call.body },
      () => deadline.arm(call.wait.phase, call.wait.limitMs),
    );
    cancellation.attach((error) => exchange.fail(error));
    try {
      const response = await exchange.response;
      const status = response.statusCode ?? 0;
      if (status >= 200 && status < 300) return await call.receive(response, deadline);
      throw await readErrorResponse(response, secrets);
    } catch (error) {
      deadline.clear();
      throw cancellation.error ?? error;
    }
  }

  /** Headers for one attempt; not a promise when nothing has to be waited for. */
  #authorize<Value>(call: Call<Value>): AuthorizedHeaders | Promise<AuthorizedHeaders> {
    const { authorization } = this.#options;
    if (authorization.kind === "apiKey") {
      const headers = this.#complete(call, {
        host: this.#options.endpoint.host,
        "content-type": "application/json",
        authorization: `Bearer ${authorization.apiKey}`,
      });
      return { headers, secrets: [authorization.apiKey] };
    }
    const sign = (credentials: Awaited<ReturnType<CredentialsCache["get"]>>): AuthorizedHeaders => {
      const signed = this.#signer.sign(
        {
          method: "POST",
          path: call.path,
          headers: { host: this.#options.endpoint.host, "content-type": "application/json" },
          body: call.body,
        },
        credentials,
        new Date(),
      );
      return {
        headers: this.#complete(call, signed),
        secrets: [credentials.secretAccessKey, credentials.sessionToken ?? ""],
      };
    };
    const credentials = authorization.credentials.get();
    return credentials instanceof Promise ? credentials.then(sign) : sign(credentials);
  }

  /** Adds what is not signed, because a proxy may rewrite it. */
  #complete<Value>(call: Call<Value>, headers: Record<string, string>): Record<string, string> {
    headers["accept"] = call.accept;
    headers["user-agent"] = this.#options.userAgent;
    headers["content-length"] = String(Buffer.byteLength(call.body));
    return headers;
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

interface AuthorizedHeaders {
  readonly headers: Record<string, string>;
  /** Never to be seen in an error. */
  readonly secrets: readonly string[];
}
