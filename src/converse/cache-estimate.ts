// How long a prompt is, without a tokenizer: good enough to tell what is worth a cache point, and the
// same for the same content.

import type { UnknownRecord } from "../core/json.ts";

/** What a token is taken to be worth, in UTF-16 units. */
const CHARACTERS_PER_TOKEN = 4;

/** About what a picture or a page costs, whatever its size. */
const CHARACTERS_PER_MEDIUM = 4_000;

/** A number, `true`, `false`. */
const CHARACTERS_PER_SCALAR = 4;

/** Shorter prefixes are cached by few models; what holds where a model's minimum is not known. */
const DEFAULT_MINIMUM_TOKENS = 1024;

/** Values that are looked at, so that a circle, which is refused later, has an end here. */
const MAX_VALUES = 100_000;

/** Members that hold bytes, or say where they are. On the wire bytes are base64 text. */
const MEDIA_MEMBERS: ReadonlySet<string> = new Set(["bytes", "redactedContent", "s3Location"]);

/** The least a prefix must measure to be cached, in tokens. */
export function minimumTokensOf(cache: { readonly minimumTokens?: number } | undefined): number {
  return cache?.minimumTokens ?? DEFAULT_MINIMUM_TOKENS;
}

/** Characters as tokens, rounded up. */
export function toTokens(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

/**
 * What the values in any JSON value measure, in characters; names of members are free, and bytes
 * cost the same whatever their length. Of very many values only the first are counted.
 */
export function countCharacters(value: unknown): number {
  let characters = 0;
  const waiting: unknown[] = [value];
  for (let seen = 0; waiting.length > 0 && seen < MAX_VALUES; seen += 1) {
    const item = waiting.pop();
    if (typeof item === "string") characters += item.length;
    else if (typeof item === "number" || typeof item === "boolean") {
      characters += CHARACTERS_PER_SCALAR;
    } else if (item instanceof Uint8Array) characters += CHARACTERS_PER_MEDIUM;
    else if (Array.isArray(item)) for (const part of item) waiting.push(part);
    else if (typeof item === "object" && item !== null) {
      for (const name of Object.keys(item)) {
        const part: unknown = (item as UnknownRecord)[name];
        if (part != null && MEDIA_MEMBERS.has(name)) characters += CHARACTERS_PER_MEDIUM;
        else if (typeof part === "string") characters += part.length;
        else waiting.push(part);
      }
    }
  }
  return characters;
}
