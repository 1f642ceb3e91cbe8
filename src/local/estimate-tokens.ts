// Token counts without a tokenizer: the same for the same input, and of the right order.

/** What a token is taken to be worth, in UTF-16 units. */
export const CHARACTERS_PER_TOKEN = 4;

/** About what a picture or a page costs, whatever its size. */
const CHARACTERS_PER_BYTES = 4_000;

/** Tokens of the values in any JSON value with `Uint8Array` in it; names of members are free. */
export function estimateTokens(value: unknown): number {
  let characters = 0;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const item = waiting.pop();
    if (typeof item === "string") characters += item.length;
    else if (typeof item === "number" || typeof item === "boolean") characters += 4;
    else if (item instanceof Uint8Array) characters += CHARACTERS_PER_BYTES;
    else if (Array.isArray(item)) for (const part of item) waiting.push(part);
    else if (typeof item === "object" && item !== null) {
      for (const part of Object.values(item)) waiting.push(part);
    }
  }
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}
