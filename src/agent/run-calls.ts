// Runs the calls of a turn that are cleared, side by side, and tells of each as it goes. A call is claimed
// before it begins: whatever state a run is resumed from, and how often, it begins once.

import { setMaxListeners } from "node:events";
import type { ToolResultBlock } from "../core/content.ts";
import { AbortError } from "../core/errors.ts";
import { isAbort, untilAborted } from "../core/until-aborted.ts";
import { checkCall } from "../tools/check-call.ts";
import { type CallEnd, executeCall } from "../tools/execute-call.ts";
import { type ToolResultContent, toErrorContent } from "../tools/result-content.ts";
import { runTasks, type Task } from "../tools/schedule.ts";
import type { AnyTool } from "../tools/tool-set.ts";
import { toAcceptableContent } from "./acceptable-content.ts";
import type { AgentEvent } from "./agent-events.ts";
import { createChildCall } from "./child-call.ts";
import { finishCall, isTooOld, TOO_OLD, toThrownContent } from "./decide-calls.ts";
import { EventQueue } from "./event-queue.ts";
import { readHookAnswer } from "./hook-answers.ts";
import { type CallsRun, PATIENCE_MS, type RunContext } from "./run-context.ts";
import type { CallRecord } from "./run-state.ts";
import { Paused } from "./sub-agent.ts";
import { digestOfTool } from "./tool-digest.ts";

const RUN_BEFORE =
  "This call was run before, from an earlier state of the same run. Its result is not known here, and it was not run again.";

const TOOL_CHANGED =
  "A person agreed to this call, and its tool is not the one that was shown any more: it was not run. Ask again if it is still wanted.";

/**
 * Runs what may run now, and tells the results of what was decided without running. Ends early when the
 * run is aborted. Throws what a hook, a store or `onState` throws, when everything that runs has ended.
 */
export async function* runCalls(run: RunContext): AsyncGenerator<AgentEvent, void> {
  const queue = new EventQueue<AgentEvent>();
  const failing = new AbortController();
  let failure: { readonly error: unknown } | undefined;
  const signal = AbortSignal.any([run.signal, failing.signal]);
  setMaxListeners(0, signal);
  const calls: CallsRun = {
    ...run,
    queue,
    signal,
    fail: (error) => {
      failure ??= { error };
      failing.abort(error);
    },
  };
  const tasks = findRunnable(run).map((record) => toTask(record, calls));
  const ended = runTasks(tasks, run.settings.maxParallelCalls).finally(() => queue.end());
  try {
    yield* queue.read();
  } finally {
    // Whoever leaves has aborted the run: nothing keeps its calls from ending, and they tell the state how.
    await ended;
  }
  if (failure !== undefined) throw failure.error;
}

/**
 * The calls that need no person first. One that runs alone comes after all before it and before all after
 * it: it waits for those that wait, and those behind it wait for it.
 */
function findRunnable({ state, settings }: RunContext): CallRecord[] {
  const runnable: CallRecord[] = [];
  let isWaiting = false;
  for (const record of state.calls) {
    const isAlone = settings.tools.find(record.name)?.sequential === true;
    if (record.phase === "waiting" || record.phase === "paused") {
      isWaiting = true;
      if (isAlone) break;
    } else if (isAlone && isWaiting && record.phase !== "done") break;
    else if (!record.isTold) runnable.push(record);
  }
  return runnable;
}

function toTask(record: CallRecord, run: CallsRun): Task {
  const isAlone = run.settings.tools.find(record.name)?.sequential === true;
  const finish = async () => {
    try {
      await takeUp(record, run);
    } catch (error) {
      if (!isAbort(error, run.signal)) run.fail(error);
    }
  };
  return { isAlone: isAlone && record.phase !== "done", run: finish };
}

async function takeUp(record: CallRecord, run: CallsRun): Promise<void> {
  if (run.signal.aborted) return;
  const { toolUseId, name, input } = record;
  const shown = structuredClone(input);
  run.queue.push({ type: "tool_call_start", toolUseId, name, input: shown });
  if (record.phase === "cleared") await runCall(record, run);
  if (record.phase !== "done") return;
  await askAfter(record, run);
  record.isTold = true;
  await run.checkpoint();
  const result = toResultBlock(record);
  const { durationMs } = record;
  const status = record.result?.status ?? "error";
  run.queue.push({ type: "tool_call_end", toolUseId, name, status, result, durationMs });
}

async function runCall(record: CallRecord, run: CallsRun): Promise<void> {
  const checked = await untilAborted(checkCall(record, run.settings.tools), run.signal);
  if (checked.refusal !== undefined) return finishCall(record, toErrorContent(checked.refusal));
  const { tool, input } = checked;
  if (record.toolDigest !== undefined && record.toolDigest !== digestOfTool(tool)) {
    return finishCall(record, toErrorContent(TOOL_CHANGED));
  }
  const child = createChildCall(record, tool, run);
  // An agent that goes on claims its own calls.
  const isGoingOn = child !== undefined && record.childState !== undefined;
  const refusal = await begin(record, run, { tool, isGoingOn });
  if (refusal !== undefined) return finishCall(record, toErrorContent(refusal));
  const startedAt = performance.now();
  const { toolUseId, name, idempotencyKey } = record;
  const end = await executeCall(
    { toolUseId, idempotencyKey, tool: child?.tool ?? tool, input },
    {
      signal: run.signal,
      context: run.context,
      onProgress: (progress) => {
        run.queue.offer({ type: "tool_progress", toolUseId, name, progress });
      },
    },
  );
  record.durationMs = Math.round(performance.now() - startedAt);
  await child?.keepState();
  if (end.kind === "returned" && end.value instanceof Paused) {
    record.phase = "paused";
    record.childApprovals = end.value.result.pendingApprovals;
    return;
  }
  const content = toContent(end);
  // What was cut off has begun, and has no result.
  if (content !== undefined) finishCall(record, content);
}

/** Why the call may not begin, if it may not. Where that cannot be told, it has not begun. */
async function begin(
  record: CallRecord,
  run: CallsRun,
  { tool, isGoingOn }: { readonly tool: AnyTool; readonly isGoingOn: boolean },
): Promise<string | undefined> {
  record.phase = "begun";
  try {
    await run.checkpoint();
    if (run.signal.aborted) throw AbortError.from(run.signal.reason);
    if (isGoingOn) return undefined;
    if (isTooOld(record)) return TOO_OLD;
    const { store } = run.settings.approvals;
    const claiming = store.claim(record.idempotencyKey, record.beginsBefore);
    const isFirst = await untilAborted(claiming, run.signal, PATIENCE_MS);
    return isFirst || tool.idempotent ? undefined : RUN_BEFORE;
  } catch (error) {
    record.phase = "cleared";
    throw error;
  }
}

function toContent(end: CallEnd): ToolResultContent | undefined {
  switch (end.kind) {
    case "returned":
      return toAcceptableContent(end.value);
    case "threw":
      return toThrownContent(end.thrown);
    case "timed_out":
      return toErrorContent(
        `The tool was given up after ${end.timeoutMs} ms. Whether it had its effect is not known.`,
      );
    case "aborted":
      return undefined;
  }
}

async function askAfter(record: CallRecord, run: CallsRun): Promise<void> {
  const { afterTool } = run.settings.hooks;
  if (afterTool === undefined) return;
  const { toolUseId, name, input, durationMs } = record;
  const asking = afterTool({
    toolUseId,
    name,
    input: structuredClone(input),
    result: toResultBlock(record),
    durationMs,
    turn: run.state.turns,
    context: run.context,
    signal: run.signal,
  });
  const replaced = readHookAnswer("afterTool", await untilAborted(asking, run.signal));
  if (replaced !== undefined) finishCall(record, toAcceptableContent(replaced.result));
}

/** The result as it stands in the history: a success goes without saying. */
export function toResultBlock({ toolUseId, result }: CallRecord): ToolResultBlock {
  const { content, status } = result ?? toErrorContent("Not run: the run was ended before.");
  return status === "error" ? { toolUseId, content, status } : { toolUseId, content };
}
