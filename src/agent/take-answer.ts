// Takes a complete answer into the state of a run: the message, and the calls that it asks for.

import type { ContentBlock, Message, ToolUseBlock } from "../core/content.ts";
import type { ConverseResponse } from "../core/converse-response.ts";
import { toolUsesOf } from "../messages/readers.ts";
import { faultOfInput } from "../tools/input-limits.ts";
import { toErrorContent } from "../tools/result-content.ts";
import type { ApprovalSettings } from "./approval-options.ts";
import { finishCall, refuseCut } from "./decide-calls.ts";
import { type CallRecord, createCallRecord, type RunState } from "./run-state.ts";

/** Ways to stop after which an answer is whole, and its calls are meant. */
const WHOLE_STOPS: readonly string[] = ["tool_use", "end_turn"];

/** Whether the calls of an answer that ended so may run. */
export function isWholeStop(stopReason: string): boolean {
  return WHOLE_STOPS.includes(stopReason);
}

/** Makes an answer the last message, and its calls the open ones. They are refused where it was cut off. */
export function takeAnswer(
  state: RunState,
  { output: { message }, stopReason }: ConverseResponse,
  approvals: ApprovalSettings,
): void {
  const calls = toolUsesOf(message).filter(({ type }) => type !== "server_tool_use");
  state.calls = calls.map((call) => takeCall(call, stopReason, approvals));
  if (message.content.length > 0) state.messages = [...state.messages, withoutDeepInputs(message)];
  state.turnStopReason = stopReason;
}

function takeCall(call: ToolUseBlock, stopReason: string, approvals: ApprovalSettings): CallRecord {
  const isKept = !isDeep(call.input);
  const record = createCallRecord(isKept ? call : { ...call, input: {} }, approvals);
  if (!isWholeStop(stopReason)) finishCall(record, toErrorContent(refuseCut(stopReason)));
  else if (!isKept)
    finishCall(record, toErrorContent(`${faultOfInput(call.input)} It was not run.`));
  return record;
}

/** Deeper than any input that is run, and not so deep that it cannot be sent back. */
const MAX_DEPTH = 256;

/** What could neither be sent nor kept is left out of the history: its result tells why. */
function withoutDeepInputs(message: Message): Message {
  if (!message.content.some(({ toolUse }) => isDeep(toolUse?.input))) return message;
  const content = message.content.map((block): ContentBlock => {
    const { toolUse } = block;
    return toolUse === undefined || !isDeep(toolUse.input)
      ? block
      : { toolUse: { ...toolUse, input: {} } };
  });
  return { ...message, content };
}

/** Without the stack, which a model could exhaust. */
function isDeep(value: unknown): boolean {
  const waiting: [value: unknown, depth: number][] = [[value, 0]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [inner, depth] = next;
    if (typeof inner !== "object" || inner === null) continue;
    if (depth >= MAX_DEPTH) return true;
    for (const member of Object.values(inner)) waiting.push([member, depth + 1]);
  }
  return false;
}
