// `cache: "auto"`: cache points where they pay. What a conversation repeats on every call is its tools,
// its instructions and all earlier turns; what it says once is not worth the price of a write.

import type { CachePointBlock, ContentBlock, Message } from "../core/content.ts";
import type { CacheTraits, ModelTraits } from "../models/model-traits.ts";
import { countCharacters, minimumTokensOf, toTokens } from "./cache-estimate.ts";
import { hasCachePoint } from "./cache-point-search.ts";
import type { ConverseBody } from "./converse-options.ts";

/** Where a point goes into one message. */
interface Place {
  readonly message: number;
  readonly index: number;
}

/**
 * Places up to four cache points of the default `ttl`: after the tools, after the instructions, and,
 * once a conversation is going on, in the last user message and in the one before it, up to which the
 * previous call wrote. Only for models that are known to cache, in the sections they cache, and where
 * the prompt up to the point is long enough by estimate. A caller who places points himself knows
 * better: nothing is added to his. Returns the very same body when there is nothing to add.
 */
export function placeCachePoints(body: ConverseBody, traits: ModelTraits): ConverseBody {
  const { cache } = traits;
  if (cache === undefined || cache === false || hasCachePoint(body)) return body;
  const { toolConfig, system, messages } = body;
  const prefix = new PrefixMeter(minimumTokensOf(cache));
  const result = { ...body };
  prefix.add(toolConfig?.tools);
  if (isWorthwhile("tools", toolConfig?.tools, cache, prefix) && toolConfig !== undefined) {
    result.toolConfig = { ...toolConfig, tools: [...toolConfig.tools, newPoint()] };
  }
  prefix.add(system);
  if (isWorthwhile("system", system, cache, prefix) && system !== undefined) {
    result.system = [...system, newPoint()];
  }
  const places = messages !== undefined && cache.sections.includes("messages");
  if (places) result.messages = placeInMessages(messages, prefix);
  const isSame =
    result.toolConfig === toolConfig && result.system === system && result.messages === messages;
  return isSame ? body : result;
}

/** Counts a prompt from its beginning, no further than it has to. */
class PrefixMeter {
  #characters = 0;
  readonly #minimumTokens: number;

  constructor(minimumTokens: number) {
    this.#minimumTokens = minimumTokens;
  }

  get isLongEnough(): boolean {
    return toTokens(this.#characters) >= this.#minimumTokens;
  }

  add(value: unknown): void {
    if (!this.isLongEnough) this.#characters += countCharacters(value);
  }
}

function isWorthwhile(
  section: "tools" | "system",
  list: readonly unknown[] | undefined,
  cache: CacheTraits,
  prefix: PrefixMeter,
): boolean {
  const isThere = list !== undefined && list.length > 0;
  return isThere && cache.sections.includes(section) && prefix.isLongEnough;
}

function placeInMessages(messages: Message[], prefix: PrefixMeter): Message[] {
  const last = messages.findLastIndex(({ role }) => role === "user");
  // Nobody knows yet whether a single question is followed by another.
  if (!messages.some(({ role }, index) => role === "assistant" && index < last)) return messages;
  const placed = [...messages];
  let isSame = true;
  let from = 0;
  for (const { message, index } of lastPlacesIn(messages)) {
    for (const { content } of messages.slice(from, message)) prefix.add(content);
    from = message + 1;
    const { content, ...rest } = messages[message] as Message;
    prefix.add(content.slice(0, index));
    if (prefix.isLongEnough) {
      placed[message] = { ...rest, content: content.toSpliced(index, 0, newPoint()) };
      isSame = false;
    }
    prefix.add(content.slice(index));
  }
  return isSame ? messages : placed;
}

/** The places in the last two user messages that have one, in the order of the conversation. */
function lastPlacesIn(messages: readonly Message[]): Place[] {
  const places: Place[] = [];
  for (let message = messages.length - 1; message >= 0 && places.length < 2; message -= 1) {
    const { role, content } = messages[message] as Message;
    const index = role === "user" ? lastPlaceIn(content) : 0;
    if (index > 0) places.unshift({ message, index });
  }
  return places;
}

/** The last place in a message where a point is accepted; 0 when there is none. */
function lastPlaceIn(content: readonly ContentBlock[]): number {
  return content.findLastIndex(canBeFollowed) + 1;
}

/**
 * A point directly after reasoning or after a document that is no PDF is refused.
 * https://github.com/strands-agents/harness-sdk/issues/1966
 */
function canBeFollowed({ reasoningContent, document }: ContentBlock): boolean {
  return reasoningContent === undefined && (document === undefined || document.format === "pdf");
}

/** A point of its own for each place, for a caller may look at a body and change it. */
function newPoint(): { cachePoint: CachePointBlock } {
  return { cachePoint: { type: "default" } };
}
