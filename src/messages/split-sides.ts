// Whose block is whose: the assistant's calls, reasoning and citations, the user's media and results,
// and changes of tools, which only a system message makes.

import type { ContentBlock, ConversationRole, Message } from "../core/content.ts";
import { nameOf } from "./block-members.ts";

const ASSISTANT_ONLY = new Set(["toolUse", "reasoningContent", "citationsContent"]);
const USER_ONLY = new Set(["image", "document", "video", "audio", "searchResult"]);

/** A message as turns of the roles its blocks belong to. */
export interface SplitMessage {
  readonly turns: readonly Message[];
  /** The blocks that left their message. */
  readonly moved: readonly ContentBlock[];
}

/** Whether a block makes or takes back a tool. */
export function isToolChange(block: ContentBlock): boolean {
  return block.toolAddition !== undefined || block.toolRemoval !== undefined;
}

/** Whether a message of `role` holds a block that only another role may hold. */
export function hasOtherSide(role: ConversationRole, content: readonly ContentBlock[]): boolean {
  let serverIds: Set<string> | undefined;
  for (const block of content) {
    if (sideOf(block, role, serverIds) !== role) return true;
    if (isServerCall(block)) {
      serverIds ??= new Set();
      serverIds.add(block.toolUse?.toolUseId ?? "");
    }
  }
  return false;
}

/**
 * Splits a message where the other side's blocks stand. Two things move further: the assistant's
 * media come after the message, so that calls and results stay together, and what the provider ran
 * itself stays with its call.
 */
export function splitSides(role: ConversationRole, content: readonly ContentBlock[]): SplitMessage {
  const media: Message = { role: "user", content: [] };
  const servers = new Map<string, Message>();
  const moved: ContentBlock[] = [];
  let turn: Message = { role, content: [] };
  let last = turn;
  const turns = [turn];
  for (const block of content) {
    if (block.cachePoint !== undefined) {
      last.content.push(block);
      continue;
    }
    const side = sideOf(block, role, servers);
    if (side !== role) moved.push(block);
    const { toolResult } = block;
    const ownTurn = servers.get(toolResult?.toolUseId ?? "");
    if (ownTurn !== undefined) {
      last = ownTurn;
    } else if (role === "assistant" && side === "user" && toolResult === undefined) {
      last = media;
    } else {
      if (side !== turn.role) {
        turn = { role: side, content: [] };
        turns.push(turn);
      }
      last = turn;
    }
    last.content.push(block);
    if (isServerCall(block)) servers.set(block.toolUse?.toolUseId ?? "", turn);
  }
  return { turns: [...turns, media], moved };
}

/** Whose block it is, when it stands in a message of `role` after calls the provider ran itself. */
function sideOf(
  block: ContentBlock,
  role: ConversationRole,
  serverIds: { has(id: string): boolean } | undefined,
): ConversationRole {
  if (block.text !== undefined) return role;
  const name = nameOf(block) ?? "";
  if (ASSISTANT_ONLY.has(name)) return "assistant";
  if (USER_ONLY.has(name)) return "user";
  if (isToolChange(block)) return "system";
  // Instructions may be guarded like the user's words, the model's own words may not.
  if (name === "guardContent") return role === "system" ? role : "user";
  const { toolResult } = block;
  if (toolResult === undefined) return role;
  // What the provider ran itself is told in the assistant's message, with its result.
  if (serverIds?.has(toolResult.toolUseId) === true) return "assistant";
  return role === "assistant" && toolResult.type != null ? role : "user";
}

function isServerCall({ toolUse }: ContentBlock): boolean {
  return toolUse?.type === "server_tool_use";
}
