// The first place in which two values differ, as the cache sees it. What it says never holds the
// values themselves, for they are somebody's prompt.

import { isRecord } from "../core/json.ts";

/** Where two values differ, and in what. */
export interface Difference {
  readonly path: string;
  readonly message: string;
}

/** Members whose value is JSON of the caller's own, which goes to the model as it is written. */
const DOCUMENT_MEMBERS: ReadonlySet<string> = new Set(["json", "input"]);

/**
 * The first difference between two JSON values with bytes in them, as `Uint8Array` or base64;
 * undefined when there is none. The order of names counts inside the caller's own JSON only, and is
 * told of only when nothing else differs.
 */
export function firstDifference(
  previous: unknown,
  next: unknown,
  path: string,
): Difference | undefined {
  return differenceInValue(previous, next, path) ?? differenceInOrder(previous, next, path, false);
}

function differenceInValue(previous: unknown, next: unknown, path: string): Difference | undefined {
  if (previous === next) return undefined;
  const [was, is] = [toText(previous), toText(next)];
  if (was !== undefined && is !== undefined) {
    if (was === is) return undefined;
    const isBytes = was !== previous || is !== next;
    return { path, message: isBytes ? "The bytes differ." : textDiffers(was, is) };
  }
  if (Array.isArray(previous) && Array.isArray(next)) return differenceInList(previous, next, path);
  if (isRecord(previous) && isRecord(next)) return differenceInMembers(previous, next, path);
  if (previous === undefined) return { path, message: "It was not there before." };
  if (next === undefined) return { path, message: "It is gone." };
  return { path, message: "The value differs." };
}

function differenceInList(
  previous: readonly unknown[],
  next: readonly unknown[],
  path: string,
): Difference | undefined {
  for (let index = 0; index < Math.max(previous.length, next.length); index += 1) {
    const found = differenceInValue(previous[index], next[index], `${path}.${index}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function differenceInMembers(
  previous: Readonly<Record<string, unknown>>,
  next: Readonly<Record<string, unknown>>,
  path: string,
): Difference | undefined {
  for (const name of new Set([...Object.keys(previous), ...Object.keys(next)])) {
    const found = differenceInValue(previous[name], next[name], `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** For values that are equal but for the order of names. */
function differenceInOrder(
  previous: unknown,
  next: unknown,
  path: string,
  isDocument: boolean,
): Difference | undefined {
  if (previous === next || !isHolder(previous) || !isHolder(next)) return undefined;
  const names = namesOf(previous);
  if (isDocument && namesOf(next).some((name, index) => name !== names[index])) {
    const message =
      "The same members stand in another order, which makes other bytes: keep the order stable.";
    return { path, message };
  }
  for (const name of names) {
    const isInside = isDocument || DOCUMENT_MEMBERS.has(name);
    const found = differenceInOrder(previous[name], next[name], `${path}.${name}`, isInside);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isHolder(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) || Array.isArray(value);
}

/** JSON writes no member that is undefined. */
function namesOf(value: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(value).filter((name) => value[name] !== undefined);
}

/** Text, or bytes as the text they are on the wire. */
function toText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!(value instanceof Uint8Array)) return undefined;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
}

/** Counts from 1, in UTF-16 units. */
function textDiffers(previous: string, next: string): string {
  const end = Math.min(previous.length, next.length);
  let index = 0;
  while (index < end && previous[index] === next[index]) index += 1;
  return `The text differs from its character ${index + 1} on (it had ${previous.length}, it has ${next.length}).`;
}
