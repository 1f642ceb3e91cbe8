// How models differ in what they accept, as one table of patterns over base ids. What is not stated
// is unknown, and what is unknown is allowed: the service is the judge, and what it refuses is learnt
// (see learn-refusal.ts). Facts as of 2026-11; each group names where they come from.

import { findModel, resolveAlias } from "./catalogue.ts";
import { parseModelId } from "./model-id.ts";

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

const EFFORTS = ["low", "medium", "high", "xhigh", "max"] as const;
const K = 1000;

/** Tools, system and messages, five minutes or an hour. */
function claudeCache(minimumTokens?: number): CacheTraits {
  const base = { sections: ["tools", "system", "messages"], ttls: ["5m", "1h"] } as const;
  return minimumTokens === undefined ? base : { ...base, minimumTokens };
}

function shortClaudeCache(minimumTokens: number): CacheTraits {
  return { ...claudeCache(minimumTokens), ttls: ["5m"] };
}

function novaCache(minimumTokens: number): CacheTraits {
  return { sections: ["system", "messages"], ttls: ["5m"], minimumTokens };
}

/** Matches a Claude of exactly this version, whatever date and revision follow. */
function claude(version: string): RegExp {
  return new RegExp(`^anthropic\\.claude-(?:${version})(?:-\\d{8})?(?:-v\\d+)?(?::.*)?$`);
}

/**
 * All rows that match apply in this order, so that later ones correct earlier ones.
 * Claude: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-claude.html and
 * https://platform.claude.com/docs/en/about-claude/models/overview.
 */
const ROWS: readonly (readonly [pattern: RegExp, traits: ModelTraits])[] = [
  [
    /^anthropic\.claude/,
    {
      toolUseIds: "word",
      toolResultStatus: true,
      streamingTools: true,
      reasoningReplay: "signed",
      uniformCitations: true,
      blankStopSequences: false,
    },
  ],
  // https://github.com/BerriAI/litellm/pull/32831: the role is refused before Opus 4.8.
  [claude("3-.*|opus-4(?:-[1567])?|sonnet-4(?:-[56])?|haiku-4-5"), { systemRole: false }],
  [
    claude("3-(?:opus|sonnet|haiku)|3-5-sonnet"),
    {
      sampling: "any",
      thinking: "none",
      efforts: [],
      strictTools: false,
      textFormat: false,
      prefill: true,
      reasoningReplay: "none",
    },
  ],
  [claude("3-(?:opus|sonnet|haiku)"), { cache: false, maxOutput: 4096 }],
  [
    claude("3-5-haiku"),
    {
      sampling: "any",
      thinking: "none",
      efforts: [],
      strictTools: false,
      textFormat: false,
      prefill: true,
      reasoningReplay: "none",
      cache: shortClaudeCache(2048),
    },
  ],
  [claude("3-5-(?:haiku|sonnet)"), { maxOutput: 8192 }],
  [
    claude("3-7-sonnet|sonnet-4|opus-4"),
    {
      sampling: "any",
      thinking: "budget",
      efforts: [],
      forcesWhileThinking: false,
      strictTools: false,
      textFormat: false,
      prefill: true,
      cache: shortClaudeCache(1024),
    },
  ],
  // https://github.com/BerriAI/litellm/issues/15070: temperature or top_p from 4.1 on.
  [
    claude("opus-4-1"),
    {
      sampling: "one",
      thinking: "budget",
      efforts: [],
      forcesWhileThinking: false,
      prefill: true,
      cache: shortClaudeCache(1024),
    },
  ],
  // Structured output is said to work on Opus 4.1 (https://github.com/anomalyco/models.dev/pull/1765)
  // and depends on the account on Haiku 4.5 (https://github.com/vercel/ai/pull/20128): to be learnt.
  [
    claude("(?:opus|sonnet|haiku)-4-5"),
    {
      sampling: "one",
      thinking: "budget",
      efforts: [],
      forcesWhileThinking: false,
      prefill: true,
      cache: claudeCache(4096),
    },
  ],
  [claude("(?:opus|sonnet)-4-5"), { strictTools: true, textFormat: true }],
  [claude("sonnet-4-5"), { cache: claudeCache(1024) }],
  // https://github.com/anthropics/claude-code/issues/30795
  [claude("(?:sonnet|haiku)-4-5"), { efforts: [] }],
  [claude("opus-4-5"), { efforts: ["low", "medium", "high"] }],
  // https://github.com/anomalyco/opencode/issues/29760 (prefill), BerriAI/litellm/issues/28898 (effort).
  [
    claude("(?:opus|sonnet)-4-6"),
    {
      sampling: "one",
      thinking: "either",
      efforts: ["low", "medium", "high", "max"],
      forcesWhileThinking: false,
      strictTools: true,
      textFormat: true,
      prefill: false,
      cache: claudeCache(4096),
    },
  ],
  [claude("sonnet-4-6"), { cache: claudeCache(2048), maxOutput: 128 * K }],
  // https://github.com/cline/cline/issues/10572: no sampling parameters from Opus 4.7 on.
  [
    claude(
      "opus-4-[78]|(?:sonnet|opus|fable|mythos)-5|(?:fable|mythos)-5-1|(?:opus|sonnet|haiku)-5-5",
    ),
    {
      sampling: "none",
      efforts: EFFORTS,
      prefill: false,
      cache: claudeCache(),
      maxOutput: 128 * K,
    },
  ],
  [claude("opus-4-[78]|(?:sonnet|opus)-5|haiku-5-5"), { thinking: "adaptive" }],
  [claude("(?:fable|mythos)-5|(?:fable|mythos)-5-1|(?:opus|sonnet)-5-5"), { thinking: "always" }],
  [
    claude(
      "opus-4-8|(?:sonnet|opus|fable|mythos)-5|(?:fable|mythos)-5-1|(?:opus|sonnet|haiku)-5-5",
    ),
    { systemRole: true },
  ],
  [claude("sonnet-5"), { toolChanges: false }],
  [claude("opus-4-7"), { forcesWhileThinking: false, cache: claudeCache(2048) }],
  [claude("opus-4-8|sonnet-5|opus-5|haiku-5-5"), { forcesWhileThinking: true }],
  [claude("opus-4-8|sonnet-5"), { cache: claudeCache(1024) }],
  [claude("opus-5|fable-5"), { cache: claudeCache(512) }],
  // https://github.com/presenton/presenton/issues/939, anthropics/anthropic-sdk-python/issues/1759.
  // Reports on Opus 5 and Fable 5 conflict, so those are left to be learnt.
  [
    claude("opus-4-[78]|sonnet-5|(?:fable|mythos)-5-1|(?:opus|sonnet|haiku)-5-5"),
    { strictTools: false, textFormat: false },
  ],
  // https://github.com/langchain-ai/langchain-aws/issues/1273
  [claude("(?:fable|mythos)-5-1|(?:opus|sonnet)-5-5"), { toolChoices: ["auto"] }],

  // https://docs.aws.amazon.com/nova/latest/userguide/; hyphens: SEMOSS/Semoss/issues/2892.
  [
    /^amazon\.nova-/,
    {
      sampling: "any",
      toolResultStatus: true,
      streamingTools: true,
      systemRole: false,
      hyphensInToolNames: false,
      cache: novaCache(1536),
    },
  ],
  [/^amazon\.nova-(?:micro|lite|pro|premier)-/, { reasoningReplay: "none" }],
  [/^amazon\.nova-(?:pro|premier)-/, { cache: novaCache(1024) }],
  [/^amazon\.nova-2-/, { unboundedAtHighEffort: true }],

  // https://github.com/earendil-works/pi/issues/3739 (streaming),
  // https://github.com/strands-agents/harness-sdk/issues/1223 (results alone).
  [
    /^meta\.llama/,
    {
      streamingTools: false,
      toolResultsAlone: true,
      toolChoices: ["auto"],
      reasoningReplay: "none",
    },
  ],
  [/^mistral\./, { toolUseIds: "nine", toolChoices: ["auto", "any"], reasoningReplay: "none" }],
  [/^(?:cohere|ai21)\./, { reasoningReplay: "none" }],
  [/^deepseek\.r1/, { streamingTools: false, reasoningReplay: "none" }],
  [/^writer\.palmyra/, { streamingTools: false }],
  // https://github.com/vercel/ai/issues/19062: later models want their redacted reasoning back.
  [/^openai\./, { thinking: "none" }],
  [/^openai\.gpt-oss/, { reasoningReplay: "none" }],
  // https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolResultBlock.html and
  // https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
  [
    /^(?:meta|mistral|cohere|ai21|writer|openai|deepseek)\./,
    { toolResultStatus: false, systemRole: false, cache: false },
  ],
];

const UNKNOWN: ModelTraits = {};

/** One id is asked about over and over; ids are few, but may come from outside. */
const MAX_REMEMBERED = 1000;
const remembered = new Map<string, ModelTraits>();

/** What the model behind an id, ARN or alias accepts; nothing is known of an id that hides its model. */
export function traitsOf(modelId: string | undefined): ModelTraits {
  const baseId = modelId === undefined ? undefined : parseModelId(resolveAlias(modelId)).baseId;
  if (baseId === undefined) return UNKNOWN;
  let traits = remembered.get(baseId);
  if (traits === undefined) {
    traits = findTraits(baseId);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(baseId, traits);
  }
  return traits;
}

function findTraits(baseId: string): ModelTraits {
  const maxOutput = findModel(baseId)?.maxOutput;
  const known = maxOutput === undefined ? UNKNOWN : { maxOutput };
  const rows = ROWS.filter(([pattern]) => pattern.test(baseId)).map(([, traits]) => traits);
  return Object.assign({}, known, ...rows);
}
