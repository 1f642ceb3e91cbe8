// What a caller sees of an answer, whichever way it is read, as plain data that can cross from one
// process to another.

import {
  type BedrockLLM,
  type ContentBlock,
  type ConverseResponse,
  type ConverseStreamEvent,
  type InvokeOptions,
  StreamError,
  TimeoutError,
  textOf,
} from "../src/index.ts";

/** The ways to read an answer. */
export type Reading = "iteration" | "text" | "response" | "invoke";

/** The three ways to read a stream. */
export const STREAM_READINGS: readonly Reading[] = ["iteration", "text", "response"];

/** Whatever has not come to an end by then is taken for something that never does. */
const HANGING_MS = 40_000;

/** What came of one call. */
export type Outcome = Success | Failure;

/** An answer that was given as complete. */
export interface Success {
  readonly kind: "success";
  readonly elapsedMs: number;
  /** What this reading gave: texts joined, or the text of the response. */
  readonly text: string;
  /** The events, for a reading by iteration. */
  readonly events: readonly ConverseStreamEvent[];
  /** The whole answer, which `response()` gives after any reading. */
  readonly content: readonly ContentBlock[];
  readonly stopReason: string;
  readonly usageMissing: boolean;
  readonly attempts: number;
}

/** An error, or no end at all. */
export interface Failure {
  readonly kind: "error" | "hung";
  readonly elapsedMs: number;
  readonly name: string;
  readonly message: string;
  /** `reason` of a `StreamError`, `phase` of a `TimeoutError`. */
  readonly detail: string;
  readonly status: number | undefined;
  readonly attempts: number;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  /** The text that had arrived; undefined where the error has no `partial`. */
  readonly partialText: string | undefined;
}

/** Calls and reads to the end. Never rejects, and never waits for ever. */
export async function readAnswer(
  llm: BedrockLLM,
  reading: Reading,
  options: InvokeOptions,
): Promise<Outcome> {
  const startedAt = performance.now();
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  // Not left to the abort alone: what does not come to an end may not heed that either.
  const hanging = new Promise<"hung">((resolve) => {
    timer = setTimeout(() => resolve("hung"), HANGING_MS);
  });
  const asked = { signal: controller.signal, ...options };
  const read = reading === "invoke" ? invoke(llm, asked) : readStream(llm, reading, asked);
  try {
    const success = await Promise.race([read, hanging]);
    const elapsedMs = performance.now() - startedAt;
    if (success !== "hung") return { ...success, kind: "success", elapsedMs };
    controller.abort();
    return { ...describeError("no end"), kind: "hung", elapsedMs };
  } catch (error) {
    const elapsedMs = performance.now() - startedAt;
    return { ...describeError(error), kind: "error", elapsedMs };
  } finally {
    clearTimeout(timer);
    read.catch(() => {});
  }
}

/** One outcome in a few words: `StreamError (truncated)`, `ok`, `no end`. */
export function nameOutcome(outcome: Outcome): string {
  if (outcome.kind === "success") return "ok";
  if (outcome.kind === "hung") return "no end";
  return outcome.detail === "" ? outcome.name : `${outcome.name} (${outcome.detail})`;
}

type Read = Omit<Success, "kind" | "elapsedMs">;

async function invoke(llm: BedrockLLM, options: InvokeOptions): Promise<Read> {
  const response = await llm.invoke(options);
  return { text: textOf(response), events: [], ...factsOf(response) };
}

async function readStream(
  llm: BedrockLLM,
  reading: Reading,
  options: InvokeOptions,
): Promise<Read> {
  const stream = llm.invokeStream(options);
  const events: ConverseStreamEvent[] = [];
  let text = "";
  if (reading === "iteration") {
    for await (const event of stream) {
      events.push(event);
      text += event.contentBlockDelta?.delta.text ?? "";
    }
  } else if (reading === "text") {
    for await (const piece of stream.text()) text += piece;
  }
  if (reading === "response") {
    const response = await stream.response();
    return { text: textOf(response), events, ...factsOf(response) };
  }
  // This reading has ended well; were the whole answer to fail now, nothing would be whole.
  const response = await stream.response().catch(() => undefined);
  return { text, events, ...(response === undefined ? NOTHING : factsOf(response)) };
}

const NOTHING = { content: [], stopReason: "", usageMissing: false, attempts: 0 };

function factsOf(response: ConverseResponse) {
  return {
    content: response.output.message.content,
    stopReason: response.stopReason,
    usageMissing: response.$metadata?.usageMissing === true,
    attempts: response.$metadata?.attempts ?? 0,
  };
}

/** Reads the members by name, so that any class of error may be told. */
function describeError(error: unknown): Omit<Failure, "kind" | "elapsedMs"> {
  const facts = error instanceof Error ? (error as Error & Partial<StreamError>) : undefined;
  const detail =
    error instanceof StreamError ? error.reason : error instanceof TimeoutError ? error.phase : "";
  return {
    name: facts?.name ?? typeof error,
    message: facts?.message ?? String(error),
    detail,
    status: facts?.status,
    attempts: facts?.attempts ?? 0,
    retryable: facts?.retryable === true,
    retryAfterMs: facts?.retryAfterMs,
    partialText: facts?.partial === undefined ? undefined : textOf(facts.partial),
  };
}
