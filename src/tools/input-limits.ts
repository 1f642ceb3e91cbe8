// What a model may write as the input of a call, before any schema looks at it.

import { isRecord, type JsonValue } from "../core/json.ts";

const MAX_INPUT_BYTES = 1024 * 1024;
const MAX_INPUT_DEPTH = 64;

/**
 * What is wrong with an input, in words for the model, or undefined. A text is an input that could not
 * be parsed: it is never repaired, for that would make up an argument.
 */
export function faultOfInput(input: JsonValue | undefined): string | undefined {
  if (typeof input === "string") {
    return "The input is not complete JSON: it was cut off or is malformed.";
  }
  if (!isRecord(input)) return "The input must be a JSON object.";
  const fault = faultInside(input);
  if (fault !== undefined) return fault;
  // Only what is not too deep can be written out.
  const bytes = Buffer.byteLength(JSON.stringify(input));
  if (bytes <= MAX_INPUT_BYTES) return undefined;
  return `The input has ${bytes} bytes; at most ${MAX_INPUT_BYTES} (1 MiB) are accepted.`;
}

/** By a list of its own instead of the stack, which a model could exhaust. */
function faultInside(input: JsonValue): string | undefined {
  const waiting: [value: unknown, depth: number][] = [[input, 1]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [value, depth] = next;
    // `1e999` is JSON, and read as something that JSON has no form for.
    if (typeof value === "number" && !Number.isFinite(value)) {
      return "The input holds a number that is too large.";
    }
    if (typeof value !== "object" || value === null) continue;
    if (depth > MAX_INPUT_DEPTH) {
      return `The input is nested more than ${MAX_INPUT_DEPTH} deep.`;
    }
    for (const inner of Object.values(value)) waiting.push([inner, depth + 1]);
  }
  return undefined;
}
