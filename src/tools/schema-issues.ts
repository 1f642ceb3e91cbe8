// What is told of a value that does not fit: places, and what was expected there. Never the value, and
// never more than whoever has to mend it can read.

import type { SchemaIssue } from "./schema.ts";

/** Of one value; more help nobody. */
export const MAX_ISSUES = 20;

const MAX_MESSAGE = 300;
const MAX_NAME = 80;
const MAX_STEPS = 64;

/** One issue, its place in steps from the value. */
export function toIssue(path: readonly PropertyKey[], message: string): SchemaIssue {
  const steps = path.slice(0, MAX_STEPS).map((step) => cut(String(step), MAX_NAME));
  return { path: steps.join("."), message: cut(message, MAX_MESSAGE) };
}

/** The text, or its beginning. */
export function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length).toWellFormed()}…` : text;
}
