// What becomes of each call of a turn before anything runs: refused with a reason, decided by a hook,
// held back for a person, or cleared to run.

import type { JsonValue } from "../core/json.ts";
import { tellLogger } from "../core/logger.ts";
import { isAbort, untilAborted } from "../core/until-aborted.ts";
import { type CheckedCall, checkCall, findDuplicateIds } from "../tools/check-call.ts";
import { type ToolResultContent, toErrorContent, toErrorMessage } from "../tools/result-content.ts";
import type { AnyTool } from "../tools/tool-set.ts";
import { toAcceptableContent } from "./acceptable-content.ts";
import { readHookAnswer } from "./hook-answers.ts";
import type { ToolDecision } from "./hooks.ts";
import { readJsonInput } from "./json-input.ts";
import type { RunContext } from "./run-context.ts";
import type { CallRecord } from "./run-state.ts";
import { digestOfTool } from "./tool-digest.ts";

const DUPLICATE = "Several calls of this turn have the same id, so that none of them was run.";
const INTERRUPTED =
  "This call was begun, and then cut off before its result was known. It may have had its effect or not, and was not run again.";

const AMBIGUOUS =
  "The id of this call reads like that of a call below another one, so that it was not run.";
export const TOO_OLD: string =
  "This call was asked for so long ago that nobody knows any more whether it was run, and it was not run. Ask again if it is still wanted.";

/** Whether the time is over in which it is known if a call was begun. */
export function isTooOld({ beginsBefore }: CallRecord): boolean {
  return Date.now() >= beginsBefore;
}

/** A person who decides on `a/b` must be able to mean one call alone: `b` below `a`, if there is an `a`. */
function isAmbiguous({ toolUseId }: CallRecord, calls: readonly CallRecord[]): boolean {
  if (!toolUseId.includes("/")) return false;
  return calls.some((other) => toolUseId.startsWith(`${other.toolUseId}/`));
}

/** The answer that asked was cut off, so that nothing of it can be trusted to be meant. */
export function refuseCut(stopReason: string): string {
  return `Not run: the answer ended with ${stopReason} before it was complete. Ask again, in smaller parts.`;
}

/** Gives a call the result it has without having been run. */
export function finishCall(record: CallRecord, { content, status }: ToolResultContent): void {
  record.phase = "done";
  record.result = { content, status };
}

/** Decides on every call that is not decided yet. Rejects with what a hook throws. */
export async function decideCalls(run: RunContext): Promise<void> {
  const { calls } = run.state;
  const duplicates = findDuplicateIds(calls);
  for (const record of calls) {
    if (run.signal.aborted) return;
    if (record.phase === "begun") decideInterrupted(record, run);
    else if (duplicates.has(record.toolUseId) && record.phase !== "done") {
      finishCall(record, toErrorContent(DUPLICATE));
    } else if (isAmbiguous(record, calls) && record.phase !== "done") {
      finishCall(record, toErrorContent(AMBIGUOUS));
    } else if (record.phase !== "done" && record.phase !== "paused" && isTooOld(record)) {
      finishCall(record, toErrorContent(TOO_OLD));
    } else if (record.phase === "asked" || record.phase === "edited") {
      await decideCall(record, run);
    }
  }
}

function decideInterrupted(record: CallRecord, { settings }: RunContext): void {
  const tool = settings.tools.find(record.name);
  if (record.childState !== undefined) record.phase = "cleared";
  else if (tool?.idempotent) record.phase = "cleared";
  else finishCall(record, toErrorContent(INTERRUPTED));
}

async function decideCall(record: CallRecord, run: RunContext): Promise<void> {
  const given = await check(record, run);
  if (given === undefined) return;
  const decision = await askHook(record, run);
  if (isDecided(decision)) return finishCall(record, toDecidedContent(decision));
  let checked = given;
  if (decision !== undefined) {
    record.input = readJsonInput(decision.input, "beforeTool: input");
    const again = await check(record, run);
    if (again === undefined) return;
    checked = again;
  }
  // A person who has changed the input has agreed to it.
  if (record.phase === "edited") {
    record.phase = "cleared";
    return;
  }
  const isNeeded = await needsApproval(checked.tool, checked.input, run);
  if (isNeeded === "failed") {
    const text = "Whether a person has to agree could not be decided. The tool was not run.";
    return finishCall(record, toErrorContent(text));
  }
  record.phase = isNeeded ? "waiting" : "cleared";
  if (isNeeded) record.toolDigest = digestOfTool(checked.tool);
}

/** Undefined where the call may not run; it has its result then. */
async function check(
  record: CallRecord,
  { settings, signal }: RunContext,
): Promise<Extract<CheckedCall, { tool: AnyTool }> | undefined> {
  const checked = await untilAborted(checkCall(record, settings.tools), signal);
  if (checked.refusal === undefined) return checked;
  const { schemaError } = checked;
  if (schemaError !== undefined) {
    // What it says may hold what no log should; whoever has the tool can ask it.
    const text = `Tool “${record.name}”: its schema failed; \`await tool.check(input)\` tells why.`;
    tellLogger(settings.logger, "error", text);
  }
  finishCall(record, toErrorContent(checked.refusal));
  return undefined;
}

async function askHook(
  { toolUseId, name, input }: CallRecord,
  { settings, state, context, signal }: RunContext,
): Promise<ToolDecision | undefined> {
  const { beforeTool } = settings.hooks;
  if (beforeTool === undefined) return undefined;
  const asking = beforeTool({
    toolUseId,
    name,
    input: structuredClone(input),
    turn: state.turns,
    context,
    signal,
  });
  return readHookAnswer("beforeTool", await untilAborted(asking, signal));
}

function isDecided(
  decision: ToolDecision | undefined,
): decision is Exclude<ToolDecision, { input: JsonValue }> {
  return decision !== undefined && !("input" in decision);
}

function toDecidedContent(
  decision: Exclude<ToolDecision, { input: JsonValue }>,
): ToolResultContent {
  if ("deny" in decision) return toErrorContent(`Denied: ${decision.deny}`);
  return toAcceptableContent(decision.result);
}

async function needsApproval(
  tool: AnyTool,
  input: unknown,
  { context, signal }: RunContext,
): Promise<boolean | "failed"> {
  if (typeof tool.requiresApproval === "boolean") return tool.requiresApproval;
  try {
    const asking = tool.requiresApproval(input as never, context as never);
    // Only a plain no lets a call pass.
    return (await untilAborted(asking, signal)) !== false;
  } catch (error) {
    if (isAbort(error, signal)) throw error;
    return "failed";
  }
}

/** What a call comes to when it throws. */
export function toThrownContent(thrown: unknown): ToolResultContent {
  return toErrorContent(toErrorMessage(thrown));
}
