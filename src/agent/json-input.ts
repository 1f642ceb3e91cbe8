// An input that somebody puts in the place of the model's, as the JSON that it is from then on.

import type { JsonValue } from "../core/json.ts";

/** A copy as JSON has it. Throws `TypeError` opening with `where` for what has no form in JSON. */
export function readJsonInput(input: unknown, where: string): JsonValue {
  try {
    return JSON.parse(JSON.stringify(input)) as JsonValue;
  } catch {
    throw new TypeError(`${where} must be JSON.`);
  }
}
