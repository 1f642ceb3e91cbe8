// Where a run stands. It changes only at finished steps, and whatever is cut off between two of them is
// as if it had not begun, except that a call which was begun stays begun.

import { randomUUID } from "node:crypto";
import type { Message, ToolResultContentBlock, ToolUseBlock } from "../core/content.ts";
import type { TokenUsage } from "../core/converse-response.ts";
import type { JsonValue } from "../core/json.ts";
import type {
  AgentState,
  AgentStopReason,
  FinishedToolCall,
  PendingApproval,
} from "./agent-result.ts";
import type { ApprovalSettings } from "./approval-options.ts";

/**
 * How far a call of the open turn has come. `asked`: nothing is decided. `edited`: a
 * person agreed to it with other input. `waiting`: for a person.
 * `cleared`: it may run. `begun`: it was begun, and its result is not known. `paused`: an agent that is a
 * tool waits for a person. `done`: it has its result.
 */
export type CallPhase = "asked" | "edited" | "waiting" | "cleared" | "begun" | "paused" | "done";

/** A call of the open turn. */
export interface CallRecord {
  readonly toolUseId: string;
  readonly name: string;
  /** Given once, when the call is asked for; see `ToolExecution`. */
  readonly idempotencyKey: string;
  /** As it will be run, or would be: changed by hooks and approvers. */
  input: JsonValue;
  phase: CallPhase;
  /**
   * Milliseconds since 1970. Until then it is remembered whether the call was begun, and so it may begin
   * only before; never moved, for a copy of it may be elsewhere.
   */
  readonly beginsBefore: number;
  /** Of what was shown to a person: another tool by then is another call. */
  toolDigest?: string | undefined;
  result?: { content: ToolResultContentBlock[]; status: "success" | "error" } | undefined;
  durationMs: number;
  /** Whether the hooks and the reader of the events have been told of the result. */
  isTold?: boolean | undefined;
  /** Of an agent that is a tool: its own state, as it was last told. */
  childState?: AgentState | undefined;
  childApprovals?: readonly PendingApproval[] | undefined;
}

/** What may still be spent: counted from where the run was last given new allowance. */
export interface Allowance {
  turns: number;
  tokens: number;
  usd: number;
}

/** Everything a run has to remember. */
export interface RunState {
  readonly runId: string;
  /** As given, and grown by answers and results. The client puts it in order for the wire. */
  messages: Message[];
  /** Of the last answer, in its order; empty between turns. */
  calls: CallRecord[];
  toolCalls: FinishedToolCall[];
  turns: number;
  /** Of the open turn, for its end. */
  turnStopReason: string;
  turnUsage: TokenUsage;
  /** Of the last answer alone. */
  lastUsage?: TokenUsage | undefined;
  usage: TokenUsage;
  /** Null as soon as one part of it is not known. */
  usd: number | null;
  /** What had been spent when the allowance began. */
  spent: Allowance;
  /** Why it stopped, once it has. */
  stopReason: AgentStopReason;
}

export const NO_USAGE: TokenUsage = { inputTokens: 0, outputTokens: 0, totalTokens: 0 };

/** A run that has not begun. */
export function createRunState(messages: Message[]): RunState {
  return {
    runId: randomUUID(),
    messages,
    calls: [],
    toolCalls: [],
    turns: 0,
    turnStopReason: "",
    turnUsage: NO_USAGE,
    usage: NO_USAGE,
    usd: 0,
    spent: { turns: 0, tokens: 0, usd: 0 },
    stopReason: "",
  };
}

const HOUR_MS = 60 * 60 * 1_000;

/** A call as the model asked for it, and time for two rounds of approval. */
export function createCallRecord(
  { toolUseId, name, input }: ToolUseBlock,
  { expiresInMs }: ApprovalSettings,
): CallRecord {
  return {
    toolUseId,
    name,
    // What is shown and run is not what others hold, and may change.
    input: structuredClone(input),
    idempotencyKey: randomUUID(),
    phase: "asked",
    beginsBefore: Date.now() + expiresInMs + Math.max(expiresInMs, HOUR_MS),
    durationMs: 0,
  };
}

/** Puts the input that a person has changed into the history, where the model reads what was run. */
export function replaceInput(
  state: RunState,
  toolUseId: string,
  input: ToolUseBlock["input"],
): void {
  const last = state.messages.at(-1);
  if (last === undefined) return;
  const content = last.content.map((block) =>
    block.toolUse?.toolUseId === toolUseId ? { toolUse: { ...block.toolUse, input } } : block,
  );
  state.messages = [...state.messages.slice(0, -1), { ...last, content }];
}
