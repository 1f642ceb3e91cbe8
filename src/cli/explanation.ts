// What was changed in a request, and what is wrong with it, one line each for people.

import type { RequestChange, RequestExplanation } from "../index.ts";

/** Lines for `writeRemark`: every change with its reason, then every violation that is left. */
export function describeExplanation({ changes, issues }: RequestExplanation): string {
  const lines = [
    ...changes.map(({ kind, ...change }) => `${kind}: ${describe(change)}`),
    ...issues.map(({ repair = "", ...issue }) => `refused: ${describe(issue)} ${repair}`.trimEnd()),
  ];
  if (lines.length === 0) return "Nothing was changed: the request is sent as it was asked for.\n";
  return lines.map((line) => `${line}\n`).join("");
}

/** Lines for `writeRemark` about what could not be sent as it was meant. */
export function describeWarnings(warnings: readonly RequestChange[]): string {
  return warnings.map(({ message, rule }) => `note: ${message} (${rule})\n`).join("");
}

function describe(of: { path: string; rule: string; message: string }): string {
  return `${of.path}: ${of.message} (${of.rule})`;
}
