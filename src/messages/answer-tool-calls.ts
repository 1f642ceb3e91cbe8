// The rule of tool turns: each call of an assistant message is answered exactly once, in the very
// next user message, before anything else that message says; and nothing else is answered.

import type { ContentBlock, Message, ToolResultBlock } from "../core/content.ts";

/** Returns messages that keep the rule. The given messages are not changed. */
export function answerToolCalls(messages: readonly Message[]): Message[] {
  const answered: Message[] = [];
  let calls: readonly string[] = [];
  for (const message of messages) {
    if (message.role === "user") {
      answered.push(calls.length === 0 ? withoutResults(message) : withResults(message, calls));
      calls = [];
      continue;
    }
    if (calls.length > 0) answered.push({ role: "user", content: calls.map(missingResult) });
    answered.push(message);
    calls = callsOf(message);
  }
  if (calls.length > 0) answered.push({ role: "user", content: calls.map(missingResult) });
  return answered;
}

/** Ids of the calls that wait for an answer; those the provider ran itself carry theirs already. */
function callsOf(message: Message): string[] {
  if (message.role !== "assistant") return [];
  const ids: string[] = [];
  for (const { toolUse } of message.content) {
    if (toolUse === undefined || toolUse.type === "server_tool_use") continue;
    if (!ids.includes(toolUse.toolUseId)) ids.push(toolUse.toolUseId);
  }
  return ids;
}

function withResults(message: Message, calls: readonly string[]): Message {
  const results = new Map<string, ContentBlock>();
  const rest: ContentBlock[] = [];
  for (const block of message.content) {
    const id = block.toolResult?.toolUseId;
    if (id === undefined) rest.push(block);
    else if (calls.includes(id) && !results.has(id)) results.set(id, block);
    else rest.push(...orphanAsText(block.toolResult as ToolResultBlock));
  }
  const first = calls.map((id) => results.get(id) ?? missingResult(id));
  return { role: message.role, content: [...first, ...rest] };
}

function withoutResults(message: Message): Message {
  if (!message.content.some((block) => block.toolResult !== undefined)) return message;
  const content = message.content.flatMap((block) =>
    block.toolResult === undefined ? [block] : orphanAsText(block.toolResult),
  );
  return { role: message.role, content };
}

function missingResult(toolUseId: string): ContentBlock {
  const content = [{ text: "No result: this call was never completed." }];
  return { toolResult: { toolUseId, content, status: "error" } };
}

/** Keeps what an orphan result says: text and JSON as text, media as they are. */
function orphanAsText({ toolUseId, content }: ToolResultBlock): ContentBlock[] {
  const heading: ContentBlock = { text: `Result of an earlier tool call (${toolUseId}):` };
  return [
    heading,
    ...content.map((part): ContentBlock => {
      if (part.json !== undefined) return { text: JSON.stringify(part.json) };
      return part as ContentBlock;
    }),
  ];
}
