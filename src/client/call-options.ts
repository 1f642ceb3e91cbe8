// The options that a client sets for all its calls and a request may set for itself.

import { assertKnownOptions, MAX_TIMER_MS, readChoice, readNumber } from "../core/options.ts";

/** How long to wait, in milliseconds; `0` waits for ever. */
export interface TimeoutOptions {
  /** For a connection: a free socket, the name, TCP and TLS. @default 10,000, or `BOTO3_CONNECT_TIMEOUT` (seconds) */
  readonly connectMs?: number | undefined;
  /** From a sent request to the first event of a stream. @default 120,000, or `BOTO3_READ_TIMEOUT` (seconds) */
  readonly firstEventMs?: number | undefined;
  /** From one event of a stream to the next. @default 120,000, or `BOTO3_READ_TIMEOUT` (seconds) */
  readonly idleMs?: number | undefined;
  /**
   * From the call to the whole answer of `invoke`, over all attempts and the waits between them. It
   * bounds a whole stream too when it is given here: a stream that keeps talking is otherwise left to
   * talk. Given here, and without `retry.maxAttempts`, it is also how long you agree to wait for a
   * quota per minute to come back.
   * @default 600,000, or `BOTO3_READ_TIMEOUT` (seconds)
   */
  readonly responseMs?: number | undefined;
}

/** What a client can be told about waiting, besides what a request can. */
export interface ClientTimeoutOptions extends TimeoutOptions {
  /** For one answer of the credentials provider or the AWS chain. @default 10,000 */
  readonly credentialsMs?: number | undefined;
}

/** How failures that may pass are met. */
export interface RetryOptionsInput {
  /** All attempts, the first included. @default 3, or `AWS_MAX_ATTEMPTS`, or `BOTO3_MAX_ATTEMPTS` + 1 */
  readonly maxAttempts?: number | undefined;
  /** `adaptive` also slows down before the service must refuse. @default "standard" */
  readonly mode?: "standard" | "adaptive" | "off" | undefined;
  /**
   * Milliseconds from a sent request after which it is given up and sent again, if nothing has come of
   * it: no event of a stream, no whole answer of `invoke`. The model may be at work on it all the
   * same, and work, and be paid, a second time. It bounds every attempt, the last one too, and counts
   * where it is shorter than `timeouts.firstEventMs` for a stream, `timeouts.responseMs` for `invoke`.
   * @default 0: what was sent and not answered is a `TimeoutError`, and is not sent again
   */
  readonly attemptTimeoutMs?: number | undefined;
}

/** Timeouts with every value known. */
export interface ResolvedTimeouts {
  readonly connectMs: number;
  readonly firstEventMs: number;
  readonly idleMs: number;
  readonly responseMs: number;
  /** `responseMs` where the caller gave it, else 0: the limit of a whole stream. */
  readonly callersMs: number;
}

/** Retry settings of which some may still come from elsewhere. */
export interface RetrySettings {
  readonly maxAttempts: number | undefined;
  readonly mode: "standard" | "adaptive" | "off" | undefined;
  readonly attemptTimeoutMs: number | undefined;
}

const TIMEOUT_NAMES = [
  "connectMs",
  "firstEventMs",
  "idleMs",
  "responseMs",
] as const satisfies readonly (keyof TimeoutOptions)[];

const OF_CLIENT = { credentialsMs: "new BedrockLLM({ timeouts: { credentialsMs } })" };

const CLIENT_TIMEOUT_NAMES = [...TIMEOUT_NAMES, "credentialsMs"] as const;

/** Reads the client's timeouts over those of the environment. Throws `TypeError`. */
export function readClientTimeouts(
  value: unknown,
  environment: { connectMs: number | undefined; readMs: number | undefined },
): ResolvedTimeouts & { readonly credentialsMs: number } {
  const { connectMs, readMs } = environment;
  const defaults = {
    connectMs: connectMs ?? 10_000,
    firstEventMs: readMs ?? 120_000,
    idleMs: readMs ?? 120_000,
    responseMs: readMs ?? 600_000,
    callersMs: 0,
    credentialsMs: 10_000,
  };
  if (value === undefined) return defaults;
  assertKnownOptions(value, CLIENT_TIMEOUT_NAMES, "timeouts");
  const { credentialsMs, ...timeouts } = value;
  return {
    ...overrideTimeouts(timeouts, defaults),
    credentialsMs: readTimeout(credentialsMs, "credentialsMs") ?? defaults.credentialsMs,
  };
}

/** Reads timeouts over others: those of one request over the client's. Throws `TypeError`. */
export function overrideTimeouts(value: unknown, base: ResolvedTimeouts): ResolvedTimeouts {
  if (value === undefined) return base;
  assertKnownOptions(value, TIMEOUT_NAMES, "timeouts", OF_CLIENT);
  const read = (name: keyof TimeoutOptions) => readTimeout(value[name], name);
  const responseMs = read("responseMs");
  return {
    connectMs: read("connectMs") ?? base.connectMs,
    firstEventMs: read("firstEventMs") ?? base.firstEventMs,
    idleMs: read("idleMs") ?? base.idleMs,
    responseMs: responseMs ?? base.responseMs,
    callersMs: responseMs ?? base.callersMs,
  };
}

function readTimeout(value: unknown, name: string): number | undefined {
  return readNumber(value, `timeouts.${name}`, { min: 0, max: MAX_TIMER_MS });
}

const NO_RETRY_SETTINGS: RetrySettings = {
  maxAttempts: undefined,
  mode: undefined,
  attemptTimeoutMs: undefined,
};

const RETRY_NAMES = ["maxAttempts", "mode", "attemptTimeoutMs"] as const;

/** Reads retry options. Throws `TypeError`. */
export function readRetry(value: unknown): RetrySettings {
  if (value === undefined) return NO_RETRY_SETTINGS;
  assertKnownOptions(value, RETRY_NAMES, "retry");
  const attemptTimeoutMs = readNumber(value["attemptTimeoutMs"], "retry.attemptTimeoutMs", {
    min: 0,
    max: MAX_TIMER_MS,
  });
  return {
    maxAttempts: readNumber(value["maxAttempts"], "retry.maxAttempts", { min: 1, integer: true }),
    mode: readChoice(value["mode"], "retry.mode", ["standard", "adaptive", "off"]),
    attemptTimeoutMs,
  };
}
