// What both files that read options share.

import { kindOf } from "../core/options.ts";

/** Opens the messages that need it. */
export const WHERE = "connectMcp";

/** Reads an optional list of texts. */
export function readStrings(value: unknown, name: string): string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new TypeError(`${name} must be a list; got ${kindOf(value)}.`);
  for (const [index, entry] of value.entries()) {
    if (typeof entry === "string") continue;
    throw new TypeError(`${name}[${index}] must be a string; got ${kindOf(entry)}.`);
  }
  return [...value];
}
