// Takes a complete answer into the state of a run: the message, and the calls that it asks for.

import { randomUUID } from "node:crypto";
import type { ContentBlock, Message, ToolUseBlock } from "../core/content.ts";
import type { ConverseResponse } from "../core/converse-response.ts";
import { isDeeper } from "../core/json-depth.ts";
import { toolUsesOf } from "../messages/readers.ts";
import { faultOfInput } from "../tools/input-limits.ts";
import { toErrorContent } from "../tools/result-content.ts";
import type { ApprovalSettings } from "./approval-options.ts";
import { finishCall, refuseCut } from "./decide-calls.ts";
import { createCallRecord, type RunState } from "./run-state.ts";

/** Ways to stop after which an answer is whole, and its calls are meant. */
const WHOLE_STOPS: readonly string[] = ["tool_use", "end_turn"];

/** Whether the calls of an answer that ended so may run. */
export function isWholeStop(stopReason: string): boolean {
  return WHOLE_STOPS.includes(stopReason);
}

/** Makes an answer the last message, and its calls the open ones. They are refused where it was cut off. */
export function takeAnswer(
  state: RunState,
  { output, stopReason }: ConverseResponse,
  approvals: ApprovalSettings,
): void {
  const faults = new Map<ToolUseBlock, string | undefined>();
  const message = withUsableCalls(output.message, faults);
  const calls = toolUsesOf(message).filter(({ type }) => type !== "server_tool_use");
  state.calls = calls.map((call) => {
    const record = createCallRecord(call, approvals);
    const fault = faults.get(call);
    if (!isWholeStop(stopReason)) finishCall(record, toErrorContent(refuseCut(stopReason)));
    else if (fault !== undefined) finishCall(record, toErrorContent(`${fault} It was not run.`));
    return record;
  });
  if (message.content.length > 0) state.messages = [...state.messages, message];
  state.turnStopReason = stopReason;
}

/** Deeper than any input that is run, and not so deep that it cannot be sent back. */
const MAX_DEPTH = 256;

/**
 * A history has to be legal, whatever a model makes up: a call without id or name gets one, and an input
 * that could neither be sent nor kept is left out. Says in `faults` why such a call is not run.
 */
function withUsableCalls(message: Message, faults: Map<ToolUseBlock, string | undefined>): Message {
  const content = message.content.map((block): ContentBlock => {
    const { toolUse } = block;
    if (toolUse === undefined) return block;
    const { toolUseId, name, input } = toolUse;
    const isTooDeep = isDeeper(input, MAX_DEPTH);
    if (isText(toolUseId) && isText(name) && !isTooDeep) return block;
    const usable = {
      ...toolUse,
      toolUseId: isText(toolUseId) ? toolUseId : randomUUID(),
      name: isText(name) ? name : "unnamed",
      input: isTooDeep ? {} : input,
    };
    faults.set(usable, isTooDeep ? faultOfInput(input) : "The call has no id or no name.");
    return { toolUse: usable };
  });
  return { ...message, content };
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}
