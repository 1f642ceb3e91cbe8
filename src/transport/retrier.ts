// The attempts of a call: when the next one is made, and when there is none. It knows nothing of
// sockets, and of time only what its clock says.

import { BoundedMap } from "../core/bounded-map.ts";
import { BedrockError } from "../core/errors.ts";
import { type Logger, tellLogger } from "../core/logger.ts";
import { isQuotaPerMinute, type RetryKind } from "../core/service-errors.ts";
import { AdaptiveRate } from "./adaptive-rate.ts";
import {
  QueueTimeoutError,
  quotaDelayMs,
  RetryQuota,
  retryDelayMs,
  retryKindOfError,
} from "./retry-policy.ts";

/** How failures are met. */
export interface RetryOptions {
  /** All attempts, the first included. */
  readonly maxAttempts: number;
  /** Whether somebody has set that number; else a quota that is waited out may have more. */
  readonly isLimitGiven: boolean;
  readonly mode: "standard" | "adaptive" | "off";
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

/** Time and chance, which a test may replace. */
export interface RetryClock {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** At least 0 and less than 1. */
  random(): number;
}

const SYSTEM_CLOCK: RetryClock = { now: () => performance.now(), random: Math.random };

/** What a retrier has to know of a call. */
export interface RetriedCall {
  /** Calls of one key share an adaptive rate. */
  readonly rateKey: string;
  readonly retry: RetryOptions;
  /** Kept up to date; several runs may share one, and its attempts with it. */
  readonly ledger: CallLedger;
  /** When the whole call ends, on the clock; Infinity for never. */
  readonly deadlineAt: number;
  /** Whether the caller has set that deadline. */
  readonly isCallersDeadline: boolean;
  /** Longest wait for what an attempt brings, and for a turn of the adaptive rate; 0 for any. */
  readonly wait: { readonly limitMs: number };
  readonly cancellation: {
    /** Why nothing more is to be tried, once that is so. */
    readonly error: BedrockError | undefined;
    /** Waits; rejects as soon as the call is stopped. */
    sleep(durationMs: number): Promise<void>;
  };
}

/** One for each model; a model not asked for long starts anew. */
const MAX_RATES = 1000;

/** Shared by the calls of one client, which have one quota and a rate for each model. */
export class Retrier {
  readonly #clock: RetryClock;
  readonly #logger: Logger | undefined;
  readonly #quota = new RetryQuota();
  readonly #rates = new BoundedMap<string, AdaptiveRate>(MAX_RATES);

  constructor(logger?: Logger, clock: RetryClock = SYSTEM_CLOCK) {
    this.#logger = logger;
    this.#clock = clock;
  }

  /**
   * Resolves with the first attempt that succeeds. Rejects with the error of the last. At least one
   * attempt is made, whatever the ledger holds; `attempt` counts itself there.
   */
  async run<Value>(call: RetriedCall, attempt: () => Promise<Value>): Promise<Value> {
    const { ledger } = call;
    const rate = call.retry.mode === "adaptive" ? this.#rateOf(call.rateKey) : undefined;
    let lastRetry: RetryKind | undefined;
    for (;;) {
      try {
        if (rate !== undefined) await this.#takeTurn(call, rate);
        const value = await attempt();
        rate?.record(false, this.#clock.now());
        this.#quota.refund(lastRetry);
        return value;
      } catch (error) {
        if (!(error instanceof BedrockError)) throw error;
        error.attempts = ledger.attempts;
        const kind = retryKindOfError(error);
        // Only answers teach anything about the service's patience.
        if (error.status !== undefined) rate?.record(kind === "throttling", this.#clock.now());
        const delayMs = this.#delayBeforeRetry(call, error, kind);
        if (kind === undefined || delayMs === undefined) throw error;
        tellLogger(
          this.#logger,
          "warn",
          `Bedrock: attempt ${ledger.attempts} failed with ${error.code}; trying again in ${delayMs} ms.`,
        );
        lastRetry = kind;
        ledger.retryDelayMs += delayMs;
        await this.#pause(call, kind, delayMs);
      }
    }
  }

  async #pause({ ledger, cancellation }: RetriedCall, kind: RetryKind, durationMs: number) {
    try {
      await cancellation.sleep(durationMs);
    } catch (error) {
      // The retry was paid for, and is not had.
      this.#quota.refund(kind);
      if (error instanceof BedrockError) error.attempts = ledger.attempts;
      throw error;
    }
  }

  #delayBeforeRetry(
    call: RetriedCall,
    error: BedrockError,
    kind: RetryKind | undefined,
  ): number | undefined {
    const { ledger, retry } = call;
    if (kind === undefined || call.cancellation.error !== undefined) return undefined;
    if (retry.mode === "off") return undefined;
    const { retryAfterMs } = error;
    const remainingMs = call.deadlineAt - this.#clock.now();
    const random = this.#clock.random();
    let delayMs: number | undefined;
    if (ledger.attempts < retry.maxAttempts) {
      const retries = Math.max(0, ledger.attempts - 1);
      delayMs = retryDelayMs(kind, retries, { retryAfterMs, remainingMs }, random);
    } else if (isWaitedOut(call, error)) {
      delayMs = quotaDelayMs(ledger.attempts - retry.maxAttempts, remainingMs, random);
    }
    return delayMs !== undefined && this.#quota.spend(kind) ? delayMs : undefined;
  }

  async #takeTurn(call: RetriedCall, rate: AdaptiveRate): Promise<void> {
    const now = this.#clock.now();
    const delayMs = rate.reserve(now);
    if (delayMs === 0) return;
    const limitMs = call.wait.limitMs === 0 ? Number.POSITIVE_INFINITY : call.wait.limitMs;
    if (delayMs > Math.min(limitMs, call.deadlineAt - now)) {
      rate.release();
      throw noTurn(delayMs);
    }
    try {
      await call.cancellation.sleep(delayMs);
    } catch (error) {
      rate.release();
      throw error;
    }
  }

  #rateOf(key: string): AdaptiveRate {
    let rate = this.#rates.get(key);
    if (rate === undefined) {
      rate = new AdaptiveRate(this.#clock.now());
      this.#rates.set(key, rate);
    }
    return rate;
  }
}

/** Who has set a deadline, and no number of attempts, is willing to wait for his quota until then. */
function isWaitedOut({ retry, isCallersDeadline }: RetriedCall, error: BedrockError): boolean {
  return isCallersDeadline && !retry.isLimitGiven && isQuotaPerMinute(error);
}

function noTurn(delayMs: number): QueueTimeoutError {
  return new QueueTimeoutError(
    `Adaptive retry mode would send this request in ${Math.ceil(delayMs)} ms, which is too late.`,
    {
      phase: "connect",
      elapsedMs: 0,
      retryable: true,
      hint: "Other calls of this model wait already: ask less often, or raise the model's quota.",
    },
  );
}
