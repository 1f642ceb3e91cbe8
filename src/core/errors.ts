// Every failure a caller can meet, as one tree. No class here keeps a request: an error must be safe
// to log, however it is printed.

import type { ConverseResponse, TokenUsage } from "./converse-response.ts";

/** What any error of the tree may be made with. */
export interface BedrockErrorOptions {
  /** The AWS name of a service error; our own classes set theirs, whatever a bundler calls them. */
  code?: string;
  retryable?: boolean;
  attempts?: number;
  requestId?: string | undefined;
  status?: number | undefined;
  retryAfterMs?: number | undefined;
  hint?: string | undefined;
  cause?: unknown;
}

/**
 * The root of the tree, and the class of errors that Bedrock itself reports: `name` and `code` are
 * then the AWS name, such as `ThrottlingException`.
 */
export class BedrockError extends Error {
  override name = "BedrockError";
  /** Stable and machine-readable: the AWS name, or the name of one of our classes. */
  readonly code: string;
  /**
   * Whether it may help to send the same request again, and nothing speaks against it: false also where
   * the model may still be at work on it, and would work twice.
   */
  readonly retryable: boolean;
  /** Requests begun before giving up; 0 when none was. */
  attempts: number;
  /** Bedrock's id of the last answer, for AWS support. */
  declare requestId?: string | undefined;
  /** HTTP status of the last answer. */
  declare status?: number | undefined;
  /** Milliseconds the service asked to wait. */
  declare readonly retryAfterMs?: number;
  /** What to do next, in one sentence. */
  declare readonly hint?: string;
  /**
   * What a stream had delivered before it failed, which may be nothing yet; undefined where no stream
   * had begun. `stopReason` is empty unless the model had stopped. Readable, but left out when the error is printed, for it holds the model's words.
   */
  declare readonly partial?: ConverseResponse;

  constructor(message: string, options: BedrockErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code ?? "BedrockError";
    this.name = this.code;
    this.retryable = options.retryable ?? false;
    this.attempts = options.attempts ?? 0;
    if (options.requestId !== undefined) this.requestId = options.requestId;
    if (options.status !== undefined) this.status = options.status;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
    if (options.hint !== undefined) this.hint = options.hint;
  }
}

/** No credentials could be found or refreshed; the message lists what was tried. */
export class CredentialsError extends BedrockError {
  constructor(message: string, options: BedrockErrorOptions = {}) {
    super(message, { ...options, code: "CredentialsError" });
  }
}

/** No connection to the endpoint, or it broke before the answer was complete. */
export class ConnectionError extends BedrockError {
  constructor(message: string, options: BedrockErrorOptions = {}) {
    super(message, { ...options, code: "ConnectionError" });
  }
}

/** Which limit passed: connecting, the first event, the pause between events, the whole answer. */
export type TimeoutPhase = "connect" | "first_event" | "idle" | "response";

/** A deadline of `timeouts` passed. */
export class TimeoutError extends BedrockError {
  readonly phase: TimeoutPhase;
  /** Milliseconds waited. */
  readonly elapsedMs: number;

  constructor(
    message: string,
    options: BedrockErrorOptions & { phase: TimeoutPhase; elapsedMs: number },
  ) {
    super(message, { ...options, code: "TimeoutError" });
    this.phase = options.phase;
    this.elapsedMs = options.elapsedMs;
  }
}

/** How an answer went wrong: it ended early, its bytes were damaged, its events made no sense. */
export type StreamErrorReason = "truncated" | "corrupt" | "protocol";

/** An answer, streamed or whole, that did not come to its proper end or is none of Bedrock's. */
export class StreamError extends BedrockError {
  readonly reason: StreamErrorReason;

  constructor(message: string, options: BedrockErrorOptions & { reason: StreamErrorReason }) {
    super(message, { ...options, code: "StreamError" });
    this.reason = options.reason;
  }
}

/** The caller's signal fired, `abort()` was called, or the client was closed. */
export class AbortError extends BedrockError {
  constructor(message = "The request was aborted.", options: BedrockErrorOptions = {}) {
    super(message, { ...options, code: "AbortError" });
  }

  /** An error of this call for what its caller gave as reason, which becomes the cause. */
  static from(reason: unknown): AbortError {
    // A class that speaks of itself by name is given another one when it is bundled.
    return new this(undefined, { cause: reason });
  }
}

/** What is wrong with an answer: the place, such as `items.0.name`, and what was expected there. */
export interface AnswerIssue {
  /** The whole is `""`. */
  readonly path: string;
  readonly message: string;
}

/** What a `StructuredOutputError` is made with. */
export interface StructuredOutputErrorOptions extends BedrockErrorOptions {
  readonly text: string;
  readonly issues: readonly AnswerIssue[];
  readonly response: ConverseResponse;
  readonly usage: TokenUsage;
}

/**
 * The model has answered, and not with an object that fits its schema. What it has said can be read from
 * the error, and is in nothing that is printed of it.
 */
export class StructuredOutputError extends BedrockError {
  /** Of all turns together. */
  readonly usage: TokenUsage;
  readonly #text: string;
  readonly #issues: readonly AnswerIssue[];
  readonly #response: ConverseResponse;

  constructor(message: string, options: StructuredOutputErrorOptions) {
    super(message, { ...options, code: "StructuredOutputError" });
    this.usage = options.usage;
    this.#text = options.text;
    this.#issues = options.issues;
    this.#response = options.response;
  }

  /** What the model has written where the object should be, as it came: the last time. */
  get text(): string {
    return this.#text;
  }

  /** What is wrong with it; at least one. */
  get issues(): readonly AnswerIssue[] {
    return this.#issues;
  }

  /** The last answer. */
  get response(): ConverseResponse {
    return this.#response;
  }
}

/**
 * Why a decision was not taken: the state or what it holds was changed or is not ours; it was decided on
 * before; it came too late; it names a call that does not wait; the changed input does not satisfy the
 * schema; the tool is not what was shown any more.
 */
export type ApprovalErrorReason =
  | "altered"
  | "replayed"
  | "expired"
  | "unknown_call"
  | "invalid_input"
  | "tool_changed";

/** A decision that an agent refused. Nothing was run because of it, and nothing is lost. */
export class ApprovalError extends BedrockError {
  readonly reason: ApprovalErrorReason;

  constructor(message: string, options: BedrockErrorOptions & { reason: ApprovalErrorReason }) {
    super(message, { ...options, code: "ApprovalError" });
    this.reason = options.reason;
  }
}

/**
 * Gives an error what its stream had delivered, put together when it is first looked at. Hidden from
 * `console.log` and `JSON.stringify`.
 */
export function attachPartial(error: BedrockError, build: () => ConverseResponse): void {
  let partial: ConverseResponse | undefined;
  const get = (): ConverseResponse => {
    partial ??= build();
    return partial;
  };
  Object.defineProperty(error, "partial", { get, enumerable: false, configurable: true });
}

/**
 * Makes an error's stack tell where the failed call was made: what failed happened on a socket, in a
 * stack of its own that leads nowhere. `origin` is where, when it is not the current stack.
 */
export function showCaller(error: Error, origin?: { readonly stack?: string }): void {
  if (origin === undefined) {
    Error.captureStackTrace(error, showCaller);
    return;
  }
  const frames = origin.stack?.slice(origin.stack.indexOf("\n")) ?? "";
  error.stack = `${error.name}: ${error.message}${frames}`;
}
