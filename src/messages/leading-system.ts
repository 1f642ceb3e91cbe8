// Instructions that a caller wrote as the first of the messages. Every model reads them as `system`;
// among the messages few do, and none at the beginning.

import type { ContentBlock, Message, SystemContentBlock } from "../core/content.ts";
import { hasSeveralMembers } from "./block-members.ts";

/** A conversation and the instructions before it. */
export interface LeadingSystem {
  readonly system: readonly SystemContentBlock[];
  readonly messages: readonly Message[];
}

/**
 * Takes the leading system messages off messages that are normalised, to be sent in `system`. One
 * that holds what `system` does not take stays where it is.
 */
export function splitLeadingSystem(messages: readonly Message[]): LeadingSystem {
  const [first] = messages;
  if (first?.role !== "system" || !first.content.every(isSystemBlock)) {
    return { system: [], messages };
  }
  return { system: first.content.filter(isSystemBlock), messages: messages.slice(1) };
}

function isSystemBlock(block: ContentBlock): block is ContentBlock & SystemContentBlock {
  const { text, guardContent, cachePoint } = block;
  const isKnown = text !== undefined || guardContent !== undefined || cachePoint !== undefined;
  return isKnown && !hasSeveralMembers(block);
}
