// Runs the calls of a turn that are cleared, side by side, and tells of each as it goes. A call is claimed
// before it begins: whatever state a run is resumed from, and how often, it begins once.

import type { ToolResultBlock } from "../core/content.ts";
import { checkCall } from "../tools/check-call.ts";
import { type CallEnd, executeCall } from "../tools/execute-call.ts";
import {
  type ToolResultContent,
  toErrorContent,
  toResultContent,
} from "../tools/result-content.ts";
import { runTasks, type Task } from "../tools/schedule.ts";
import type { AnyTool } from "../tools/tool-set.ts";
import type { AgentEvent } from "./agent-events.ts";
import { createChildCall } from "./child-call.ts";
import { finishCall, toThrownContent } from "./decide-calls.ts";
import { EventQueue } from "./event-queue.ts";
import type { RunContext } from "./run-context.ts";
import type { CallRecord } from "./run-state.ts";
import { Paused } from "./sub-agent.ts";

/** Told progress that nobody has read yet; more is left out. */
const MAX_WAITING_EVENTS = 1_000;

const RUN_BEFORE =
  "This call was run before, from an earlier state of the same run. Its result is not known here, and it was not run again.";

/** How the calls of a turn are run: the failure of whatever keeps them safe ends all of them. */
interface CallsRun extends RunContext {
  readonly queue: EventQueue<AgentEvent>;
  readonly fail: (error: unknown) => void;
}

/**
 * Runs what may run now, and tells the results of what was decided without running. Ends early when the
 * run is aborted. Throws what a hook, a store or `onState` throws, when everything that runs has ended.
 */
export async function* runCalls(run: RunContext): AsyncGenerator<AgentEvent, void> {
  const queue = new EventQueue<AgentEvent>();
  const failing = new AbortController();
  let failure: { readonly error: unknown } | undefined;
  const calls: CallsRun = {
    ...run,
    queue,
    signal: AbortSignal.any([run.signal, failing.signal]),
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
      run.fail(error);
    }
  };
  return { isAlone: isAlone && record.phase !== "done", run: finish };
}

async function takeUp(record: CallRecord, run: CallsRun): Promise<void> {
  if (run.signal.aborted) return;
  const { toolUseId, name, input } = record;
  run.queue.push({ type: "tool_call_start", toolUseId, name, input });
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
  const checked = await checkCall(record, run.settings.tools);
  if (checked.refusal !== undefined) return finishCall(record, toErrorContent(checked.refusal));
  const { tool, input } = checked;
  record.phase = "begun";
  await run.checkpoint();
  if (run.signal.aborted) {
    record.phase = "cleared";
    return;
  }
  if (!(await claim(record, tool, run))) return finishCall(record, toErrorContent(RUN_BEFORE));
  const startedAt = performance.now();
  const { toolUseId, name, idempotencyKey } = record;
  const child = createChildCall(record, tool, run);
  const end = await executeCall(
    { toolUseId, idempotencyKey, tool: child?.tool ?? tool, input },
    {
      signal: run.signal,
      context: run.context,
      onProgress: (progress) => {
        if (run.queue.size >= MAX_WAITING_EVENTS) return;
        run.queue.push({ type: "tool_progress", toolUseId, name, progress });
      },
    },
  );
  record.durationMs = Math.round(performance.now() - startedAt);
  child?.keepState();
  if (end.kind === "returned" && end.value instanceof Paused) {
    record.phase = "paused";
    record.childApprovals = end.value.result.pendingApprovals;
    return;
  }
  const content = toContent(end);
  // What was cut off has begun, and has no result.
  if (content !== undefined) finishCall(record, content);
}

/** Whether the call may begin: nobody has begun it before, or it may be begun again. */
async function claim(
  { idempotencyKey, childState }: CallRecord,
  tool: AnyTool,
  { settings }: RunContext,
): Promise<boolean> {
  // An agent that goes on claims its own calls.
  if (childState !== undefined) return true;
  const { store, expiresInMs } = settings.approvals;
  const isFirst = await store.claim(idempotencyKey, Date.now() + expiresInMs);
  return isFirst || tool.idempotent;
}

function toContent(end: CallEnd): ToolResultContent | undefined {
  switch (end.kind) {
    case "returned":
      return toResultContent(end.value);
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
  const replaced = await afterTool({
    toolUseId,
    name,
    input: structuredClone(input),
    result: toResultBlock(record),
    durationMs,
    turn: run.state.turns,
    context: run.context,
    signal: run.signal,
  });
  if (replaced !== undefined) finishCall(record, toResultContent(replaced.result));
}

/** The result as it stands in the history: a success goes without saying. */
export function toResultBlock({ toolUseId, result }: CallRecord): ToolResultBlock {
  const { content, status } = result ?? toErrorContent("Not run: the run was ended before.");
  return status === "error" ? { toolUseId, content, status } : { toolUseId, content };
}
