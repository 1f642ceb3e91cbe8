// The options that a client sets for all its calls and a request may set for itself.

import { assertKnownOptions, readChoice, readNumber } from "../core/options.ts";

/** How long to wait, in milliseconds; `0` waits for ever. */
export interface TimeoutOptions {
  /** For a connection: a free socket, the name, TCP and TLS. @default 10,000, or `BOTO3_CONNECT_TIMEOUT` (seconds) */
  readonly connectMs?: number | undefined;
  /** From a sent request to the first event of a stream. @default 120,000, or `BOTO3_READ_TIMEOUT` (seconds) */
  readonly firstEventMs?: number | undefined;
  /** From one event of a stream to the next. @default 120,000, or `BOTO3_READ_TIMEOUT` (seconds) */
  readonly idleMs?: number | undefined;
  /**
   * From a sent request to the whole answer of `invoke`. It bounds a whole stream too when it is
   * given here: a stream that keeps talking is otherwise left to talk.
   * @default 600,000, or `BOTO3_READ_TIMEOUT` (seconds)
   */
  readonly responseMs?: number | undefined;
}

/** How failures that may pass are met. */
export interface RetryOptionsInput {
  /** All attempts, the first included. @default 3, or `AWS_MAX_ATTEMPTS`, or `BOTO3_MAX_ATTEMPTS` + 1 */
  readonly maxAttempts?: number | undefined;
  /** `adaptive` also slows down before the service must refuse. @default "standard" */
  readonly mode?: "standard" | "adaptive" | "off" | undefined;
}

/** Timeouts with every value known. */
export interface ResolvedTimeouts {
  readonly connectMs: number;
  readonly firstEventMs: number;
  readonly idleMs: number;
  readonly responseMs: number;
  /** `responseMs` for streams: 0 unless the caller gave it. */
  readonly streamMs: number;
}

/** Retry settings of which some may still come from elsewhere. */
export interface RetrySettings {
  readonly maxAttempts: number | undefined;
  readonly mode: "standard" | "adaptive" | "off" | undefined;
}

const TIMEOUT_NAMES: readonly (keyof TimeoutOptions)[] = [
  "connectMs",
  "firstEventMs",
  "idleMs",
  "responseMs",
];

/** Longer than this, Node's timers would fire at once. */
export const MAX_TIMER_MS: number = 2 ** 31 - 1;

/** Reads the client's timeouts over those of the environment. Throws `TypeError`. */
export function readTimeouts(
  value: unknown,
  environment: { connectMs: number | undefined; readMs: number | undefined },
): ResolvedTimeouts {
  const { connectMs, readMs } = environment;
  return overrideTimeouts(value, {
    connectMs: connectMs ?? 10_000,
    firstEventMs: readMs ?? 120_000,
    idleMs: readMs ?? 120_000,
    responseMs: readMs ?? 600_000,
    streamMs: 0,
  });
}

/** Reads timeouts over others: those of one request over the client's. Throws `TypeError`. */
export function overrideTimeouts(value: unknown, base: ResolvedTimeouts): ResolvedTimeouts {
  if (value === undefined) return base;
  assertKnownOptions(value, TIMEOUT_NAMES, "timeouts");
  const read = (name: keyof TimeoutOptions) =>
    readNumber(value[name], `timeouts.${name}`, { min: 0, max: MAX_TIMER_MS });
  const responseMs = read("responseMs");
  return {
    connectMs: read("connectMs") ?? base.connectMs,
    firstEventMs: read("firstEventMs") ?? base.firstEventMs,
    idleMs: read("idleMs") ?? base.idleMs,
    responseMs: responseMs ?? base.responseMs,
    streamMs: responseMs ?? base.streamMs,
  };
}

/** Reads retry options. Throws `TypeError`. */
export function readRetry(value: unknown): RetrySettings {
  if (value === undefined) return { maxAttempts: undefined, mode: undefined };
  assertKnownOptions(value, ["maxAttempts", "mode"], "retry");
  return {
    maxAttempts: readNumber(value["maxAttempts"], "retry.maxAttempts", { min: 1, integer: true }),
    mode: readChoice(value["mode"], "retry.mode", ["standard", "adaptive", "off"]),
  };
}
