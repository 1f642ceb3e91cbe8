// How models differ in what they accept. What is not stated is unknown, and what is unknown is allowed:
// the service is the judge, and what it refuses is learnt (see learn-refusal.ts).

import { remembered } from "../core/remembered.ts";
import { findModel, resolveAlias } from "./catalogue.ts";
import { parseModelId } from "./model-id.ts";
import { TRAIT_ROWS } from "./trait-rows.ts";

/** A part of the request that can be cached. */
export type CacheSection = "tools" | "system" | "messages";

/** How a model caches prompts. */
export interface CacheTraits {
  readonly sections: readonly CacheSection[];
  readonly ttls: readonly ("5m" | "1h")[];
  /** Shorter prefixes are not cached, and nothing is said about it. */
  readonly minimumTokens?: number;
}

/** What a model accepts. A member that is absent is not known, and then nothing is changed for it. */
export interface ModelTraits {
  /** `temperature`, `topP` and the model's `top_k`: any of them, one of the first two, or none. */
  readonly sampling?: "any" | "one" | "none";
  /**
   * How Claude's `thinking` may be given: not at all, with a budget, either way, `adaptive` (or
   * `disabled`), or `adaptive` only, for it cannot be switched off.
   */
  readonly thinking?: "none" | "budget" | "either" | "adaptive" | "always";
  /** Accepted levels of effort, in rising order; none when empty. */
  readonly efforts?: readonly string[];
  /** With its reasoning at high effort, `maxTokens`, `temperature` and `topP` must be unset. */
  readonly unboundedAtHighEffort?: boolean;
  readonly toolChoices?: readonly ("auto" | "any" | "tool")[];
  /** Whether a call can be forced while the model thinks. */
  readonly forcesWhileThinking?: boolean;
  readonly strictTools?: boolean;
  readonly textFormat?: boolean;
  /** Whether a conversation may end with the assistant's words, to be continued. */
  readonly prefill?: boolean;
  /** Whether tools can be offered in ConverseStream. */
  readonly streamingTools?: boolean;
  /** Whether `role: "system"` is read among the messages. */
  readonly systemRole?: boolean;
  /** Whether tools can come and go within a conversation, by system messages. */
  readonly toolChanges?: boolean;
  readonly toolResultStatus?: boolean;
  /** Whether a message with tool results may hold nothing else. */
  readonly toolResultsAlone?: boolean;
  /** Whether tool names may hold `-`. */
  readonly hyphensInToolNames?: boolean;
  /** `word`: `[a-zA-Z0-9_-]{1,64}`; `nine`: exactly nine letters and digits. */
  readonly toolUseIds?: "word" | "nine";
  /** Which reasoning is taken back: with a signature (or redacted), or none. */
  readonly reasoningReplay?: "signed" | "none";
  /** Whether citations must be on for all documents or for none. */
  readonly uniformCitations?: boolean;
  /** Whether a stop sequence may be white space. */
  readonly blankStopSequences?: boolean;
  /** False when the model caches nothing. */
  readonly cache?: CacheTraits | false;
  /** Most tokens of one answer. */
  readonly maxOutput?: number;
  /** Parameters that were refused by name: of the request, or of `additionalModelRequestFields`. */
  readonly refusedParameters?: readonly string[];
}

const UNKNOWN: ModelTraits = {};

/** Ids are few, but may come from outside. */
const MAX_REMEMBERED = 1000;
const traitsOfBase = remembered(MAX_REMEMBERED, findTraits);

/** What the model behind an id, ARN or alias accepts; nothing is known of an id that hides its model. */
export function traitsOf(modelId: string | undefined): ModelTraits {
  const baseId = modelId === undefined ? undefined : parseModelId(resolveAlias(modelId)).baseId;
  return baseId === undefined ? UNKNOWN : traitsOfBase(baseId);
}

function findTraits(baseId: string): ModelTraits {
  const maxOutput = findModel(baseId)?.maxOutput;
  const known = maxOutput === undefined ? UNKNOWN : { maxOutput };
  const rows = TRAIT_ROWS.filter(([pattern]) => pattern.test(baseId)).map(([, traits]) => traits);
  return Object.assign({}, known, ...rows);
}
