// What waits for a person in a run, and under which name it is decided on.

import type { PendingApproval } from "./agent-result.ts";
import type { CallRecord } from "./run-state.ts";

/** The calls that wait, those of agents that are tools included: all are decided on with the same state. */
export function findPending(calls: readonly CallRecord[], expiresAt: number): PendingApproval[] {
  const until = new Date(expiresAt).toISOString();
  return calls.flatMap(({ phase, toolUseId, name, input, childApprovals }): PendingApproval[] => {
    if (phase === "waiting") {
      return [{ toolUseId, name, input: structuredClone(input), expiresAt: until }];
    }
    if (phase !== "paused") return [];
    return (childApprovals ?? []).map((approval) => ({
      ...approval,
      toolUseId: `${toolUseId}/${approval.toolUseId}`,
      expiresAt: until,
    }));
  });
}
