// What is set in a block. A block is a union, of which one member is set; where a caller set several,
// all of them are kept, so that the request is refused instead of losing one without a word.

import type { ContentBlock, ToolResultContentBlock } from "../core/content.ts";
import type { UnknownRecord } from "../core/json.ts";

type MemberName = keyof ContentBlock | keyof ToolResultContentBlock;

/** A member that is none of these is not looked at by Bedrock. */
const MEMBERS: Readonly<Record<MemberName | "$unknown", true>> = {
  text: true,
  json: true,
  image: true,
  document: true,
  video: true,
  audio: true,
  toolUse: true,
  toolResult: true,
  guardContent: true,
  cachePoint: true,
  reasoningContent: true,
  citationsContent: true,
  searchResult: true,
  toolAddition: true,
  toolRemoval: true,
  $unknown: true,
};

/**
 * The member of a block that is set, the first of several. One that Bedrock does not know counts
 * only where there is no other. Undefined for an empty block.
 */
export function nameOf(block: object): string | undefined {
  const record = block as UnknownRecord;
  let unknown: string | undefined;
  for (const name in record) {
    if (record[name] == null) continue;
    if (Object.hasOwn(MEMBERS, name)) return name;
    unknown ??= name;
  }
  return unknown;
}

/** Whether a block, or a part of a tool result, has more than one member that is sent. */
export function hasSeveralMembers(block: object): boolean {
  const record = block as UnknownRecord;
  let set = 0;
  for (const name in record) {
    if (record[name] != null && Object.hasOwn(MEMBERS, name)) set += 1;
  }
  return set > 1;
}

/** Whether a block is a cache point and nothing else. */
export function isCachePoint(block: ContentBlock): boolean {
  return block.cachePoint != null && !hasSeveralMembers(block);
}
