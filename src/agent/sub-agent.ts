// An agent as a tool of another one: its events are the progress of the call, what it spends is spent by the
// run above, and where it waits for a person, so does the run above.

import type { TokenUsage } from "../core/converse-response.ts";
import { isRecord } from "../core/json.ts";
import type { AnyTool } from "../tools/tool-set.ts";
import type { AgentResult, AgentState } from "./agent-result.ts";
import type { AgentRun } from "./agent-run.ts";
import type { ApprovalSettings } from "./approval-options.ts";
import type { ApprovalDecisions } from "./decisions.ts";
import { keyBelow } from "./state-seal.ts";

/** What the run above gives to the run of an agent that is its tool. */
export interface ParentRun {
  readonly signal: AbortSignal;
  readonly context: unknown;
  /** As of the run above, which decides and claims for all below: their own do not count. */
  readonly approvals: ApprovalSettings;
  /** Told what each answer has cost; null is not known. */
  readonly onSpend: (usage: TokenUsage, usd: number | null) => void;
  readonly onState: ((state: AgentState) => Promise<void>) | undefined;
}

/** The agent behind a tool. */
export interface SubAgent {
  readonly begin: (input: unknown, parent: ParentRun) => AgentRun;
  readonly resume: (state: AgentState, parent: ParentRun) => AgentRun;
  /** Finds decisions good, or throws; nothing changes until what it returns is called. */
  readonly plan: (
    state: AgentState,
    decisions: ApprovalDecisions,
    approvals: ApprovalSettings,
  ) => Promise<() => AgentState>;
}

/** The same for agents that are tools, whose states are signed so that they only count within this one's. */
export function approvalsBelow({ keys, ...approvals }: ApprovalSettings): ApprovalSettings {
  const [first, ...others] = keys;
  return { ...approvals, keys: [keyBelow(first), ...others.map(keyBelow)] };
}

const SUB_AGENT = Symbol("dcaf.sub-agent");

/** Marks a tool as an agent. */
export function withSubAgent<Tool extends AnyTool>(tool: Tool, agent: SubAgent): Tool {
  return Object.defineProperty({ ...tool }, SUB_AGENT, { value: agent });
}

/** The agent behind a tool, if there is one. */
export function subAgentOf(tool: AnyTool | undefined): SubAgent | undefined {
  const agent = (tool as { [SUB_AGENT]?: SubAgent } | undefined)?.[SUB_AGENT];
  return isRecord(agent) ? agent : undefined;
}

/** What a call of an agent comes to while a person has to decide. */
export class Paused {
  readonly result: AgentResult;

  constructor(result: AgentResult) {
    this.result = result;
  }
}

/** Most ends speak for themselves; a model should know of an answer that may lack its end. */
export function toToolOutput({ text, stopReason }: AgentResult): string {
  if (stopReason === "end_turn") return text;
  const note = `[The agent ended with ${stopReason}; its work may be incomplete.]`;
  return text === "" ? note : `${text}\n${note}`;
}
