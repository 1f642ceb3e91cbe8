// What a tool returned, as JSON data of our own: the tool may go on to change what it gave, and may give more
// than anybody would read. What has no form in JSON is named, instead of being left out without a word.

import { types } from "node:util";
import { asJson, type JsonValue } from "../core/json.ts";

/** Far deeper than any result means to be. */
const MAX_DEPTH = 256;

/** A copy of a value, or of its beginning. */
export interface JsonCopy {
  /** Undefined for what JSON leaves out. */
  readonly json: JsonValue | undefined;
  /** Where it is not, the JSON text of the copy is that of the value as far as was asked for. */
  readonly isWhole: boolean;
}

/** Says what has no form in JSON, in words such as “a function”. */
export class UnserializableError extends TypeError {}

/** How much may still be copied, and the objects that are being copied. */
interface Copying {
  /** In characters of JSON text, of which every value is known to take some. */
  left: number;
  readonly open: Set<object>;
}

/**
 * Copies what `JSON.stringify` would write, up to where it has written `maxLength` characters. Throws
 * `UnserializableError`, and whatever a getter or `toJSON` throws.
 */
export function copyAsJson(value: unknown, maxLength: number): JsonCopy {
  const copying: Copying = { left: maxLength, open: new Set() };
  const json = copy(value, copying);
  return { json, isWhole: copying.left >= 0 };
}

function copy(given: unknown, copying: Copying): JsonValue | undefined {
  // Some errors have a form in JSON, with their stack and the headers of a request in it.
  const value = isError(given) ? given : asJson(given);
  switch (typeof value) {
    case "undefined":
    case "boolean":
      return value;
    case "string":
      return copyText(value, copying);
    case "number":
      if (Number.isFinite(value)) return value;
      throw new UnserializableError(`the number ${value}`);
    case "object":
      return value === null ? null : copyObject(value, copying);
    default:
      throw new UnserializableError(typeof value === "bigint" ? "a BigInt" : `a ${typeof value}`);
  }
}

function copyText(text: string, copying: Copying): string {
  const copied = text.length > copying.left ? text.slice(0, copying.left + 1) : text;
  copying.left -= text.length;
  return copied;
}

function copyObject(value: object, copying: Copying): JsonValue | undefined {
  if (types.isBoxedPrimitive(value)) return copy(value.valueOf(), copying);
  const opaque = Array.isArray(value) ? undefined : opaqueKindOf(value);
  if (opaque !== undefined) throw new UnserializableError(opaque);
  const { open } = copying;
  if (open.has(value)) throw new UnserializableError("something that holds itself");
  if (open.size >= MAX_DEPTH) {
    throw new UnserializableError(`something nested more than ${MAX_DEPTH} deep`);
  }
  open.add(value);
  const copied = Array.isArray(value)
    ? copyList(value, copying)
    : copyMembers(value as Readonly<Record<string, unknown>>, copying);
  open.delete(value);
  return copied;
}

function copyList(list: readonly unknown[], copying: Copying): JsonValue[] {
  const copied: JsonValue[] = [];
  for (let index = 0; index < list.length && copying.left >= 0; index++) {
    copying.left -= 1;
    copied.push(copy(list[index], copying) ?? null);
  }
  return copied;
}

function copyMembers(
  record: Readonly<Record<string, unknown>>,
  copying: Copying,
): { [name: string]: JsonValue } {
  const copied: [name: string, value: JsonValue][] = [];
  for (const name of Object.keys(record)) {
    if (copying.left < 0) break;
    const value = copy(record[name], copying);
    // `undefined` is left out of objects, as everybody expects.
    if (value === undefined) continue;
    copying.left -= name.length + 3;
    copied.push([name, value]);
  }
  // Defines a member named __proto__ like any other.
  return Object.fromEntries(copied);
}

/** Whether a value is an error, of whatever realm. */
export function isError(value: unknown): boolean {
  return value instanceof Error || types.isNativeError(value);
}

/** Things that would be written as `{}`, or as a list of numbers. */
function opaqueKindOf(value: object): string | undefined {
  if (isError(value)) return "an error";
  if (types.isMap(value)) return "a Map";
  if (types.isSet(value)) return "a Set";
  if (types.isWeakMap(value) || types.isWeakSet(value)) return "a weak collection";
  if (types.isPromise(value)) return "a promise";
  if (types.isRegExp(value)) return "a regular expression";
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) {
    return "bytes (return them as an image or document block)";
  }
  const has = (name: PropertyKey) => typeof (value as never)[name] === "function";
  if (has("pipe") || has("getReader")) return "a stream";
  if (has("arrayBuffer")) return "a body that was not read";
  if (has(Symbol.asyncIterator)) return "an async iterable";
  // One with members of its own has something to say without being gone through.
  if (has(Symbol.iterator) && Object.keys(value).length === 0) return "an iterable that is no list";
  return undefined;
}
