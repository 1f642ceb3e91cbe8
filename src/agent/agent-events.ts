// What a run tells while it goes on: one union, told apart by `type`.

import type { ToolResultBlock } from "../core/content.ts";
import type { ConverseResponse, TokenUsage } from "../core/converse-response.ts";
import type { JsonValue } from "../core/json.ts";
import type { AgentResult, PendingApproval } from "./agent-result.ts";

/** A turn begins: the model is asked. Turns are counted from 1. */
export interface TurnStartEvent {
  readonly type: "turn_start";
  readonly turn: number;
}

/** The next piece of text. */
export interface TextDeltaEvent {
  readonly type: "text_delta";
  readonly text: string;
}

/** The next piece of readable reasoning. */
export interface ReasoningDeltaEvent {
  readonly type: "reasoning_delta";
  readonly text: string;
}

/** The next piece of the JSON text of a call's input. Nothing has been run yet. */
export interface ToolInputDeltaEvent {
  readonly type: "tool_input_delta";
  readonly toolUseId: string;
  readonly name: string;
  readonly delta: string;
}

/** A call of a complete turn is taken up. */
export interface ToolCallStartEvent {
  readonly type: "tool_call_start";
  readonly toolUseId: string;
  readonly name: string;
  readonly input: JsonValue;
}

/** What a tool told of its progress; an agent that is a tool tells its own events. */
export interface ToolProgressEvent {
  readonly type: "tool_progress";
  readonly toolUseId: string;
  readonly name: string;
  readonly progress: unknown;
}

/** A call has its result, whatever it is. Calls end in any order; their results are in call order. */
export interface ToolCallEndEvent {
  readonly type: "tool_call_end";
  readonly toolUseId: string;
  readonly name: string;
  readonly status: "success" | "error";
  /** As the model reads it. */
  readonly result: ToolResultBlock;
  /** Milliseconds, waiting for a free place not counted; 0 for a call that was not run. */
  readonly durationMs: number;
}

/** A person has to agree; the run ends with all that wait. */
export interface ApprovalRequiredEvent extends PendingApproval {
  readonly type: "approval_required";
}

/** The answer broke off and is asked for again: what was shown since `turn_start` is withdrawn. */
export interface TurnRetryEvent {
  readonly type: "turn_retry";
  readonly turn: number;
  /** The attempt that comes next; the first was 1. */
  readonly attempt: number;
  /** Milliseconds until then. */
  readonly delayMs: number;
  /** Why, without any words of the model. */
  readonly reason: string;
}

/** A turn is complete: its answer, and the results of all its calls. */
export interface TurnEndEvent {
  readonly type: "turn_end";
  readonly turn: number;
  readonly stopReason: ConverseResponse["stopReason"];
  /** Of this turn, withdrawn attempts included. */
  readonly usage: TokenUsage;
}

/** The run is over. The last event. */
export interface RunEndEvent {
  readonly type: "run_end";
  readonly result: AgentResult;
}

/** One event of a run. */
export type AgentEvent =
  | TurnStartEvent
  | TextDeltaEvent
  | ReasoningDeltaEvent
  | ToolInputDeltaEvent
  | ToolCallStartEvent
  | ToolProgressEvent
  | ToolCallEndEvent
  | ApprovalRequiredEvent
  | TurnRetryEvent
  | TurnEndEvent
  | RunEndEvent;
