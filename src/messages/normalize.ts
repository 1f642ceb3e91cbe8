// Turns any history a caller can plausibly build into one Bedrock accepts, without losing anything
// that means something.

import type { ContentBlock, Message } from "../core/content.ts";
import { answerToolCalls } from "./answer-tool-calls.ts";
import { type MessagesInput, readMessages } from "./message-input.ts";

/** Stands where a tool said nothing, for blank text is refused there too. */
const EMPTY_OUTPUT = "(no output)";

/** Stands for the user's part when a history was cut so that the assistant speaks first. */
const CONVERSATION_START = "(The beginning of this conversation is not shown.)";

/**
 * Returns a legal conversation: neighbours of one role merged (two strings join with a line feed),
 * blank text and empty messages dropped, every tool call answered in the next user message with
 * results first, orphan results turned into text. Never drops an image, a document, a tool call, a
 * tool result, reasoning or non-blank text. The input is not changed; blocks may be shared with it.
 * Throws `TypeError` on what is no message at all.
 */
export function normalizeMessages(messages: MessagesInput): Message[] {
  const merged = mergeNeighbours(readMessages(messages), isPlainText(messages));
  const answered = answerToolCalls(merged);
  if (answered[0]?.role === "assistant") {
    answered.unshift({ role: "user", content: [{ text: CONVERSATION_START }] });
  }
  return trimEnd(answered);
}

/** Tells for each message whether the caller wrote its content as one string. */
function isPlainText(messages: MessagesInput): (index: number) => boolean {
  return (index) => typeof messages === "string" || typeof messages[index]?.content === "string";
}

function mergeNeighbours(messages: Message[], isString: (index: number) => boolean): Message[] {
  const merged: Message[] = [];
  let previousIsString = false;
  for (const [index, { role, content }] of messages.entries()) {
    const blocks = content.flatMap(withoutBlanks);
    if (blocks.length === 0) continue;
    const previous = merged.at(-1);
    const string = isString(index);
    if (previous?.role !== role) {
      merged.push({ role, content: blocks });
      previousIsString = string;
      continue;
    }
    const last = previous.content[0]?.text;
    const next = blocks[0]?.text;
    if (previousIsString && string && last !== undefined && next !== undefined) {
      previous.content = [{ text: `${last}\n${next}` }];
    } else {
      previous.content.push(...blocks);
      previousIsString = false;
    }
  }
  return merged;
}

function withoutBlanks(block: ContentBlock): ContentBlock[] {
  if (block.text !== undefined) return isBlank(block.text) ? [] : [block];
  if (block.toolResult === undefined) return [block];
  const { content } = block.toolResult;
  const kept = content.filter((part) => part.text === undefined || !isBlank(part.text));
  if (kept.length === content.length && kept.length > 0) return [block];
  const visible = kept.length > 0 ? kept : [{ text: EMPTY_OUTPUT }];
  return [{ toolResult: { ...block.toolResult, content: visible } }];
}

/** A final assistant text is continued by the model and must not end in white space. */
function trimEnd(messages: Message[]): Message[] {
  const message = messages.at(-1);
  const text = message?.content.at(-1)?.text;
  if (message?.role !== "assistant" || text === undefined || text === text.trimEnd()) {
    return messages;
  }
  const content = [...message.content.slice(0, -1), { text: text.trimEnd() }];
  return [...messages.slice(0, -1), { role: message.role, content }];
}

function isBlank(text: unknown): boolean {
  return typeof text === "string" && text.trim() === "";
}
