// What is known about models, as of a date. The service is the judge: nothing is refused because of
// this table, and a model that is not in it is simply unknown.
// https://docs.aws.amazon.com/bedrock/latest/userguide/models-supported.html

import { assertKnownOptions } from "../core/options.ts";
import { parseModelId } from "./model-id.ts";
import { findListedPrice, type ModelPrice } from "./price-list.ts";

/** What a model can do beyond answering text with text. */
export type ModelFeature =
  | "images"
  | "documents"
  | "video"
  | "tools"
  | "streaming_tools"
  | "reasoning"
  | "prompt_cache"
  | "sampling";

/** One model. */
export interface ModelInfo {
  /** An id to call it by: of an inference profile where the model is reached through one. */
  readonly id: string;
  readonly family: string;
  /** Tokens of prompt and answer together. */
  readonly context: number;
  /** Most tokens of one answer. */
  readonly maxOutput: number;
  readonly features: readonly ModelFeature[];
  /**
   * List price of this very `id`, on demand, for short prompts, when this was loaded; absent when it is
   * not known. Other prefixes may cost otherwise: `costOf` knows them.
   */
  readonly price?: ModelPrice | undefined;
  /** `legacy`: retired or about to be; accounts that did not use it are refused. */
  readonly status: "active" | "legacy";
  /** The day this was known, `YYYY-MM-DD`. */
  readonly asOf: string;
}

/** Names for the current choice in each class. */
export type ModelAlias = "fast" | "general" | "complex";

const AS_OF = "2026-11-22";

const CLAUDE = ["images", "documents", "tools", "streaming_tools", "prompt_cache"] as const;
const CLAUDE_THINKING = [...CLAUDE, "reasoning"] as const;
const NOVA = [
  "images",
  "documents",
  "video",
  "tools",
  "streaming_tools",
  "prompt_cache",
  "sampling",
] as const;

const K = 1000;

type Row = readonly [
  id: string,
  context: number,
  maxOutput: number,
  features: readonly ModelFeature[],
  status?: "legacy",
];

const ROWS: readonly Row[] = [
  ["global.anthropic.claude-opus-5-5", 1000 * K, 128 * K, CLAUDE_THINKING],
  ["global.anthropic.claude-opus-5", 1000 * K, 128 * K, CLAUDE_THINKING],
  ["global.anthropic.claude-sonnet-5", 1000 * K, 128 * K, CLAUDE_THINKING],
  ["global.anthropic.claude-opus-4-8", 1000 * K, 128 * K, CLAUDE_THINKING],
  ["global.anthropic.claude-opus-4-7", 1000 * K, 128 * K, CLAUDE_THINKING],
  ["global.anthropic.claude-opus-4-6-v1", 1000 * K, 128 * K, [...CLAUDE_THINKING, "sampling"]],
  ["global.anthropic.claude-sonnet-4-6", 1000 * K, 64 * K, [...CLAUDE_THINKING, "sampling"]],
  [
    "global.anthropic.claude-opus-4-5-20251101-v1:0",
    200 * K,
    64 * K,
    [...CLAUDE_THINKING, "sampling"],
  ],
  [
    "global.anthropic.claude-sonnet-4-5-20250929-v1:0",
    200 * K,
    64 * K,
    [...CLAUDE_THINKING, "sampling"],
  ],
  [
    "global.anthropic.claude-haiku-4-5-20251001-v1:0",
    200 * K,
    64 * K,
    [...CLAUDE_THINKING, "sampling"],
  ],
  ["us.anthropic.claude-opus-4-1-20250805-v1:0", 200 * K, 32 * K, [...CLAUDE_THINKING, "sampling"]],
  [
    "us.anthropic.claude-opus-4-20250514-v1:0",
    200 * K,
    32 * K,
    [...CLAUDE_THINKING, "sampling"],
    "legacy",
  ],
  ["us.anthropic.claude-3-5-haiku-20241022-v1:0", 200 * K, 8192, [...CLAUDE, "sampling"], "legacy"],
  [
    "us.anthropic.claude-3-5-sonnet-20240620-v1:0",
    200 * K,
    8192,
    ["images", "documents", "tools", "streaming_tools", "sampling"],
    "legacy",
  ],
  [
    "us.anthropic.claude-3-sonnet-20240229-v1:0",
    200 * K,
    4096,
    ["images", "documents", "tools", "streaming_tools", "sampling"],
    "legacy",
  ],
  [
    "us.amazon.nova-micro-v1:0",
    128 * K,
    10 * K,
    ["tools", "streaming_tools", "prompt_cache", "sampling"],
  ],
  ["us.amazon.nova-lite-v1:0", 300 * K, 10 * K, NOVA],
  ["us.amazon.nova-pro-v1:0", 300 * K, 10 * K, NOVA],
  ["us.amazon.nova-premier-v1:0", 1000 * K, 10 * K, NOVA],
];

const MODELS: readonly ModelInfo[] = ROWS.map(toModelInfo);

function toModelInfo([id, context, maxOutput, features, status]: Row): ModelInfo {
  const price = findListedPrice(id, { at: new Date(), promptTokens: 0 })?.price;
  return {
    id,
    family: parseModelId(id).baseId?.split(".")[0] ?? "",
    context,
    maxOutput,
    features,
    ...(price !== undefined && { price }),
    status: status ?? "active",
    asOf: AS_OF,
  };
}

const BY_BASE_ID: ReadonlyMap<string | undefined, ModelInfo> = new Map(
  MODELS.map((model) => [parseModelId(model.id).baseId, model]),
);

const ALIASES: ReadonlyMap<string, string> = new Map<ModelAlias, string>([
  ["fast", "global.anthropic.claude-haiku-4-5-20251001-v1:0"],
  ["general", "global.anthropic.claude-sonnet-5"],
  ["complex", "global.anthropic.claude-opus-5"],
]);

/** The id an alias stands for; any other id as it is. */
export function resolveAlias(id: string): string {
  return ALIASES.get(id) ?? id;
}

/**
 * What is known of a model, by id with or without prefix, by ARN, or by alias. Undefined when it is
 * not in the table, or when an ARN does not tell its model.
 */
export function findModel(idOrArnOrAlias: string): ModelInfo | undefined {
  const { baseId } = parseModelId(resolveAlias(idOrArnOrAlias));
  return baseId === undefined ? undefined : BY_BASE_ID.get(baseId);
}

/** Which models to list; every given member must fit. */
export interface ModelFilter {
  readonly family?: string | undefined;
  readonly status?: ModelInfo["status"] | undefined;
  /** All of these. */
  readonly features?: readonly ModelFeature[] | undefined;
}

const FILTER_NAMES: readonly (keyof ModelFilter)[] = ["family", "status", "features"];

/**
 * The models of the table, newest first within a family. Throws `TypeError` for a filter that is not
 * known.
 */
export function listModels(filter: ModelFilter = {}): ModelInfo[] {
  const given: unknown = filter;
  assertKnownOptions(given, FILTER_NAMES, "listModels");
  return MODELS.filter(
    (model) =>
      (filter.family === undefined || model.family === filter.family) &&
      (filter.status === undefined || model.status === filter.status) &&
      (filter.features ?? []).every((feature) => model.features.includes(feature)),
  );
}
