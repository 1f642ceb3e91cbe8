// One text for one JSON value, whatever order its members came in: databases reorder what they store, and
// a signature has to survive that.

import type { JsonValue } from "../core/json.ts";

/** JSON with the members of all objects in the order of their names. */
export function toCanonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(toCanonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${toCanonicalJson(value[name] ?? null)}`);
  return `{${members.join(",")}}`;
}
