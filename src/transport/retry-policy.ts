// When to try again and how long to wait: arithmetic only, no sockets, no timers and no clock. The
// constants are those that AWS announced for all its SDKs in 2026 (standard retry mode).
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html

import { type BedrockError, ConnectionError, StreamError, TimeoutError } from "../core/errors.ts";
import { type RetryKind, retryKindOf } from "../core/service-errors.ts";

const BASE_DELAY_MS: Record<RetryKind, number> = { throttling: 1000, transient: 50 };
const MAX_DELAY_MS = 20_000;

/** A server may ask for this much patience; one that asks for more is answered with the error. */
const MAX_RETRY_AFTER_MS = 60_000;

/** A quota per minute comes back within one: waits of 10 to 20 s, then of 20 to 40 s, reach that. */
const QUOTA_BASE_DELAY_MS = 20_000;
const QUOTA_MAX_DELAY_MS = 60_000;

/** Time that an answer takes, once there is one. */
const QUOTA_MARGIN_MS = 1000;

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

/**
 * No turn came in time, of a connection or of an adaptive rate. It is not tried again by itself: that
 * would put the call to the end of the queue it has waited in.
 */
export class QueueTimeoutError extends TimeoutError {}

/** Why a failed attempt may be repeated, or undefined when it may not. */
export function retryKindOfError(error: BedrockError): RetryKind | undefined {
  if (error instanceof QueueTimeoutError) return undefined;
  if (
    error instanceof TimeoutError ||
    error instanceof ConnectionError ||
    error instanceof StreamError
  ) {
    return error.retryable ? "transient" : undefined;
  }
  return retryKindOf(error.code, error.status, error.message);
}

/**
 * Milliseconds to wait before another try, or undefined to give up. `retry` counts those made so far;
 * `remainingMs` is the time until the deadline of the whole call, after which no wait may end;
 * `random` is in [0, 1): full jitter below an exponentially growing ceiling, never less than the
 * server asked.
 */
export function retryDelayMs(
  kind: RetryKind,
  retry: number,
  { retryAfterMs = 0, remainingMs }: { retryAfterMs?: number | undefined; remainingMs: number },
  random: number,
): number | undefined {
  if (retryAfterMs > MAX_RETRY_AFTER_MS) return undefined;
  const ceiling = Math.min(MAX_DELAY_MS, BASE_DELAY_MS[kind] * 2 ** retry);
  const delayMs = Math.max(Math.floor(random * ceiling), retryAfterMs);
  return delayMs < remainingMs ? delayMs : undefined;
}

/**
 * Milliseconds to wait for a quota per minute to come back, or undefined when the deadline leaves no
 * room. `wait` counts such waits so far. Half is certain, half is jitter.
 */
export function quotaDelayMs(
  wait: number,
  remainingMs: number,
  random: number,
): number | undefined {
  const wantedMs = Math.min(QUOTA_MAX_DELAY_MS, QUOTA_BASE_DELAY_MS * 2 ** wait);
  const longestMs = Math.min(wantedMs, remainingMs - QUOTA_MARGIN_MS);
  if (longestMs < QUOTA_BASE_DELAY_MS / 2) return undefined;
  const shortestMs = Math.min(wantedMs / 2, longestMs);
  return Math.floor(shortestMs + random * (longestMs - shortestMs));
}

/**
 * Reads `x-amz-retry-after` (milliseconds) or `retry-after` (seconds or a date, which counts from the
 * answer's own `date` where it has one: the clocks may disagree). Undefined where neither is a time.
 */
export function parseRetryAfter(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  localNowMs: number,
): number | undefined {
  const milliseconds = headers["x-amz-retry-after"];
  if (typeof milliseconds === "string" && /^\d+$/.test(milliseconds)) {
    return clamp(Number(milliseconds));
  }
  const value = headers["retry-after"];
  if (typeof value !== "string") return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return clamp(Number(value) * 1000);
  const date = parseDate(value);
  const now = parseDate(headers["date"]) ?? localNowMs;
  return date === undefined ? undefined : clamp(date - now);
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7 */
const HTTP_DATE = /^[A-Z][a-z]{2,8},? .*\d{2}:\d{2}:\d{2}/;

function parseDate(text: string | string[] | undefined): number | undefined {
  const isDate = typeof text === "string" && HTTP_DATE.test(text);
  const date = isDate ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : date;
}

function clamp(milliseconds: number): number {
  return Math.min(Math.max(0, Math.ceil(milliseconds)), Number.MAX_SAFE_INTEGER);
}
