// One streamed call from its request to its end, told to a feed. What lives as long as the stream is
// made apart from the request: a stream may be open for long, and what was asked may be large.

import { readConverseResponse } from "../converse/read-response.ts";
import type { ConverseResponse } from "../core/converse-response.ts";
import { type AbortError, BedrockError } from "../core/errors.ts";
import {
  complete,
  completeError,
  completeWhole,
  createProgress,
  metadataOf,
  type StreamProgress,
  type WholeAnswer,
} from "./complete.ts";
import type { StreamFeed } from "./converse-stream.ts";
import { sendLearning } from "./learning.ts";
import type { ModelMemory } from "./model-memory.ts";
import type { PreparedRequest } from "./prepare-request.ts";
import type { BegunStream } from "./receive-stream.ts";
import type { RunningCall } from "./running-call.ts";
import type { Sender } from "./sender.ts";
import { toldEvents } from "./told-events.ts";
import type { Warner } from "./warner.ts";

/** The parts of a client that its streams share. */
export interface StreamParts {
  readonly sender: Sender;
  readonly memory: ModelMemory;
  readonly warner: Warner;
}

/** An answer that has come whole, or one that is coming, with what of its request is still needed. */
type AnswerUnderWay =
  | { readonly whole: ConverseResponse }
  | (BegunStream & Pick<PreparedRequest, "model" | "changes">);

/**
 * Begins the call. Everything that comes of it is told to `feed`. Returns what aborts it, which tells
 * the error that the call ends with: the first one.
 */
export function runStream(
  parts: StreamParts,
  first: PreparedRequest,
  prepare: () => PreparedRequest,
  feed: StreamFeed,
): (error: AbortError) => BedrockError {
  const { responseMs, callersMs } = first.timeouts;
  const call = parts.sender.begin(first, first.operation === "converse" ? responseMs : callersMs);
  const progress = createProgress();
  const beginning = begin(parts, first, prepare, feed, call, progress);
  void finish(parts, beginning, feed, call, progress);
  return aborterOf(call, progress);
}

/** Resolves with the first content of a stream, or with the whole answer. The request ends here. */
async function begin(
  { sender, memory }: StreamParts,
  first: PreparedRequest,
  prepare: () => PreparedRequest,
  feed: StreamFeed,
  call: RunningCall,
  progress: StreamProgress,
): Promise<AnswerUnderWay> {
  const { ledger } = call;
  const { request, value } = await sendLearning(first, {
    memory,
    refit: prepare,
    send: (asked): Promise<BegunStream | WholeAnswer<ConverseResponse>> =>
      asked.operation === "converse"
        ? sender.sendWhole(asked, call, readConverseResponse)
        : sender.sendStream(asked, feed, call, progress),
  });
  if ("read" in value) {
    const whole = completeWhole(request, value, ledger, memory);
    for (const event of toldEvents(whole)) feed.channel.push(event, 0);
    return { whole };
  }
  const { head, finished } = value;
  progress.attempts = ledger.attempts;
  return { head, finished, model: request.model, changes: request.changes };
}

async function finish(
  { sender, memory, warner }: StreamParts,
  beginning: Promise<AnswerUnderWay>,
  feed: StreamFeed,
  call: RunningCall,
  progress: StreamProgress,
): Promise<void> {
  try {
    const begun = await beginning;
    if ("whole" in begun) return feed.succeed(begun.whole);
    await begun.finished;
    const response = progress.builder.build();
    memory.noteReasoning(response.output.message.content, begun.model);
    if (progress.builder.isMeteredTwice) warner.warnOfMetering(begun.model);
    const metadata = metadataOf(call.ledger, begun.head, begun.changes);
    feed.succeed(complete(response, metadata, progress.builder.metered));
  } catch (error) {
    feed.fail(error instanceof BedrockError ? completeError(error, progress) : (error as Error));
  } finally {
    sender.end(call);
  }
}

function aborterOf(
  { cancellation }: RunningCall,
  progress: StreamProgress,
): (error: AbortError) => BedrockError {
  return (error) => {
    cancellation.cancel(error);
    return completeError(cancellation.error ?? error, progress);
  };
}
