// Text that was cut in the middle of a character leaves half of a surrogate pair behind, which is no
// Unicode. Such halves become U+FFFD wherever they stand, the keys of JSON included.

import { isRecord, type UnknownRecord } from "../core/json.ts";

/** The value with every lone surrogate replaced; the value itself when there is none. */
export function toWellFormed<Value>(value: Value): Value {
  return isWellFormed(value) ? value : (replaceIn(value) as Value);
}

/** Loops rather than callbacks, for deep JSON must not end the stack sooner than writing it would. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (Array.isArray(value)) {
    for (const item of value) if (!isWellFormed(item)) return false;
    return true;
  }
  // Bytes of another realm, as test runners have them, are a record of every byte to `isRecord`.
  if (!isRecord(value) || ArrayBuffer.isView(value)) return true;
  for (const key of Object.keys(value)) {
    if (!(key.isWellFormed() && isWellFormed(value[key]))) return false;
  }
  return true;
}

function replaceIn(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(replaceIn);
  return isRecord(value) && !ArrayBuffer.isView(value) ? replaceInRecord(value) : value;
}

function replaceInRecord(record: UnknownRecord): UnknownRecord {
  const entries = new Map<string, unknown>();
  for (const key of Object.keys(record)) {
    let name = key.toWellFormed();
    // Two broken keys may come out as one, and no value may be lost.
    while (name !== key && (entries.has(name) || Object.hasOwn(record, name))) name += "\uFFFD";
    entries.set(name, replaceIn(record[key]));
  }
  // `fromEntries` defines a key named __proto__ like any other.
  return Object.fromEntries(entries);
}
