// The order in which the events of an answer may come. One message starts and stops; in between blocks
// start, grow and stop, told apart by their index alone: they may interleave, and indexes may have
// gaps. Text, reasoning and citations need no start. What is newer than our types may stand anywhere.
// https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-call.html

import type {
  ContentBlockDelta,
  ContentBlockStart,
  ConverseStreamEvent,
} from "../core/converse-events.ts";
import { StreamError } from "../core/errors.ts";
import { isRecord } from "../core/json.ts";

/** What a block holds; undefined while nothing has told. */
type BlockKind = "text" | "reasoning" | "toolUse" | "toolResult" | "image";

interface BlockState {
  kind: BlockKind | undefined;
  isOpen: boolean;
}

/** Kinds that cannot be without their start, which alone says which tool or format they are of. */
const STARTED_KINDS = ["toolUse", "toolResult", "image"] as const;

/** Stop reasons of a model that has said all it wanted. */
const WHOLE_REASONS: ReadonlySet<string> = new Set(["tool_use", "end_turn", "stop_sequence"]);

/** Follows one answer. */
export class EventOrder {
  readonly #blocks = new Map<number, BlockState>();
  #isStarted = false;
  #isStopped = false;

  /** Takes the next event. Throws a `StreamError` (`protocol`) for one that cannot come now. */
  check(event: ConverseStreamEvent): void {
    if (event.contentBlockDelta !== undefined) {
      this.#checkDelta(event.contentBlockDelta.contentBlockIndex, event.contentBlockDelta.delta);
    } else if (event.contentBlockStart !== undefined) {
      this.#checkStart(event.contentBlockStart.contentBlockIndex, event.contentBlockStart.start);
    } else if (event.contentBlockStop !== undefined) {
      const block = this.#blockAt(event.contentBlockStop.contentBlockIndex);
      if (!block.isOpen) throw impossible("a content block that stops twice");
      block.isOpen = false;
    } else if (event.messageStart !== undefined) {
      if (this.#isStarted) throw impossible("a message that starts twice");
      this.#isStarted = true;
    } else if (event.messageStop !== undefined) {
      this.#checkMessageStop(event.messageStop.stopReason);
    }
  }

  #checkDelta(index: number, delta: ContentBlockDelta): void {
    const block = this.#blockAt(index);
    if (!block.isOpen) throw impossible("a part of a content block that has stopped");
    const kind = kindOfDelta(delta);
    if (kind === undefined || kind === block.kind) return;
    const needsStart = STARTED_KINDS.some((started) => started === kind);
    if (block.kind !== undefined || needsStart) {
      throw impossible(`a ${kind} part of a content block that is none`);
    }
    block.kind = kind;
  }

  #checkStart(index: number, start: ContentBlockStart): void {
    const isKnown = this.#blocks.has(index);
    const block = this.#blockAt(index);
    if (isKnown) throw impossible("a content block that starts after it has begun");
    block.kind = isRecord(start) ? STARTED_KINDS.find((kind) => isRecord(start[kind])) : undefined;
  }

  #checkMessageStop(stopReason: string): void {
    if (!this.#isStarted) throw impossible("a message that stops before it starts");
    if (this.#isStopped) throw impossible("a message that stops twice");
    this.#isStopped = true;
    // A text that the model has stopped is whole. So must a call be, unless something cut it.
    if (!WHOLE_REASONS.has(stopReason)) return;
    for (const { kind, isOpen } of this.#blocks.values()) {
      if (kind === "toolUse" && isOpen) throw impossible("a tool call that does not stop");
    }
  }

  /** The block of an index, new or not, at a moment when content may come. */
  #blockAt(index: number): BlockState {
    if (!this.#isStarted) throw impossible("content before the message starts");
    if (this.#isStopped) throw impossible("content after the message has stopped");
    let block = this.#blocks.get(index);
    if (block === undefined) {
      block = { kind: undefined, isOpen: true };
      this.#blocks.set(index, block);
    }
    return block;
  }
}

/** Undefined for a delta newer than our types, which may go with any block. */
function kindOfDelta(delta: ContentBlockDelta): BlockKind | undefined {
  if (delta.text !== undefined || delta.citation !== undefined) return "text";
  if (delta.toolUse !== undefined) return "toolUse";
  if (delta.reasoningContent !== undefined) return "reasoning";
  if (delta.toolResult !== undefined) return "toolResult";
  if (delta.image !== undefined) return "image";
  return undefined;
}

function impossible(what: string): StreamError {
  return new StreamError(`The stream holds ${what}.`, {
    reason: "protocol",
    hint: "Events were lost, doubled or mixed up on their way: check that the endpoint is that of bedrock-runtime, and what stands between.",
  });
}
