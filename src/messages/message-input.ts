// What callers may write where the wire wants messages, and the one place that reads it.

import type {
  ContentBlock,
  ConversationRole,
  Message,
  SystemContentBlock,
  ToolResultBlock,
  ToolResultContentBlock,
} from "../core/content.ts";
import { isRecord, type UnknownRecord } from "../core/json.ts";
import type { Input, Open } from "../core/open.ts";
import { kindOf } from "../core/options.ts";
import type { ReportChange } from "../core/request-change.ts";
import { hasSeveralMembers } from "./block-members.ts";
import { isBlank, isBlankPiece } from "./text-pieces.ts";

/** A tool's answer; its content may be a string or hold strings. */
export type ToolResultInput = Omit<Input<ToolResultBlock>, "content"> & {
  content:
    | string
    | Input<ToolResultContentBlock>
    | readonly (string | Input<ToolResultContentBlock>)[]
    | undefined;
};

/** One content block. The AWS SDK's blocks fit. */
export type ContentBlockInput = Input<ContentBlock> | { toolResult: ToolResultInput };

/** One message: its content is a string, one block, or a list of strings and blocks. */
export interface MessageInput {
  readonly role: Open<ConversationRole> | undefined;
  readonly content:
    | string
    | ContentBlockInput
    | readonly (string | ContentBlockInput)[]
    | undefined;
}

/** A conversation; a string is one user message. */
export type MessagesInput = string | readonly MessageInput[];

/** Instructions: a string, or a list of strings and system blocks. */
export type SystemPromptInput = string | readonly (string | Input<SystemContentBlock>)[];

const ROLES: readonly string[] = ["user", "assistant", "system"] satisfies ConversationRole[];

/** What other interfaces keep beside the content would be lost without a word. */
const CALLS_ADVICE = "a call is a block of the content: { toolUse: { toolUseId, name, input } }.";
const RESULTS_ADVICE =
  "The result of a call is a block of a user message: { toolResult: { toolUseId, content } }.";

/**
 * Makes lists of blocks of what may be written shorter, and nothing more. The messages and their
 * lists are new, blocks that need no wrapping are the caller's own objects. Throws `TypeError`
 * naming the place of anything that is no message.
 */
export function readMessages(messages: unknown): Message[] {
  if (typeof messages === "string") return [{ role: "user", content: [{ text: messages }] }];
  if (!Array.isArray(messages)) {
    throw new TypeError(
      `messages must be a string or a list of messages; got ${kindOf(messages)}.`,
    );
  }
  const read: Message[] = [];
  // By index, for that finds holes too.
  for (let index = 0; index < messages.length; index += 1) {
    read.push(readMessage(messages[index], index));
  }
  return read;
}

/** Where a message or a block stands in the caller's list; written out only when something is wrong. */
interface InputPlace {
  readonly message: number;
  /** Undefined for a block that is the whole content. */
  readonly block?: number | undefined;
}

function pathOf({ message, block }: InputPlace): string {
  const content = `messages[${message}].content`;
  return block === undefined ? content : `${content}[${block}]`;
}

function readMessage(message: unknown, index: number): Message {
  if (!isRecord(message)) {
    throw new TypeError(`messages[${index}] must be a message; got ${kindOf(message)}.`);
  }
  const role = readRole(message["role"], index);
  if (message["tool_calls"] != null) {
    throw new TypeError(`messages[${index}].tool_calls: ${CALLS_ADVICE}`);
  }
  return { role, content: readContent(message["content"], index) };
}

function readRole(role: unknown, index: number): ConversationRole {
  if (typeof role === "string" && ROLES.includes(role)) return role as ConversationRole;
  const got = typeof role === "string" ? `“${role.slice(0, 20)}”` : kindOf(role);
  const advice = role === "tool" || role === "function" ? ` ${RESULTS_ADVICE}` : "";
  throw new TypeError(
    `messages[${index}].role must be one of ${ROLES.join(", ")}; got ${got}.${advice}`,
  );
}

function readContent(content: unknown, message: number): ContentBlock[] {
  if (typeof content === "string") return [{ text: content }];
  // Beside calls of its own, OpenAI's interface leaves the content null.
  if (content === null) return [];
  if (isRecord(content)) return [readBlock(content, message)];
  if (!Array.isArray(content)) {
    throw new TypeError(
      `${pathOf({ message })} must be a string, a block or a list of blocks; got ${kindOf(content)}.`,
    );
  }
  // A list that grows from nothing has room for seventeen, and most messages have one block.
  if (content.length === 1) return [readBlock(content[0], message, 0)];
  const blocks: ContentBlock[] = [];
  for (let block = 0; block < content.length; block += 1) {
    blocks.push(readBlock(content[block], message, block));
  }
  return blocks;
}

function readBlock(item: unknown, message: number, index?: number): ContentBlock {
  if (typeof item === "string") return { text: item };
  if (!isRecord(item)) {
    const path = pathOf({ message, block: index });
    throw new TypeError(`${path} must be a string or a content block; got ${kindOf(item)}.`);
  }
  const block = withoutEmptyMembers(item);
  const { text, toolUse, toolResult } = block;
  if (typeof text === "string" && toolUse === undefined && toolResult === undefined) {
    return block as ContentBlock;
  }
  const path = pathOf({ message, block: index });
  checkText(text, path);
  if (toolResult !== undefined) return readToolResult(block, toolResult, `${path}.toolResult`);
  if (toolUse !== undefined) checkToolUse(toolUse, `${path}.toolUse`);
  return block as ContentBlock;
}

/** Other languages write every member of a union, with null or a blank text for those not set. */
function withoutEmptyMembers(item: UnknownRecord): UnknownRecord {
  let set = 0;
  let isClean = true;
  for (const name in item) {
    if (item[name] === null) isClean = false;
    else if (item[name] !== undefined) set += 1;
  }
  const isTextBlank = set > 1 && isBlankPiece(item);
  if (isClean && !isTextBlank) return item;
  return Object.fromEntries(
    Object.entries(item).filter(
      ([name, value]) => value !== null && !(isTextBlank && name === "text"),
    ),
  );
}

function checkText(text: unknown, path: string): void {
  if (text === undefined || text === null || typeof text === "string") return;
  throw new TypeError(`${path}.text must be a string; got ${kindOf(text)}.`);
}

function checkToolUse(toolUse: unknown, path: string): void {
  if (!isRecord(toolUse)) throw new TypeError(`${path} must be a call; got ${kindOf(toolUse)}.`);
  requireText(toolUse["toolUseId"], `${path}.toolUseId`);
  requireText(toolUse["name"], `${path}.name`);
}

function requireText(value: unknown, path: string): void {
  if (typeof value === "string" && value !== "") return;
  const got = value === "" ? "an empty string" : kindOf(value);
  throw new TypeError(`${path} must be a non-empty string; got ${got}.`);
}

function readToolResult(block: UnknownRecord, toolResult: unknown, path: string): ContentBlock {
  if (!isRecord(toolResult)) {
    throw new TypeError(`${path} must be a result; got ${kindOf(toolResult)}.`);
  }
  requireText(toolResult["toolUseId"], `${path}.toolUseId`);
  const content = toolResult["content"];
  const items: unknown[] = Array.isArray(content) ? content : content == null ? [] : [content];
  // Spread, for `map` leaves holes out.
  const blocks = [...items].map((item, index) => {
    if (typeof item === "string") return { text: item };
    if (!isRecord(item)) {
      throw new TypeError(
        `${path}.content[${index}] must be a string or a block; got ${kindOf(item)}.`,
      );
    }
    // JSON may be null, and that says something.
    const part = item["json"] === null ? item : withoutEmptyMembers(item);
    checkText(part["text"], `${path}.content[${index}]`);
    return part;
  });
  const unchanged = items === content && blocks.every((block, index) => block === items[index]);
  if (unchanged) return block as ContentBlock;
  return { ...block, toolResult: { ...toolResult, content: blocks } } as unknown as ContentBlock;
}

/**
 * Wraps instructions; blank text is dropped, plain or for a guardrail, and `report` told of it.
 * Throws `TypeError`.
 */
export function readSystemPrompt(
  prompt: unknown,
  report: ReportChange = () => {},
): SystemContentBlock[] {
  const items: unknown[] = Array.isArray(prompt) ? prompt : prompt === undefined ? [] : [prompt];
  const blocks: SystemContentBlock[] = [];
  for (const [index, given] of items.entries()) {
    const item = isRecord(given) ? withoutEmptyMembers(given) : given;
    if (typeof item === "string" ? isBlank(item) : isBlankSystemBlock(item)) {
      const message = "Blank text was left out.";
      report({ path: `system.${index}`, rule: "text-blank", message, kind: "repair" });
    } else if (typeof item === "string") {
      blocks.push({ text: item });
    } else if (isRecord(item)) {
      blocks.push(item as unknown as SystemContentBlock);
    } else {
      throw new TypeError(
        `systemPrompt must be a string or a list of system blocks; got ${kindOf(item)}.`,
      );
    }
  }
  return blocks;
}

function isBlankSystemBlock(item: unknown): boolean {
  if (!isRecord(item) || hasSeveralMembers(item)) return false;
  const guard = item["guardContent"];
  return isBlankPiece(item) || (isRecord(guard) && isBlankPiece(guard["text"]));
}
