// How a failure is told: what on stderr, and which exit status.

import { CommanderError } from "commander";
import { CommandError, UsageError } from "./failures.ts";
import { InterruptedError } from "./interruption.ts";

/** Exit statuses of every command, besides 130 and its kin for signals. */
export const EXIT_STATUS = { done: 0, failed: 1, wrongUse: 2 } as const;

/** Tells the failure on stderr and returns the exit status it means. */
export function reportFailure(error: unknown): number {
  if (error instanceof InterruptedError) return error.exitStatus;
  // Commander has printed its help, version or complaint already.
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT_STATUS.done : EXIT_STATUS.wrongUse;
  }
  process.stderr.write(describeFailure(error));
  return error instanceof UsageError ? EXIT_STATUS.wrongUse : EXIT_STATUS.failed;
}

/** One line for what happened and one for each hint. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return `error: ${String(error)}\n`;
  const label = error instanceof CommandError ? "error" : error.name;
  return [`${label}: ${error.message}`, ...hintsFor(error).map((hint) => `hint: ${hint}`), ""].join(
    "\n",
  );
}

function hintsFor(error: Error): string[] {
  const hints: string[] = [];
  if ("hint" in error && typeof error.hint === "string") hints.push(error.hint);
  // By name, for the client that owns the class may never be loaded.
  if (error.name === "CredentialsError") {
    hints.push("Without an AWS account, --local answers from the built-in simulator.");
  }
  return hints;
}
