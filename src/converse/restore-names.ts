// Tool names and ids in an answer, turned back into those the caller knows.

import type { ContentBlock } from "../core/content.ts";
import type { ConverseStreamEvent } from "../core/converse-events.ts";
import { isRecord } from "../core/json.ts";
import type { WireNames } from "../messages/wire-names.ts";

/** Turns back the names and ids of blocks that were just read, in place. */
export function restoreNames(content: readonly ContentBlock[], names: WireNames): void {
  for (const block of content) {
    if (isRecord(block)) restoreIn(block.toolUse ?? block.toolResult, names);
  }
}

/** Turns back the names and ids of an event that was just read, in place. */
export function restoreEventNames(event: ConverseStreamEvent, names: WireNames): void {
  const start = event.contentBlockStart?.start;
  if (isRecord(start)) restoreIn(start.toolUse ?? start.toolResult, names);
}

function restoreIn(
  block: { toolUseId: string; name?: string } | undefined,
  names: WireNames,
): void {
  // What came over the network may not be what it should.
  if (!isRecord(block)) return;
  block.toolUseId = names.givenToolUseId(block.toolUseId);
  if (block.name !== undefined) block.name = names.givenToolName(block.name);
}
