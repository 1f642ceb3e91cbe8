// Turns any history a caller can plausibly build into one Bedrock accepts, without losing anything
// that means something. It asks no rule: what it repairs, it knows by itself.

import type { ContentBlock, Message } from "../core/content.ts";
import { answerToolCalls } from "./answer-tool-calls.ts";
import { TurnArranger } from "./arrange-turns.ts";
import { addDocumentTexts, separateToolResults, trimEnd } from "./finish-messages.ts";
import { type MessagesInput, readMessages } from "./message-input.ts";
import { moveCachePoints } from "./move-cache-points.ts";
import { repairBlock } from "./repair-block.ts";
import { type NormalizeTarget, RepairRun } from "./repair-run.ts";
import { WireNames } from "./wire-names.ts";

/**
 * Returns a legal conversation: neighbours of one role merged (two strings join with a line feed),
 * blank text and empty messages dropped, every tool call answered in the next user message with
 * results first, orphan results turned into text, names, ids, formats and JSON written as Bedrock
 * takes them, blocks of the other side given their own turn. Never drops an image, a document, a
 * tool call, a tool result, reasoning or non-blank text.
 *
 * Left for `checkRequest` to find, for no repair keeps the meaning: more than five documents, more
 * than 20 images in a message, media that are empty or too large, reasoning with broken characters.
 * The input is not changed; blocks may be shared with it. Throws `TypeError` on what is no message
 * at all.
 */
export function normalizeMessages(messages: MessagesInput): Message[] {
  return normalizeFor(messages, { traits: {}, names: new WireNames({}) });
}

/**
 * The same for one model: leaves out reasoning the model does not take back, and writes system
 * messages, tool results, names and ids as it wants them. A leading system message stays first, see
 * `splitLeadingSystem`. Throws `TypeError`, also for a change of tools the model cannot read.
 */
export function normalizeFor(messages: MessagesInput, target: NormalizeTarget): Message[] {
  const run = new RepairRun(target);
  const given = readMessages(messages);
  const arranger = new TurnArranger(run);
  for (let index = 0; index < given.length; index++) {
    const message = given[index];
    if (message === undefined) continue;
    const isString = typeof messages === "string" || typeof messages[index]?.content === "string";
    if (message.content.length === 0) {
      run.changedMessage(index, "content-empty", "A message without content was left out.");
      continue;
    }
    repairBlocks(message.content, index, run);
    if (message.content.length > 0) arranger.add(message.role, message.content, isString);
  }
  let turns = arranger.finish();
  if (run.hasToolTurns) {
    turns = answerToolCalls(turns, run);
    if (run.traits.toolResultsAlone === true) turns = separateToolResults(turns, run);
  }
  if (run.hasDocuments) addDocumentTexts(turns, run);
  if (run.hasCachePoints) moveCachePoints(turns, run);
  trimEnd(turns, run);
  return turns;
}

/** In place: the list is ours, the blocks are the caller's. */
function repairBlocks(content: ContentBlock[], message: number, run: RepairRun): void {
  let kept = 0;
  for (let index = 0; index < content.length; index++) {
    const given = content[index];
    if (given === undefined) continue;
    run.enter(message, index);
    // Only what is no plain text can be nested too deeply.
    const isText = typeof given.text === "string";
    const block = isText ? repairBlock(given, run) : run.within(() => repairBlock(given, run));
    if (block !== undefined) content[kept++] = run.remember(block);
  }
  content.length = kept;
}
