// From what a model function answered to the complete response: content written out, limits of the
// request applied, stop reason and usage filled in.

import type { ContentBlock } from "../core/content.ts";
import type { ConverseRequest, InferenceConfiguration } from "../core/converse-request.ts";
import type { ConverseResponse, StopReason, TokenUsage } from "../core/converse-response.ts";
import { isRecord } from "../core/json.ts";
import { CHARACTERS_PER_TOKEN, estimateTokens } from "./estimate-tokens.ts";
import type { CacheUsage } from "./prompt-cache.ts";
import type { LocalContent, LocalDetailedReply, LocalReply } from "./reply.ts";

/** What a made-up latency is made of. */
const BASE_LATENCY_MS = 50;
const LATENCY_PER_TOKEN_MS = 5;

const INPUT_COUNTS = [
  "inputTokens",
  "cacheReadInputTokens",
  "cacheWriteInputTokens",
  "cacheDetails",
] as const;

/**
 * Completes a reply; `cached` is what the request read and wrote where it has cache points. Throws
 * `TypeError` when it is none.
 */
export function toResponse(
  reply: LocalReply,
  request: ConverseRequest,
  cached?: CacheUsage,
): ConverseResponse {
  const detailed = toDetailed(reply);
  const { content, stopReason, usage, metrics, ...rest } = detailed;
  const blocks = toBlocks(content);
  const limited =
    stopReason === undefined
      ? applyLimits(blocks, request.inferenceConfig ?? {})
      : { content: blocks, stopReason };
  const counted = countUsage(request, limited.content, usage ?? {}, cached);
  return {
    output: { message: { role: "assistant", content: limited.content } },
    stopReason: limited.stopReason,
    usage: counted,
    metrics: {
      latencyMs: BASE_LATENCY_MS + LATENCY_PER_TOKEN_MS * counted.outputTokens,
      ...metrics,
    },
    ...servedAs(request),
    ...rest,
  } as ConverseResponse;
}

/** What Bedrock repeats of a request, to say what was really served. */
function servedAs({ performanceConfig, serviceTier }: ConverseRequest): Partial<ConverseResponse> {
  return {
    ...(performanceConfig === undefined ? {} : { performanceConfig }),
    ...(serviceTier === undefined ? {} : { serviceTier }),
  };
}

function toDetailed(reply: LocalReply): LocalDetailedReply {
  if (isRecord(reply) && "content" in reply) return reply as unknown as LocalDetailedReply;
  return { content: reply as LocalContent };
}

function toBlocks(content: LocalContent): ContentBlock[] {
  if (typeof content === "string") return [{ text: content }];
  const blocks: unknown[] = Array.isArray(content) ? content : [content];
  for (const block of blocks) {
    if (isRecord(block)) continue;
    throw new TypeError(
      "A model function must answer with a text, content blocks or an object with `content`.",
    );
  }
  return blocks as ContentBlock[];
}

/** Cuts the text at a stop sequence or at `maxTokens`, and says why the model stopped. */
function applyLimits(
  blocks: readonly ContentBlock[],
  { maxTokens, stopSequences = [] }: InferenceConfiguration,
): { content: ContentBlock[]; stopReason: StopReason } {
  let charactersLeft = (maxTokens ?? Number.POSITIVE_INFINITY) * CHARACTERS_PER_TOKEN;
  const content: ContentBlock[] = [];
  for (const block of blocks) {
    if (block.text === undefined) {
      content.push(block);
      continue;
    }
    const stopsAt = firstIndexOf(block.text, stopSequences);
    const isCut = Math.min(stopsAt, block.text.length) > charactersLeft;
    const end = isCut ? charactersLeft : stopsAt;
    const text = wholeCharacters(block.text, end);
    charactersLeft -= text.length;
    if (text !== "") content.push({ text });
    if (isCut) return { content, stopReason: "max_tokens" };
    if (stopsAt < block.text.length) return { content, stopReason: "stop_sequence" };
  }
  const isCalling = content.some(
    ({ toolUse }) => toolUse !== undefined && toolUse.type !== "server_tool_use",
  );
  return { content, stopReason: isCalling ? "tool_use" : "end_turn" };
}

/** Where the first of the sequences begins; infinity when none occurs. */
function firstIndexOf(text: string, sequences: readonly string[]): number {
  let first = Number.POSITIVE_INFINITY;
  for (const sequence of sequences) {
    const index = text.indexOf(sequence);
    if (index >= 0) first = Math.min(first, index);
  }
  return first;
}

/** The text up to `end`, less half a surrogate pair. */
function wholeCharacters(text: string, end: number): string {
  const isHalf = /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
  return text.slice(0, isHalf && end < text.length ? end - 1 : end);
}

function countUsage(
  request: ConverseRequest,
  content: readonly ContentBlock[],
  given: Partial<TokenUsage>,
  cached: CacheUsage | undefined,
): TokenUsage {
  const { messages, system, toolConfig } = request;
  // A reply that counts any of the input counts all of it.
  const isCounted = INPUT_COUNTS.some((name) => given[name] !== undefined);
  const usage = { ...given, ...(isCounted ? undefined : cached) };
  const outside = (usage.cacheReadInputTokens ?? 0) + (usage.cacheWriteInputTokens ?? 0);
  const estimated = estimateTokens({ messages, system, toolConfig });
  const inputTokens = given.inputTokens ?? (isCounted ? estimated : estimated - outside);
  const outputTokens = given.outputTokens ?? estimateTokens(content);
  const totalTokens = given.totalTokens ?? inputTokens + outputTokens + outside;
  return { ...usage, inputTokens, outputTokens, totalTokens };
}
