// Running regular expressions of a schema, which are anybody's, so that none can hang the process.

import { createContext, Script } from "node:vm";
import type { Budget } from "./simulator-budget.ts";

/** A pattern that takes longer counts as one that does not match. */
const MAX_RUN_MS = 100;

/** Longer patterns are not read. */
const MAX_SOURCE_CHARACTERS = 10_000;

// Nothing but a time limit of node:vm interrupts a regular expression that backtracks without end.
const SEARCH = new Script(
  '{ const pattern = new RegExp(source, "u"); texts.findIndex((text) => pattern.test(text)); }',
);

const surroundings: { source: string; texts: readonly string[] } = { source: "", texts: [] };
let context: ReturnType<typeof createContext> | undefined;

/** The source of a pattern that can be run; undefined for anything else. */
export function toPatternSource(pattern: unknown): string | undefined {
  if (typeof pattern !== "string" || pattern.length > MAX_SOURCE_CHARACTERS) return undefined;
  try {
    new RegExp(pattern, "u");
    return pattern;
  } catch {
    return undefined;
  }
}

/** The first of the texts that matches; undefined when none does in the time that is left. */
export function findMatch(
  source: string,
  texts: readonly string[],
  budget: Budget,
): string | undefined {
  const timeout = Math.ceil(Math.min(budget.matchingMsLeft, MAX_RUN_MS));
  if (timeout <= 0 || texts.length === 0) return undefined;
  context ??= createContext(surroundings);
  const startedAtMs = performance.now();
  try {
    Object.assign(surroundings, { source, texts });
    return texts[SEARCH.runInContext(context, { timeout }) as number];
  } catch {
    return undefined;
  } finally {
    surroundings.texts = [];
    budget.takeMatchingMs(performance.now() - startedAtMs);
  }
}
