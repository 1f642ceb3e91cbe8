// What a model may write as the input of a call, before any schema looks at it.

import { isRecord } from "../core/json.ts";

const MAX_INPUT_BYTES = 1024 * 1024;
const MAX_INPUT_DEPTH = 64;

const TOO_LARGE = `The input is too large: at most ${MAX_INPUT_BYTES} bytes (1 MiB) are accepted.`;

/**
 * What is wrong with an input, in words for the model, or undefined. A text is an input that could not
 * be parsed: it is never repaired, for that would make up an argument.
 */
export function faultOfInput(input: unknown): string | undefined {
  if (typeof input === "string") {
    return "The input is not complete JSON, or no object: it was cut off or is malformed.";
  }
  if (!isRecord(input)) return "The input must be a JSON object.";
  const fault = faultInside(input);
  if (fault !== undefined) return fault;
  // Only what is neither too deep nor far too large can be written out.
  return Buffer.byteLength(JSON.stringify(input)) > MAX_INPUT_BYTES ? TOO_LARGE : undefined;
}

/**
 * By a list of its own instead of the stack, which a model could exhaust, and no further than an input of
 * legal size can go: every value takes a byte or more.
 */
function faultInside(input: object): string | undefined {
  const waiting: [value: unknown, depth: number][] = [[input, 1]];
  let leftBytes = MAX_INPUT_BYTES;
  for (let next = waiting.pop(); next !== undefined && leftBytes >= 0; next = waiting.pop()) {
    const [value, depth] = next;
    // `1e999` is JSON, and read as something that JSON has no form for.
    if (typeof value === "number" && !Number.isFinite(value)) {
      return "The input holds a number that is too large.";
    }
    if (typeof value === "string") leftBytes -= value.length;
    if (typeof value !== "object" || value === null) continue;
    if (depth > MAX_INPUT_DEPTH) {
      return `The input is nested more than ${MAX_INPUT_DEPTH} deep.`;
    }
    for (const name of Array.isArray(value) ? value.keys() : Object.keys(value)) {
      leftBytes -= typeof name === "string" ? name.length + 1 : 1;
      if (leftBytes < 0) break;
      waiting.push([value[name as never], depth + 1]);
    }
  }
  return leftBytes < 0 ? TOO_LARGE : undefined;
}
