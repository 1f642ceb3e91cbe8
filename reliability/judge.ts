// Common to all rows: a fault read in every way, and the outcomes judged together.

import type { BedrockLLM, InvokeOptions } from "../src/index.ts";
import {
  type Failure,
  nameOutcome,
  type Outcome,
  type Reading,
  readAnswer,
  STREAM_READINGS,
  type Success,
} from "./reading.ts";
import type { Finding } from "./row.ts";

/** Calls once for each way to read, one after the other. */
export async function readInTurn(
  llm: BedrockLLM,
  options: Partial<InvokeOptions> = {},
  readings: readonly Reading[] = STREAM_READINGS,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const reading of readings) {
    outcomes.push(await readAnswer(llm, reading, { messages: "go", ...options }));
  }
  return outcomes;
}

/** A finding where every outcome has to be an error of the right kind; `claim` is told where they are. */
export function allFail(
  outcomes: readonly Outcome[],
  isRight: (failure: Failure) => boolean,
  claim = "",
): Finding {
  return judge(outcomes, (outcome) => outcome.kind === "error" && isRight(outcome), claim);
}

/** A finding where every outcome has to be a complete answer. */
export function allSucceed(
  outcomes: readonly Outcome[],
  isRight: (success: Success) => boolean,
  claim = "",
): Finding {
  return judge(outcomes, (outcome) => outcome.kind === "success" && isRight(outcome), claim);
}

/** The same finding with figures that are told in any case, and one more condition. */
export function withFigures(finding: Finding, figures: string, isMet = true): Finding {
  const ours = figures === "" ? finding.ours : `${finding.ours}, ${figures}`;
  return { ours, isMet: finding.isMet && isMet };
}

/** Several findings of one row: what was found is told of each, and all have to be met. */
export function allOf(...findings: readonly Finding[]): Finding {
  const told = [...new Set(findings.map(({ ours }) => ours))];
  return { ours: told.join("; "), isMet: findings.every(({ isMet }) => isMet) };
}

/** Whether an error is a `StreamError` for this reason. */
export function isStreamError(failure: Failure, reason: string): boolean {
  return failure.name === "StreamError" && failure.detail === reason;
}

/** Seconds with one digit, or milliseconds below half a second. */
export function formatMs(durationMs: number): string {
  return durationMs < 500 ? `${Math.round(durationMs)} ms` : `${(durationMs / 1000).toFixed(1)} s`;
}

/** The longest of them. */
export function longestMs(outcomes: readonly Outcome[]): number {
  return Math.max(...outcomes.map(({ elapsedMs }) => elapsedMs));
}

/** Bytes as people write them. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? `${Math.round(kilobytes)} KiB` : `${(kilobytes / 1024).toFixed(1)} MiB`;
}

function judge(
  outcomes: readonly Outcome[],
  isRight: (outcome: Outcome) => boolean,
  claim: string,
): Finding {
  const names = [...new Set(outcomes.map(nameOutcome))].join(" or ");
  const wrong = outcomes.find((outcome) => !isRight(outcome));
  if (wrong === undefined)
    return { ours: claim === "" ? names : `${names}, ${claim}`, isMet: true };
  const said = wrong.kind === "success" ? `“${wrong.text}”` : wrong.message;
  return { ours: `${names} (${said})`, isMet: false };
}
