// Why a request did not read from the cache what the one before it wrote. Told from the two requests
// alone: an entry that ran out of time, or was never written because its call failed, cannot be seen.

import type { UnknownRecord } from "../core/json.ts";
import type { CheckableRequest } from "../messages/check-request.ts";
import { type CacheTraits, traitsOf } from "../models/model-traits.ts";
import { type FoundChange, findChange, isBefore } from "./cache-change.ts";
import { minimumTokensOf } from "./cache-estimate.ts";
import { type Prefix, type PrefixPoint, type PrefixSection, toPrefix } from "./cache-prefix.ts";
import { toWireRequest } from "./cache-request.ts";
import type { ConverseBody, ConverseOptions } from "./converse-options.ts";

/** What one request can read of what the one before it wrote. */
export interface CacheExplanation {
  /** Whether `next` reads all that `previous` can have written. */
  hit: boolean;
  /** The answer in a sentence or two. Never holds a prompt. */
  summary: string;
  /** Paths of the cache points of `previous` whose prefix `next` reads, in order. */
  readable: string[];
  /** The other points of `previous`, each with its reason. */
  lost: LostCachePoint[];
  /** The first difference before the last cache point of `previous`. */
  change?: CacheChange;
}

/** One cache point of `previous` that `next` does not read. */
export interface LostCachePoint {
  /** Counted in `previous`. */
  path: string;
  /**
   * `changed`: the prefix before it is another one; `too-short`: the model caches only longer
   * prefixes; `too-far`: no point of `next` is near enough after it; `not-read`: none is after it;
   * `not-cached`: the model does not cache this.
   */
  reason: "changed" | "too-short" | "too-far" | "not-read" | "not-cached";
  message: string;
}

/** Where the prefix changed. */
export interface CacheChange {
  /**
   * The place on the wire, such as `toolConfig.tools.2.toolSpec.inputSchema.json.properties.x`,
   * counted in `next`; of what is gone, counted in `previous`.
   */
  path: string;
  /** What it belongs to. Of Claude, `textFormat` spares the tools, and what follows it the system. */
  section: PrefixSection;
  message: string;
}

const NO_POINT =
  'Miss. The previous request has no cache point, so nothing was written. cache: "auto" places none where the model is not named or not known to cache, or the prompt is too short.';

/** A request on the wire, as it is asked for, or as `explainRequest` tells it. */
export type CacheableRequest =
  | CheckableRequest
  | ConverseOptions
  | { readonly modelId: string; readonly request: ConverseBody };

/**
 * How many places the service tries for each cache point, its own included.
 * https://platform.claude.com/docs/en/build-with-claude/prompt-caching
 */
const LOOK_BACK_PLACES = 20;

interface Circumstances {
  readonly next: Prefix;
  readonly cache: CacheTraits | false | undefined;
  readonly change: FoundChange | undefined;
}

/**
 * Tells whether `next` reads from the cache what `previous` wrote, and if not, which change broke the
 * prefix. Takes two requests in the form of the wire, bytes as `Uint8Array` or as base64, or as the
 * options of `invoke`, which get their cache points as with `cache: "auto"` unless they hold some.
 * Compares them in the order in which they are hashed: model id, tools, system, messages. Lengths are
 * estimates. Where a request names no model, the models are taken to be the same. Throws `TypeError`
 * for what is no request, and for options that cannot be read.
 */
export function explainCache(previous: CacheableRequest, next: CacheableRequest): CacheExplanation {
  try {
    return explain(toWireRequest(previous), toWireRequest(next));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TypeError("explainCache: a request is nested too deeply, or in a circle.");
  }
}

function explain(previous: UnknownRecord, next: UnknownRecord): CacheExplanation {
  const was = toPrefix(previous);
  const is = toPrefix(next);
  const lastPoint = was.points.at(-1);
  if (lastPoint === undefined) {
    return { hit: false, summary: NO_POINT, readable: [], lost: [] };
  }
  const change = findChange(was, is, lastPoint);
  const { cache } = traitsOf(baseModelIdOf(previous) ?? was.modelId ?? is.modelId);
  const losses = was.points.map((point) => lossOf(point, { next: is, cache, change }));
  const best = losses.lastIndexOf(undefined);
  // What lies before a prefix that is read is read with it, however it would fare alone.
  const lost = losses.flatMap((loss, index) =>
    loss === undefined || (index < best && loss.reason !== "not-cached") ? [] : [loss],
  );
  const readable = was.points
    .slice(0, best + 1)
    .flatMap(({ path }) => (lost.some((loss) => loss.path === path) ? [] : [path]));
  const hit = best >= 0 && lost.every(({ reason }) => reason === "not-cached");
  const told = change && {
    path: withoutKeysOfValues(change.path),
    section: change.section,
    message: change.message,
  };
  return {
    hit,
    summary: summaryOf(hit, readable, lost, told),
    readable,
    lost,
    ...(told === undefined ? {} : { change: told }),
  };
}

function baseModelIdOf({ baseModelId }: UnknownRecord): string | undefined {
  return typeof baseModelId === "string" ? baseModelId : undefined;
}

/** The names of members in a tool's input or result are as much of the prompt as their values. */
function withoutKeysOfValues(path: string): string {
  return path.replace(/^(messages\..*?\.(?:toolUse\.input|json))\..*$/s, "$1");
}

/** Why a point by itself is not read; undefined when it is. */
function lossOf(point: PrefixPoint, circumstances: Circumstances): LostCachePoint | undefined {
  const { next, cache, change } = circumstances;
  const { path, section, tokens, blocks } = point;
  if (cache === false) {
    return { path, reason: "not-cached", message: "The model caches nothing." };
  }
  if (cache !== undefined && !cache.sections.includes(section)) {
    return { path, reason: "not-cached", message: `The model does not cache ${section}.` };
  }
  const minimum = minimumTokensOf(cache);
  if (tokens < minimum) {
    const message = `About ${tokens} tokens lie before it; what is shorter than ${minimum} is not cached, and nothing is said about it.`;
    return { path, reason: "too-short", message };
  }
  if (change !== undefined && isBefore(change, point)) {
    const at = withoutKeysOfValues(change.path);
    return { path, reason: "changed", message: `The prefix changed before it, at ${at}.` };
  }
  const reader = next.points.find(
    (other) =>
      other.blocks >= blocks && (cache === undefined || cache.sections.includes(other.section)),
  );
  if (reader === undefined) {
    const message =
      next.points.length === 0
        ? "The next request has no cache point to read it from."
        : "The next request has no cache point there or later to read it from.";
    return { path, reason: "not-read", message };
  }
  const distance = reader.blocks - blocks;
  if (distance < LOOK_BACK_PLACES) return undefined;
  const message = `The nearest cache point after it is ${distance} blocks away, at ${reader.path}; the service looks back over ${LOOK_BACK_PLACES} places only.`;
  return { path, reason: "too-far", message };
}

function summaryOf(
  hit: boolean,
  readable: readonly string[],
  lost: readonly LostCachePoint[],
  change: CacheChange | undefined,
): string {
  const upTo = readable.at(-1);
  if (hit) return `Hit. All that was written is read, up to ${upTo}.`;
  const last = lost.findLast(({ reason }) => reason !== "not-cached") ?? lost.at(-1);
  const cause =
    last?.reason === "changed" && change !== undefined
      ? `${change.path}: ${change.message}`
      : `${last?.path}: ${last?.message}`;
  return upTo === undefined ? `Miss. ${cause}` : `Partial hit, up to ${upTo} only. ${cause}`;
}
