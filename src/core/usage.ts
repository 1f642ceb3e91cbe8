// Adding the usage of several calls. What a sum no longer tells is how long each prompt was, on which
// the price of some models depends.

import type { CacheDetail, TokenUsage } from "./converse-response.ts";

/** Longest first, as Bedrock sorts them. */
const KNOWN_TTLS: readonly string[] = ["1h", "5m"];

/**
 * The sum of two usages, member by member; neither is changed. A member that both lack stays absent.
 * `cacheDetails` has each time to live once: an hour, five minutes, then others by name.
 */
export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  const sum: TokenUsage = {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    totalTokens: a.totalTokens + b.totalTokens,
  };
  for (const name of ["cacheReadInputTokens", "cacheWriteInputTokens"] as const) {
    const [one, other] = [a[name], b[name]];
    if (one !== undefined || other !== undefined) sum[name] = (one ?? 0) + (other ?? 0);
  }
  if (a.cacheDetails !== undefined || b.cacheDetails !== undefined) {
    sum.cacheDetails = mergeDetails([...(a.cacheDetails ?? []), ...(b.cacheDetails ?? [])]);
  }
  return sum;
}

function mergeDetails(details: readonly CacheDetail[]): CacheDetail[] {
  const byTtl = new Map<CacheDetail["ttl"], number>();
  for (const { ttl, inputTokens } of details) {
    byTtl.set(ttl, (byTtl.get(ttl) ?? 0) + inputTokens);
  }
  return [...byTtl]
    .map(([ttl, inputTokens]) => ({ ttl, inputTokens }))
    .sort((one, other) => rankOf(one.ttl) - rankOf(other.ttl) || (one.ttl < other.ttl ? -1 : 1));
}

function rankOf(ttl: string): number {
  const rank = KNOWN_TTLS.indexOf(ttl);
  return rank < 0 ? KNOWN_TTLS.length : rank;
}
