// What a run comes to, whether it is finished, paused or stopped.

import type { Message, ToolResultBlock } from "../core/content.ts";
import type { StopReason, TokenUsage } from "../core/converse-response.ts";
import type { JsonValue } from "../core/json.ts";
import type { Open } from "../core/open.ts";

/**
 * Why a run ended: what the model said (`end_turn`, `max_tokens`, `guardrail_intervened` …), or
 * `max_turns`, `token_budget`, `cost_budget`, `stop_when`, `approval_required`, `aborted`.
 */
export type AgentStopReason = Open<
  | StopReason
  | "max_turns"
  | "token_budget"
  | "cost_budget"
  | "stop_when"
  | "approval_required"
  | "aborted"
>;

/** A call that waits for a person. */
export interface PendingApproval {
  /** What a decision is given under. A call of an agent that is a tool is `<its call>/<the call>`. */
  readonly toolUseId: string;
  readonly name: string;
  /** The exact input that runs if it is approved. Show it as it is, and escape it. */
  readonly input: JsonValue;
  /** ISO time from which on no decision is taken any more. */
  readonly expiresAt: string;
}

/** A call that has its result. */
export interface FinishedToolCall {
  readonly toolUseId: string;
  readonly name: string;
  /** As it was run, or would have been. */
  readonly input: JsonValue;
  readonly status: "success" | "error";
  readonly result: ToolResultBlock;
  /** The turn that asked for it. */
  readonly turn: number;
  readonly durationMs: number;
}

/** Where a run stands, as JSON: keep it anywhere, and hand it to `resume`. It is signed; nobody may change it. */
export type AgentState = { readonly [member: string]: JsonValue };

/** What a run has come to. */
export interface AgentResult {
  /** The text of the last complete answer, `""` if it has none. */
  readonly text: string;
  /** The whole conversation: what was given and what came of it. Legal as it is, for another run. */
  readonly messages: Message[];
  readonly stopReason: AgentStopReason;
  /** Of all turns and agents that are tools; of withdrawn attempts as far as the service told it. */
  readonly usage: TokenUsage;
  /** What that cost, see `costOf`; undefined as soon as one part of it is not known. */
  readonly cost: { readonly usd: number } | undefined;
  /** Answers of the model, since the beginning of the run. */
  readonly turns: number;
  /** In the order of turns, and within a turn in the order the model asked for them. */
  readonly toolCalls: readonly FinishedToolCall[];
  /** Empty unless `stopReason` is `approval_required`. */
  readonly pendingApprovals: readonly PendingApproval[];
  /** To go on from here, with `resume`. */
  readonly state: AgentState;
}
