// A run's state as its caller sees it.

import type { Message } from "../core/content.ts";
import { normalizeMessages } from "../messages/normalize.ts";
import { textOf } from "../messages/readers.ts";
import type { AgentResult, AgentStopReason, PendingApproval } from "./agent-result.ts";
import type { ApprovalSettings } from "./approval-options.ts";
import { toResultBlock } from "./run-calls.ts";
import type { RunState } from "./run-state.ts";
import { sealState } from "./state-seal.ts";

/** The result of a run that has ended, or waits. */
export function toResult(
  state: RunState,
  stopReason: AgentStopReason,
  { keys, expiresInMs }: ApprovalSettings,
): AgentResult {
  state.stopReason = stopReason;
  const expiresAt = Date.now() + expiresInMs;
  return {
    text: lastTextOf(state.messages),
    messages: closedMessages(state),
    stopReason,
    usage: state.usage,
    cost: state.usd === null ? undefined : { usd: state.usd },
    turns: state.turns,
    toolCalls: state.toolCalls,
    pendingApprovals: stopReason === "approval_required" ? findPending(state, expiresAt) : [],
    state: sealState(state, keys[0], expiresAt),
  };
}

/** The calls that wait for a person, those of agents that are tools included. */
function findPending({ calls }: RunState, expiresAt: number): PendingApproval[] {
  return calls.flatMap(({ phase, toolUseId, name, input, childApprovals }): PendingApproval[] => {
    if (phase === "waiting") {
      return [{ toolUseId, name, input, expiresAt: new Date(expiresAt).toISOString() }];
    }
    if (phase !== "paused") return [];
    return (childApprovals ?? []).map((approval) => ({
      ...approval,
      toolUseId: `${toolUseId}/${approval.toolUseId}`,
    }));
  });
}

/** The last answer that was complete, which may be followed by the results of its calls. */
function lastTextOf(messages: readonly Message[]): string {
  const last = messages.findLast(({ role }) => role === "assistant");
  return last === undefined ? "" : textOf(last);
}

/** A conversation that can be sent as it is: calls that are still open have a result that says so. */
function closedMessages({ messages, calls }: RunState): Message[] {
  if (calls.length === 0) return normalizeMessages(messages);
  const content = calls.map((record) => ({ toolResult: toResultBlock(record) }));
  return normalizeMessages([...messages, { role: "user", content }]);
}
