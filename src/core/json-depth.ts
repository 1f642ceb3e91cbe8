// How deep JSON may be nested. Whatever walks a value recursively is safe once this has been asked.

/** Far deeper than any request or schema, and far from the end of the stack. */
const MAX_DEPTH = 1_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** Whether JSON text in UTF-8 nests lists and objects more than 1,000 deep. Text that is no JSON may be called either. */
export function isTooDeep(json: Uint8Array): boolean {
  let depth = 0;
  let isInString = false;
  for (let offset = 0; offset < json.length; offset++) {
    const byte = json[offset];
    if (byte === QUOTE) isInString = !isInString;
    else if (isInString) {
      if (byte === BACKSLASH) offset += 1;
    } else if (byte === OPENING_BRACKET || byte === OPENING_BRACE) {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (byte === CLOSING_BRACKET || byte === CLOSING_BRACE) depth -= 1;
  }
  return false;
}

/** Whether a value nests lists and objects more than `maxDepth` deep. Without the stack, which it could exhaust. */
export function isDeeper(value: unknown, maxDepth: number): boolean {
  const waiting: [value: unknown, depth: number][] = [[value, 0]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [each, depth] = next;
    if (typeof each !== "object" || each === null) continue;
    if (depth >= maxDepth) return true;
    for (const inner of Object.values(each)) waiting.push([inner, depth + 1]);
  }
  return false;
}
