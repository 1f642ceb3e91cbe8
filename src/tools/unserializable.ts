// What `JSON.stringify` would refuse, or worse, leave out without a word.

import { isRecord } from "../core/json.ts";

/** Far deeper than any result means to be. */
const MAX_DEPTH = 256;

/** What in a value has no form in JSON, in words such as “a function”, or undefined. */
export function findUnserializable(value: unknown): string | undefined {
  const open = new Set<object>();
  return find(value, open);
}

function find(value: unknown, open: Set<object>): string | undefined {
  switch (typeof value) {
    case "bigint":
      return "a BigInt";
    case "function":
      return "a function";
    case "symbol":
      return "a symbol";
    case "number":
      return Number.isFinite(value) ? undefined : `the number ${value}`;
    case "object":
      return value === null ? undefined : findInObject(value, open);
    default:
      return undefined;
  }
}

function findInObject(value: object, open: Set<object>): string | undefined {
  const spoken = value as { toJSON?: unknown };
  if (typeof spoken.toJSON === "function" && !(value instanceof Uint8Array)) return undefined;
  const opaque = opaqueKindOf(value);
  if (opaque !== undefined) return opaque;
  if (open.has(value)) return "something that holds itself";
  if (open.size >= MAX_DEPTH) return `something nested more than ${MAX_DEPTH} deep`;
  open.add(value);
  for (const member of Array.isArray(value) ? value : Object.values(value)) {
    // `undefined` is left out of objects, as everybody expects.
    const fault = find(member, open);
    if (fault !== undefined) return fault;
  }
  open.delete(value);
  return undefined;
}

/** Things that would be written as `{}`, or as a list of numbers. */
function opaqueKindOf(value: object): string | undefined {
  if (value instanceof Map) return "a Map";
  if (value instanceof Set) return "a Set";
  if (value instanceof WeakMap || value instanceof WeakSet) return "a weak collection";
  if (value instanceof Promise) return "a promise";
  if (value instanceof RegExp) return "a regular expression";
  if (value instanceof Error) return "an error";
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return "bytes (return them as an image or document block)";
  }
  if (!isRecord(value)) return undefined;
  const isStream = typeof value["pipe"] === "function" || typeof value["getReader"] === "function";
  if (isStream) return "a stream";
  if (typeof value[Symbol.asyncIterator as never] === "function") return "an async iterable";
  return undefined;
}
