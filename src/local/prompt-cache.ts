// A prompt cache like the service's: what lies before a cache point is written once and read by the
// calls that begin in the same way. It keeps hashes, never prompts.
// https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html

import { BoundedMap } from "../core/bounded-map.ts";
import type { CacheTTL } from "../core/content.ts";
import type { ConverseRequest } from "../core/converse-request.ts";
import type { CacheDetail } from "../core/converse-response.ts";
import { traitsOf } from "../models/model-traits.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import { type CachePlace, hashBlocks, readPrompt } from "./prompt-prefix.ts";

/** What a request read and wrote, as `usage` reports it. */
export interface CacheUsage {
  cacheReadInputTokens: number;
  cacheWriteInputTokens: number;
  /** Of what was written; empty when that is nothing. */
  cacheDetails: CacheDetail[];
}

const TTL_MS: Readonly<Record<CacheTTL, number>> = { "5m": 5 * 60 * 1000, "1h": 60 * 60 * 1000 };

/** The order in which the service lists them. */
const TTLS: readonly CacheTTL[] = ["1h", "5m"];

/** Where a model's own minimum is not known. */
const DEFAULT_MINIMUM_TOKENS = 1024;

/** How many places are tried for each cache point, its own included. */
const LOOK_BACK_PLACES = 20;

const MAX_ENTRIES = 1_000;

interface Entry {
  readonly ttl: CacheTTL;
  readonly expiresAt: number;
}

/** A cache point that can be used, with what lies before it. */
interface UsablePlace extends CachePlace {
  readonly tokens: number;
}

/** The cache of one endpoint. Each model id has its own entries; the longest unused go first. */
export class PromptCache {
  readonly #now: () => number;
  readonly #entries = new BoundedMap<string, Entry>(MAX_ENTRIES);

  /** `now` tells the time in milliseconds. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** How many prefixes are kept. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Reads the longest prefix that is known, writes the rest up to the last cache point, and tells
   * how much that was. Undefined for a request without cache points.
   */
  use(request: ConverseRequest): CacheUsage | undefined {
    const prompt = readPrompt(request);
    if (prompt.places.length === 0) return undefined;
    const tokensBefore = (blocks: number): number => {
      return estimateTokens(prompt.blocks.slice(0, blocks).map(({ value }) => value));
    };
    const places = usablePlaces(request.modelId, prompt.places, tokensBefore);
    const hashes = hashBlocks(request, prompt.blocks.slice(0, places.at(-1)?.blocks ?? 0));
    const readBlocks = this.#read(places, hashes);
    const cacheReadInputTokens = tokensBefore(readBlocks);
    const written = new Map<CacheTTL, number>();
    let end = cacheReadInputTokens;
    for (const { blocks, ttl, tokens } of places) {
      // Inside of what was read nothing is charged, yet the place can be read from later.
      this.#touch(hashes[blocks], ttl);
      if (blocks <= readBlocks) continue;
      written.set(ttl, (written.get(ttl) ?? 0) + tokens - end);
      end = tokens;
    }
    const cacheDetails = TTLS.flatMap((ttl): CacheDetail[] => {
      const inputTokens = written.get(ttl) ?? 0;
      return inputTokens === 0 ? [] : [{ ttl, inputTokens }];
    });
    return {
      cacheReadInputTokens,
      cacheWriteInputTokens: end - cacheReadInputTokens,
      cacheDetails,
    };
  }

  /** How many blocks are known already, looking back from each place, the last one first. */
  #read(places: readonly CachePlace[], hashes: readonly string[]): number {
    for (const { blocks } of places.toReversed()) {
      const farthest = Math.max(blocks - LOOK_BACK_PLACES, 0);
      for (let known = blocks; known > farthest; known -= 1) {
        const entry = this.#find(hashes[known]);
        if (entry === undefined) continue;
        this.#touch(hashes[known], entry.ttl);
        return known;
      }
    }
    return 0;
  }

  #find(hash: string | undefined): Entry | undefined {
    const entry = hash === undefined ? undefined : this.#entries.get(hash);
    return entry !== undefined && entry.expiresAt > this.#now() ? entry : undefined;
  }

  /** Keeps an entry for as long again as it was written for, or writes it. */
  #touch(hash: string | undefined, ttl: CacheTTL): void {
    if (hash === undefined) return;
    const kept = this.#find(hash)?.ttl ?? ttl;
    this.#entries.delete(hash);
    this.#entries.set(hash, { ttl: kept, expiresAt: this.#now() + TTL_MS[kept] });
  }
}

/** The points in sections that the model caches, with enough before them. */
function usablePlaces(
  modelId: string,
  places: readonly CachePlace[],
  tokensBefore: (blocks: number) => number,
): UsablePlace[] {
  const { cache } = traitsOf(modelId);
  if (cache === false) return [];
  const minimum = cache?.minimumTokens ?? DEFAULT_MINIMUM_TOKENS;
  return places
    .filter(({ section }) => cache === undefined || cache.sections.includes(section))
    .map((place) => ({ ...place, tokens: tokensBefore(place.blocks) }))
    .filter(({ tokens }) => tokens >= minimum);
}
