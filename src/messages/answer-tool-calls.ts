// The rule of tool turns: each call of an assistant message is answered exactly once, in the very
// next user message, before anything else that message says; and nothing else is answered.

import type { ContentBlock, Message, ToolResultBlock } from "../core/content.ts";

/** A call that waits for its answer. `id` differs from `givenId` when that was taken already. */
interface OpenCall {
  readonly id: string;
  readonly givenId: string;
}

const MAX_ID_LENGTH = 64;

/** Returns messages that keep the rule. The given messages are not changed. */
export function answerToolCalls(messages: readonly Message[]): Message[] {
  const answered: Message[] = [];
  let calls: readonly OpenCall[] = [];
  for (const message of messages) {
    if (message.role === "user") {
      answered.push(withResults(message, calls));
      calls = [];
      continue;
    }
    if (calls.length > 0) answered.push(withoutAnswers(calls));
    calls = callsOf(message);
    answered.push(withUniqueIds(message, calls));
  }
  if (calls.length > 0) answered.push(withoutAnswers(calls));
  return answered;
}

/** The calls that wait for an answer; those the provider ran itself carry theirs already. */
function callsOf(message: Message): OpenCall[] {
  if (message.role !== "assistant") return [];
  const calls: OpenCall[] = [];
  const taken = new Set<string>();
  for (const { toolUse } of message.content) {
    if (toolUse === undefined || toolUse.type === "server_tool_use") continue;
    const givenId = toolUse.toolUseId;
    let id = givenId;
    for (let copy = 2; taken.has(id); copy++) {
      const suffix = `-${copy}`;
      id = givenId.slice(0, MAX_ID_LENGTH - suffix.length) + suffix;
    }
    taken.add(id);
    calls.push({ id, givenId });
  }
  return calls;
}

/** Two calls of one id cannot be told apart by their results, so the later one gets another. */
function withUniqueIds(message: Message, calls: readonly OpenCall[]): Message {
  if (calls.every(({ id, givenId }) => id === givenId)) return message;
  let next = 0;
  const content = message.content.map((block): ContentBlock => {
    if (block.toolUse === undefined || block.toolUse.type === "server_tool_use") return block;
    const toolUseId = calls[next++]?.id ?? block.toolUse.toolUseId;
    return { toolUse: { ...block.toolUse, toolUseId } };
  });
  return { role: message.role, content };
}

function withResults(message: Message, calls: readonly OpenCall[]): Message {
  if (calls.length === 0 && message.content.every((block) => block.toolResult === undefined)) {
    return message;
  }
  const results = new Map<OpenCall, ContentBlock>();
  const rest: ContentBlock[] = [];
  for (const block of message.content) {
    const { toolResult } = block;
    if (toolResult === undefined) {
      rest.push(block);
      continue;
    }
    const call = calls.find((open) => open.givenId === toolResult.toolUseId && !results.has(open));
    if (call === undefined) rest.push(...orphanAsText(toolResult));
    else if (call.id === call.givenId) results.set(call, block);
    else results.set(call, { toolResult: { ...toolResult, toolUseId: call.id } });
  }
  const first = calls.map((call) => results.get(call) ?? missingResult(call));
  return { role: message.role, content: [...first, ...rest] };
}

function withoutAnswers(calls: readonly OpenCall[]): Message {
  return { role: "user", content: calls.map(missingResult) };
}

function missingResult({ id }: OpenCall): ContentBlock {
  const content = [{ text: "No result: this call was never completed." }];
  return { toolResult: { toolUseId: id, content, status: "error" } };
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
