// Text that was cut in the middle of a character leaves half of a surrogate pair behind, which is no
// Unicode. Such halves become U+FFFD wherever they stand, the keys of JSON included.

import { isRecord, type UnknownRecord } from "../core/json.ts";

/**
 * The value with every lone surrogate replaced; the value itself when there is none. An object that
 * stands at many places is looked at once. Throws `RangeError` for one that holds itself.
 */
export function toWellFormed<Value>(value: Value): Value {
  if (typeof value === "string") return value.toWellFormed() as Value & string;
  if (typeof value !== "object" || value === null) return value;
  return isWellFormed(value, new Set()) ? value : (replaceIn(value, new Map()) as Value);
}

/**
 * Loops rather than callbacks, for deep JSON must not end the stack sooner than writing it would.
 * `clean` holds what was looked at to its end, so what holds itself does end the stack.
 */
function isWellFormed(value: unknown, clean: Set<object>): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null || clean.has(value)) return true;
  if (Array.isArray(value)) {
    for (const item of value) if (!isWellFormed(item, clean)) return false;
  } else if (isRecord(value) && !ArrayBuffer.isView(value)) {
    // Bytes of another realm, as test runners have them, are a record of every byte to `isRecord`.
    for (const key of Object.keys(value)) {
      if (!(key.isWellFormed() && isWellFormed(value[key], clean))) return false;
    }
  }
  clean.add(value);
  return true;
}

/** `replaced` holds what every object became. */
function replaceIn(value: unknown, replaced: Map<object, unknown>): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  const known = replaced.get(value);
  if (known !== undefined) return known;
  const read = Array.isArray(value)
    ? value.map((item) => replaceIn(item, replaced))
    : replaceInRecord(value as UnknownRecord, replaced);
  replaced.set(value, read);
  return read;
}

function replaceInRecord(record: UnknownRecord, replaced: Map<object, unknown>): UnknownRecord {
  const entries = new Map<string, unknown>();
  /** The last copy of each name, so that a thousand of one name are not counted a thousand times. */
  const copies = new Map<string, number>();
  for (const key of Object.keys(record)) {
    const legal = key.toWellFormed();
    let name = legal;
    // Two broken keys may come out as one, and no value may be lost.
    if (name !== key) {
      let copy = copies.get(legal) ?? 1;
      while (entries.has(name) || Object.hasOwn(record, name)) name = `${legal}-${++copy}`;
      copies.set(legal, copy);
    }
    entries.set(name, replaceIn(record[key], replaced));
  }
  // `fromEntries` defines a key named __proto__ like any other.
  return Object.fromEntries(entries);
}
