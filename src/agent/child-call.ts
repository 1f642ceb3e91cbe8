// The call of an agent that is a tool: a run below this one, begun or gone on with.

import { isAbort, untilAborted } from "../core/until-aborted.ts";
import type { ToolExecution } from "../tools/define-tool.ts";
import type { AnyTool } from "../tools/tool-set.ts";
import type { AgentRun } from "./agent-run.ts";
import type { ApprovalSettings } from "./approval-options.ts";
import type { OnceStore } from "./once-store.ts";
import { type CallsRun, PATIENCE_MS } from "./run-context.ts";
import type { CallRecord } from "./run-state.ts";
import { approvalsBelow, type ParentRun, Paused, subAgentOf, toToolOutput } from "./sub-agent.ts";

/** A call whose tool is an agent. */
export interface ChildCall {
  /** The tool, bound to this call. */
  readonly tool: AnyTool;
  /** Takes over where the run below stands, when it has ended or was cut off. Never rejects. */
  readonly keepState: () => Promise<void>;
}

/** Undefined where the tool is none. */
export function createChildCall(
  record: CallRecord,
  tool: AnyTool,
  run: CallsRun,
): ChildCall | undefined {
  const agent = subAgentOf(tool);
  if (agent === undefined) return undefined;
  let child: AgentRun | undefined;
  const execute = async (input: never, execution: ToolExecution): Promise<unknown> => {
    const parent: ParentRun = {
      signal: execution.signal,
      context: execution.context,
      onSpend: run.spend,
      approvals: withFailure(approvalsBelow(run.settings.approvals), run),
      onState: run.isKept ? (state) => keep(record, state, run) : undefined,
    };
    const { childState } = record;
    child =
      childState === undefined ? agent.begin(input, parent) : agent.resume(childState, parent);
    for await (const event of child) execution.progress(event);
    const result = await child.result();
    return result.stopReason === "approval_required" ? new Paused(result) : toToolOutput(result);
  };
  return {
    tool: { ...tool, execute },
    keepState: async () => {
      // What is cut off comes to its end by itself: until then it does not know where it stands.
      const ended = child?.result().catch(() => {});
      await untilAborted(ended, run.signal, PATIENCE_MS).catch(() => {});
      record.childState = child?.state ?? record.childState;
    },
  };
}

async function keep(
  record: CallRecord,
  state: NonNullable<CallRecord["childState"]>,
  run: CallsRun,
): Promise<void> {
  record.childState = state;
  await orFail(run, () => run.checkpoint());
}

function withFailure(approvals: ApprovalSettings, run: CallsRun): ApprovalSettings {
  const { store } = approvals;
  const claim: OnceStore["claim"] = (id, expiresAt) =>
    orFail(run, async () => await store.claim(id, expiresAt));
  return { ...approvals, store: { claim } };
}

/** What keeps the whole run safe has failed: that is nothing for the model above to read. */
async function orFail<Value>(run: CallsRun, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!isAbort(error, run.signal)) run.fail(error);
    throw error;
  }
}
