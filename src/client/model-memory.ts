// What a client has learnt about models from their answers: what they refuse, and whose reasoning is
// whose. It lives as long as the client.

import { createHash } from "node:crypto";
import { BoundedMap } from "../core/bounded-map.ts";
import type { ContentBlock, ReasoningContentBlock } from "../core/content.ts";
import { BedrockError } from "../core/errors.ts";
import { isRecord, type UnknownRecord } from "../core/json.ts";
import { learnRefusal, teaches } from "../models/learn-refusal.ts";
import type { Lesson } from "../models/lessons.ts";
import { parseModelId } from "../models/model-id.ts";
import { type ModelTraits, traitsOf } from "../models/model-traits.ts";

/** A model as a request names it. */
export interface NamedModel {
  readonly modelId: string;
  /** The model behind the id, as the caller states it. */
  readonly baseModelId: string | undefined;
}

/** Reasoning older than this many blocks is taken for the model's own, as unknown reasoning is. */
const MAX_REMEMBERED_BLOCKS = 10_000;

/** Each tenant may have a profile of its own; what is forgotten is learnt again. */
const MAX_REMEMBERED_MODELS = 1000;

export class ModelMemory {
  readonly #onLesson: (lesson: Lesson, model: NamedModel) => void;
  /** By the model itself where an id tells it, for it is the same behind each of its profiles. */
  readonly #learnt = new BoundedMap<string, ModelTraits>(MAX_REMEMBERED_MODELS);
  /** Digests of reasoning, with the model that it came from; oldest first. */
  readonly #authors = new BoundedMap<string, string>(MAX_REMEMBERED_BLOCKS);

  /** `onLesson` is told of each lesson, once; it must not throw. */
  constructor(onLesson: (lesson: Lesson, model: NamedModel) => void = () => {}) {
    this.#onLesson = onLesson;
  }

  /** What is known of a model: the table's facts, corrected by what it has refused. */
  traitsOf(model: NamedModel): ModelTraits {
    const known = traitsOf(model.baseModelId ?? model.modelId);
    const learnt = this.#learnt.get(keyOfModel(model));
    return learnt === undefined ? known : { ...known, ...learnt };
  }

  /** Takes a failure of a request as a lesson, and tells whether there is any in it, new or known. */
  learn(error: unknown, { model, body }: { model: NamedModel; body: string | Buffer }): boolean {
    // What may pass by itself is no fault of the request.
    if (!(error instanceof BedrockError) || error.status === undefined || error.retryable) {
      return false;
    }
    const sent = body.toString();
    const lesson = learnRefusal(error, this.traitsOf(model), sent);
    if (lesson === undefined) return teaches(error, sent);
    const key = keyOfModel(model);
    this.#learnt.set(key, { ...this.#learnt.get(key), ...lesson.traits });
    this.#onLesson(lesson, model);
    return true;
  }

  /** Remembers whose the reasoning of an answer is. */
  noteReasoning(content: readonly ContentBlock[], model: NamedModel): void {
    const author = authorOf(model);
    if (author === undefined) return;
    for (const block of content) {
      // What came over the network may not be what it should.
      const reasoning: unknown = isRecord(block) ? block.reasoningContent : undefined;
      const key = isRecord(reasoning) ? keyOf(reasoning) : undefined;
      if (key === undefined) continue;
      this.#authors.set(key, author);
    }
  }

  /** Whether a block of reasoning is known to come from another model. */
  isForeign(block: ReasoningContentBlock, model: NamedModel): boolean {
    if (this.#authors.size === 0) return false;
    const key = keyOf(block);
    const author = key === undefined ? undefined : this.#authors.get(key);
    const reader = authorOf(model);
    return author !== undefined && reader !== undefined && author !== reader;
  }
}

/** The model itself, which is the same behind each of its profiles; undefined when it is hidden. */
function authorOf({ modelId, baseModelId }: NamedModel): string | undefined {
  return parseModelId(baseModelId ?? modelId).baseId;
}

function keyOfModel(model: NamedModel): string {
  return authorOf(model) ?? model.modelId;
}

/** What tells a block from all others; nothing when it carries no proof of its origin. */
function keyOf({ reasoningText, redactedContent }: UnknownRecord): string | undefined {
  const signature = isRecord(reasoningText) ? reasoningText["signature"] : undefined;
  const proof =
    typeof signature === "string" && signature !== "" ? signature : toBytes(redactedContent);
  return proof === undefined || proof.length === 0
    ? undefined
    : createHash("sha256").update(proof).digest("base64");
}

/** Histories that were kept as JSON hold bytes as base64. */
function toBytes(value: unknown): Uint8Array | undefined {
  if (typeof value === "string") return Buffer.from(value, "base64");
  return value instanceof Uint8Array ? value : undefined;
}
