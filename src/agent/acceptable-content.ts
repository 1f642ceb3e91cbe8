// What a tool returned, held to what Bedrock takes: one bad picture in the history would be refused with this
// turn and with every later one.

import type { Message } from "../core/content.ts";
import { blockingIssues, findIssues } from "../messages/check-request.ts";
import { normalizeMessages } from "../messages/normalize.ts";
import {
  type ToolResultContent,
  toErrorContent,
  toResultContent,
} from "../tools/result-content.ts";

/** The content of a result; an error where a block of it would be refused however it is repaired. */
export function toAcceptableContent(value: unknown): ToolResultContent {
  const result = toResultContent(value);
  // Text and JSON were written by ourselves.
  if (result.content.every(({ text, json }) => text !== undefined || json !== undefined)) {
    return result;
  }
  const messages = normalizeMessages(historyWith(result));
  const issues = findIssues({ messages, toolConfig: TOOLS }, { hidesValues: true });
  // A format that nobody knows today may be one tomorrow, but what a tool makes up is more likely.
  const unknown = issues.find(({ rule }) => rule === "unknown-value");
  const fault = blockingIssues(issues)[0] ?? unknown;
  if (fault === undefined) return result;
  return toErrorContent(`The tool returned content that is not accepted: ${fault.message}`);
}

const CALL = { toolUseId: "call", name: "tool", input: {} };

const TOOLS = {
  tools: [{ toolSpec: { name: "tool", inputSchema: { json: { type: "object" } } } }],
};

function historyWith({ content }: ToolResultContent): Message[] {
  return [
    { role: "user", content: [{ text: "?" }] },
    { role: "assistant", content: [{ toolUse: CALL }] },
    { role: "user", content: [{ toolResult: { toolUseId: CALL.toolUseId, content } }] },
  ];
}
