// How long a prompt is, without a tokenizer: good enough to tell what is worth a cache point, and the
// same for the same content.

/** What a token is taken to be worth, in UTF-16 units. */
const CHARACTERS_PER_TOKEN = 4;

/** About what a picture or a page costs, whatever its size. */
const CHARACTERS_PER_MEDIUM = 4_000;

/** A number, `true`, `false`. */
const CHARACTERS_PER_SCALAR = 4;

/** Shorter prefixes are cached by few models; what holds where a model's minimum is not known. */
const DEFAULT_MINIMUM_TOKENS = 1024;

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
 * cost the same whatever their length. Stops counting soon after `limit`.
 */
export function countCharacters(value: unknown, limit: number = Number.POSITIVE_INFINITY): number {
  let characters = 0;
  const waiting: unknown[] = [value];
  while (waiting.length > 0 && characters < limit) {
    const item = waiting.pop();
    if (typeof item === "string") characters += item.length;
    else if (typeof item === "number" || typeof item === "boolean") {
      characters += CHARACTERS_PER_SCALAR;
    } else if (item instanceof Uint8Array) characters += CHARACTERS_PER_MEDIUM;
    else if (Array.isArray(item)) for (const part of item) waiting.push(part);
    else if (typeof item === "object" && item !== null) {
      for (const [name, part] of Object.entries(item)) {
        if (MEDIA_MEMBERS.has(name) && part != null) characters += CHARACTERS_PER_MEDIUM;
        else waiting.push(part);
      }
    }
  }
  return characters;
}
