// One answer of the model, told as it comes. An answer that breaks off is withdrawn and asked for again,
// that turn alone: no tool of it has run, for tools run when an answer is complete.

import type { InvokeOptions } from "../client/request-options.ts";
import type { ConverseStreamEvent } from "../core/converse-events.ts";
import type { ConverseResponse } from "../core/converse-response.ts";
import { AbortError, BedrockError, StreamError, TimeoutError } from "../core/errors.ts";
import { tellLogger } from "../core/logger.ts";
import { ResponseBuilder } from "../core/response-builder.ts";
import { toEvents, WHOLE } from "../core/response-events.ts";
import { eachUntilAborted, untilAborted } from "../core/until-aborted.ts";
import type { AgentEvent } from "./agent-events.ts";
import type { AgentSettings } from "./agent-options.ts";
import type { LLM } from "./llm.ts";
import { waitFor } from "./wait-for.ts";

/** How an answer is asked for. */
export interface Asking {
  readonly turn: number;
  readonly signal: AbortSignal;
  /** Told what each attempt has used, as far as it is known, also of those that are withdrawn. */
  readonly onUsage: (answer: Pick<ConverseResponse, "usage" | "$metadata">) => void;
}

const MAX_DELAY_MS = 20_000;

/** Who is asked to come back later than that is not kept waiting: the run fails, and can be resumed then. */
const MAX_RETRY_AFTER_MS = 60_000;

/** Answers with HTTP 200 that are none. */
const MALFORMED: readonly string[] = ["malformed_model_output", "malformed_tool_use"];

/**
 * Asks until an answer is complete. Throws what the last attempt failed with, and an `AbortError` when
 * `signal` fires. The last attempt of a model that keeps answering in no legal form is returned as it is.
 */
export async function* askModel(
  { llm, turnRetry, logger }: AgentSettings,
  request: InvokeOptions,
  { turn, signal, onUsage }: Asking,
): AsyncGenerator<AgentEvent, ConverseResponse> {
  for (let attempt = 1; ; attempt++) {
    const isLast = attempt >= turnRetry.maxAttempts;
    let reason: string;
    let retryAfterMs: number | undefined;
    try {
      const response = yield* readAnswer(llm, { ...request, signal });
      onUsage(response);
      if (isLast || !MALFORMED.includes(response.stopReason)) return response;
      reason = response.stopReason;
    } catch (error) {
      const partial = error instanceof BedrockError ? error.partial : undefined;
      if (partial !== undefined) onUsage({ usage: partial.usage });
      if (signal.aborted) throw AbortError.from(signal.reason);
      if (isLast || !isBrokenOff(error)) throw error;
      reason = error.name;
      retryAfterMs = error.retryAfterMs;
    }
    const delayMs = retryAfterMs ?? delayBefore(attempt, turnRetry.baseMs);
    tellLogger(
      logger,
      "warn",
      `Turn ${turn} broke off (${reason}); asking again in ${delayMs} ms.`,
    );
    yield { type: "turn_retry", turn, attempt: attempt + 1, delayMs, reason };
    await waitFor(delayMs, signal);
  }
}

/** The answer of one attempt, its pieces told as they come. */
async function* readAnswer(
  llm: LLM,
  request: InvokeOptions & { readonly signal: AbortSignal },
): AsyncGenerator<AgentEvent, ConverseResponse> {
  if (typeof llm.invokeStream !== "function") {
    const response = await untilAborted(llm.invoke(request), request.signal);
    yield* tellResponse(response);
    return response;
  }
  // A scripted model may well be an async function.
  const stream = await untilAborted(llm.invokeStream(request), request.signal);
  const teller = new DeltaTeller();
  const builder = typeof stream.response === "function" ? undefined : new ResponseBuilder();
  for await (const event of eachUntilAborted(stream, request.signal)) {
    builder?.add(event);
    const told = teller.tell(event);
    if (told !== undefined) yield told;
  }
  if (builder === undefined && typeof stream.response === "function") {
    return await untilAborted(stream.response(), request.signal);
  }
  if (builder?.stopped) return builder.build();
  throw new StreamError("The answer ended before the model stopped.", {
    reason: "truncated",
    retryable: true,
  });
}

/** An answer that came whole, in the events that would have told it. */
export function* tellResponse(response: ConverseResponse): Generator<AgentEvent, void> {
  const teller = new DeltaTeller();
  for (const event of toEvents(response, WHOLE)) {
    const told = teller.tell(event);
    if (told !== undefined) yield told;
  }
}

/** Turns events of the wire into those of an agent. Blocks may interleave, and are told apart by index. */
class DeltaTeller {
  readonly #calls = new Map<number, { readonly toolUseId: string; readonly name: string }>();

  tell({ contentBlockStart, contentBlockDelta }: ConverseStreamEvent): AgentEvent | undefined {
    const toolUse = contentBlockStart?.start?.toolUse;
    if (contentBlockStart !== undefined && toolUse !== undefined) {
      const { toolUseId, name } = toolUse;
      this.#calls.set(contentBlockStart.contentBlockIndex, { toolUseId, name });
    }
    if (contentBlockDelta === undefined) return undefined;
    const { delta, contentBlockIndex } = contentBlockDelta;
    if (delta.text !== undefined) {
      return delta.text === "" ? undefined : { type: "text_delta", text: delta.text };
    }
    const reasoning = delta.reasoningContent?.text;
    if (reasoning !== undefined && reasoning !== "") {
      return { type: "reasoning_delta", text: reasoning };
    }
    const call = this.#calls.get(contentBlockIndex);
    if (call === undefined || delta.toolUse === undefined) return undefined;
    return { type: "tool_input_delta", ...call, delta: delta.toolUse.input };
  }
}

/** Whether an attempt failed in a way that another one may not. */
function isBrokenOff(error: unknown): error is BedrockError {
  if (!(error instanceof BedrockError) || error instanceof AbortError) return false;
  if ((error.retryAfterMs ?? 0) > MAX_RETRY_AFTER_MS) return false;
  // A service that fell silent in the middle of an answer is not at work on it any more.
  const isSilent = error instanceof TimeoutError && error.phase === "idle";
  return error.retryable || error instanceof StreamError || isSilent;
}

/** Full jitter, as everywhere. */
function delayBefore(attempt: number, baseMs: number): number {
  const ceilingMs = Math.min(MAX_DELAY_MS, baseMs * 2 ** (attempt - 1));
  return Math.round(Math.random() * ceilingMs);
}
