// What is known of each model, as one table of patterns over base ids. Facts as of 2026-11; each group
// names where they come from.

import type { CacheTraits, ModelTraits } from "./model-traits.ts";

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
export const TRAIT_ROWS: readonly (readonly [pattern: RegExp, traits: ModelTraits])[] = [
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
