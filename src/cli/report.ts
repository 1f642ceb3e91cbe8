// How a failure is told: what on stderr, and which exit status.

import { CommanderError } from "commander";
import { CommandError, UsageError } from "./failures.ts";
import { InterruptedError } from "./interruption.ts";
import { writeRemark } from "./output.ts";

/** Exit statuses of every command, besides 130 and its kin for signals. */
export const EXIT_STATUS = { done: 0, failed: 1, wrongUse: 2 } as const;

/** Tells the failure on stderr and returns the exit status it means. */
export function reportFailure(error: unknown): number {
  if (error instanceof InterruptedError) return error.exitStatus;
  // Commander has printed its help, version or complaint already.
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT_STATUS.done : EXIT_STATUS.wrongUse;
  }
  writeRemark(describeFailure(error));
  // The client says with a TypeError what is wrong in what it was given, before anything is sent.
  const isWrongUse = error instanceof UsageError || error instanceof TypeError;
  return isWrongUse ? EXIT_STATUS.wrongUse : EXIT_STATUS.failed;
}

/** One line for what happened, and one for what to do next where that is known; for `writeRemark`. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return `error: ${String(error)}\n`;
  const label = error instanceof CommandError ? "error" : error.name;
  const hint = "hint" in error && typeof error.hint === "string" ? `hint: ${error.hint}\n` : "";
  return `${label}: ${error.message}\n${hint}`;
}
