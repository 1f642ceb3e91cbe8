// What a client adds to an answer or to an error: how it was obtained.

import { restoreNames } from "../converse/restore-names.ts";
import type { ConverseResponse, ResponseMetadata } from "../core/converse-response.ts";
import { attachPartial, type BedrockError, StreamError } from "../core/errors.ts";
import { isRecord } from "../core/json.ts";
import type { RequestChange } from "../core/request-change.ts";
import { isMetered, ResponseBuilder } from "../core/response-builder.ts";
import type { AnswerHead } from "../transport/answer-head.ts";
import type { CallLedger } from "../transport/retrier.ts";
import type { ModelMemory } from "./model-memory.ts";
import type { PreparedRequest } from "./prepare-request.ts";

const NO_USAGE = { inputTokens: 0, outputTokens: 0, totalTokens: 0 };
const NO_METRICS = { latencyMs: 0 };

/** How an answer was obtained, for its `$metadata`. */
export function metadataOf(
  ledger: CallLedger,
  { status, requestId }: AnswerHead,
  changes: readonly RequestChange[],
): ResponseMetadata {
  const metadata: ResponseMetadata = {
    httpStatusCode: status,
    requestId,
    attempts: ledger.attempts,
    totalRetryDelay: ledger.retryDelayMs,
  };
  if (changes.length === 0) return metadata;
  const warnings = changes.filter(({ kind }) => kind === "warning");
  return warnings.length === 0 ? metadata : { ...metadata, warnings };
}

/**
 * Completes a response that was just read, in place: with what is known of its call, and with zeros
 * where the service gave no counts.
 */
export function complete(
  response: ConverseResponse,
  metadata: ResponseMetadata,
  metered: boolean,
): ConverseResponse {
  if (!isRecord(response.usage)) response.usage = { ...NO_USAGE };
  if (!isRecord(response.metrics)) response.metrics = { ...NO_METRICS };
  response.$metadata = metered ? metadata : { ...metadata, usageMissing: true };
  return response;
}

/** An answer that came as one body. */
export interface WholeAnswer<Read> {
  readonly head: AnswerHead;
  readonly read: Read;
}

/** A whole answer as its caller gets it, with the names he has given. */
export function completeWhole(
  { names, model, changes }: PreparedRequest,
  { head, read }: WholeAnswer<ConverseResponse>,
  ledger: CallLedger,
  memory: ModelMemory,
): ConverseResponse {
  const { content } = read.output.message;
  if (names.isNeeded) restoreNames(content, names);
  memory.noteReasoning(content, model);
  return complete(read, metadataOf(ledger, head, changes), isMetered(read.usage));
}

/** How far a stream has come. */
export interface StreamProgress {
  /** Of the attempt that is running, or ran last. */
  builder: ResponseBuilder;
  /** Whether the reader has been told that the message starts, by whichever attempt. */
  isStartTold: boolean;
  /** Of the stream that is running, or ran last. */
  head: AnswerHead | undefined;
  /** That it took until it had content; 0 until then. */
  attempts: number;
}

/** Nothing has come yet. */
export function createProgress(): StreamProgress {
  return { builder: new ResponseBuilder(), isStartTold: false, head: undefined, attempts: 0 };
}

/** Tells an error of a stream what only its caller knows: what had arrived, in which answer. */
export function completeError(
  error: BedrockError,
  { builder, head, attempts }: StreamProgress,
): BedrockError {
  if (head !== undefined || error instanceof StreamError) {
    attachPartial(error, () => builder.build());
  }
  if (head === undefined) return error;
  if (attempts > 0) error.attempts = attempts;
  error.status ??= head.status;
  error.requestId ??= head.requestId;
  return error;
}
