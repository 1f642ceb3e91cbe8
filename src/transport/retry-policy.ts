// When to try again and how long to wait: arithmetic only, no sockets and no timers. The constants
// are those that AWS announced for all its SDKs in 2026 (standard retry mode).
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html

import { type BedrockError, ConnectionError, StreamError, TimeoutError } from "../core/errors.ts";
import { type RetryKind, retryKindOf } from "../core/service-errors.ts";

const BASE_DELAY_MS: Record<RetryKind, number> = { throttling: 1000, transient: 50 };
const MAX_DELAY_MS = 20_000;

/** A server may ask for this much patience; one that asks for more is answered with the error. */
const MAX_RETRY_AFTER_MS = 60_000;

const QUOTA_TOKENS = 500;
const QUOTA_COST: Record<RetryKind, number> = { throttling: 5, transient: 14 };
const QUOTA_FIRST_TRY_REFUND = 1;

/** Bounds what all retries of a client may spend together, so that an outage is not made worse. */
export class RetryQuota {
  #tokens = QUOTA_TOKENS;

  /** Tokens left, for tests and logs. */
  get tokens(): number {
    return this.#tokens;
  }

  /** Takes the price of one retry; false when there is not enough. */
  spend(kind: RetryKind): boolean {
    if (this.#tokens < QUOTA_COST[kind]) return false;
    this.#tokens -= QUOTA_COST[kind];
    return true;
  }

  /** Gives back after a success: what its last retry cost, or a little for a first try. */
  refund(lastRetry: RetryKind | undefined): void {
    const amount = lastRetry === undefined ? QUOTA_FIRST_TRY_REFUND : QUOTA_COST[lastRetry];
    this.#tokens = Math.min(QUOTA_TOKENS, this.#tokens + amount);
  }
}

/** Why a failed attempt may be repeated, or undefined when it may not. */
export function retryKindOfError(error: BedrockError): RetryKind | undefined {
  if (error instanceof TimeoutError) {
    // Once the request is on its way the model may be working on it, and would work twice.
    return error.phase === "connect" ? "transient" : undefined;
  }
  if (error instanceof ConnectionError || error instanceof StreamError) {
    return error.retryable ? "transient" : undefined;
  }
  return retryKindOf(error.code, error.status, error.message);
}

/**
 * Milliseconds to wait before another try, or undefined to give up. `retry` counts from 0; `random`
 * is in [0, 1): full jitter below an exponentially growing ceiling, never less than the server asked.
 */
export function retryDelayMs(
  kind: RetryKind,
  retry: number,
  retryAfterMs: number | undefined,
  random: number,
): number | undefined {
  if (retryAfterMs !== undefined && retryAfterMs > MAX_RETRY_AFTER_MS) return undefined;
  const ceiling = Math.min(MAX_DELAY_MS, BASE_DELAY_MS[kind] * 2 ** retry);
  return Math.max(Math.floor(random * ceiling), retryAfterMs ?? 0);
}

/** Reads `x-amz-retry-after` (milliseconds) or `retry-after` (seconds or a date). */
export function parseRetryAfter(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  nowMs: number,
): number | undefined {
  const milliseconds = headers["x-amz-retry-after"];
  if (typeof milliseconds === "string" && /^\d{1,9}$/.test(milliseconds)) {
    return Number(milliseconds);
  }
  const value = headers["retry-after"];
  if (typeof value !== "string") return undefined;
  if (/^\d{1,9}(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  const date = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
