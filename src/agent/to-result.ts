// A run's state as its caller sees it.

import type { Message } from "../core/content.ts";
import { normalizeMessages } from "../messages/normalize.ts";
import { textOf } from "../messages/readers.ts";
import type { AgentResult, AgentStopReason } from "./agent-result.ts";
import type { ApprovalSettings } from "./approval-options.ts";
import { findPending } from "./pending-approvals.ts";
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
    pendingApprovals: stopReason === "approval_required" ? findPending(state.calls, expiresAt) : [],
    state: sealState(state, keys[0], expiresAt),
  };
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
