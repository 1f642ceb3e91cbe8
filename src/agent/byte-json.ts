// Messages as plain JSON and back: bytes are written as base64 under a name of their own, and an object that
// happens to use that name is wrapped, so that nothing is ever read as something else.

import { isRecord, type JsonValue } from "../core/json.ts";

const BYTES = "$bytes";
const LITERAL = "$literal";

/** Deeper than any message gets, and far from the end of the stack. */
const MAX_DEPTH = 1_100;

/** Copies a value into plain JSON. Members that are `undefined` are left out. */
export function toByteJson(value: unknown, depth = 0): JsonValue {
  if (depth > MAX_DEPTH) throw new TypeError("The conversation is nested too deeply.");
  if (value instanceof Uint8Array) return { [BYTES]: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return value.map((item) => toByteJson(item, depth + 1));
  if (typeof value === "number" && !Number.isFinite(value)) return null;
  if (!isRecord(value)) return (value ?? null) as JsonValue;
  const spoken = value as { toJSON?: () => unknown };
  if (typeof spoken.toJSON === "function") return toByteJson(spoken.toJSON(), depth + 1);
  const entries = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]): [string, JsonValue] => [name, toByteJson(member, depth + 1)]);
  // Unlike an assignment, this makes a member of any name, even `__proto__`.
  const plain: JsonValue = Object.fromEntries(entries);
  return BYTES in plain || LITERAL in plain ? { [LITERAL]: plain } : plain;
}

/** What `toByteJson` was given, in objects of its own. */
export function fromByteJson(value: JsonValue): unknown {
  if (Array.isArray(value)) return value.map(fromByteJson);
  if (typeof value !== "object" || value === null) return value;
  const bytes = value[BYTES];
  if (typeof bytes === "string") return new Uint8Array(Buffer.from(bytes, "base64"));
  const literal = value[LITERAL];
  const members = typeof literal === "object" && literal !== null ? literal : value;
  return Object.fromEntries(
    Object.entries(members).map(([name, member]) => [name, fromByteJson(member)]),
  );
}
