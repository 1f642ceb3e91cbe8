// Cache points where they are accepted. A point marks the end of what may be cached, so it can only
// move towards the beginning: past reasoning, past a document that is no PDF, into the message before.

import type { ContentBlock, Message } from "../core/content.ts";
import { isCachePoint } from "./block-members.ts";
import type { RepairRun } from "./repair-run.ts";

const MAX_CACHE_POINTS = 4;

/** How far back a place is looked for: in the message of the point and in those before it. */
const NEAR_MESSAGES = 4;

/** Moves or leaves out the points that would be refused. Changes the given messages' contents. */
export function moveCachePoints(messages: readonly Message[], run: RepairRun): void {
  const contents: ContentBlock[][] = [];
  for (const message of messages) {
    const content: ContentBlock[] = [];
    contents.push(content);
    for (const block of message.content) {
      if (isCachePoint(block)) placePoint(block, contents, run);
      else content.push(block);
    }
    // The list may grow by points of later messages.
    message.content = content;
  }
  limitPoints(messages, run);
}

function placePoint(
  point: ContentBlock,
  contents: readonly ContentBlock[][],
  run: RepairRun,
): void {
  const current = contents.at(-1);
  // What nothing near precedes would save little.
  for (const content of contents.slice(-NEAR_MESSAGES).reverse()) {
    let position = content.length;
    while (position > 0 && !canPrecede(content[position - 1], run)) position -= 1;
    const before = content[position - 1];
    if (before === undefined) continue;
    if (isCachePoint(before)) {
      const isLonger = point.cachePoint?.ttl === "1h" && before.cachePoint?.ttl !== "1h";
      const reason = "Of two points at one place the longer stays.";
      run.changedLater(isLonger ? before : point, "cache-points-too-many", reason);
      // Where a short one precedes it, it is made short like any other, and that is a warning.
      if (isLonger) content[position - 1] = point;
      return;
    }
    if (content !== current || position < content.length) {
      run.changedLater(
        point,
        ruleFor(current ?? []),
        "The point was moved to where it is accepted.",
      );
    }
    content.splice(position, 0, point);
    return;
  }
  run.changedLater(point, ruleFor(current ?? []), "The point was left out: nothing precedes it.");
}

function ruleFor(before: readonly ContentBlock[]): string {
  const last = before.at(-1);
  if (last === undefined) return "cache-point-first";
  if (last.toolResult !== undefined) return "tool-results-alone";
  return last.document === undefined ? "cache-point-after-reasoning" : "cache-point-after-document";
}

function canPrecede(block: ContentBlock | undefined, { traits }: RepairRun): boolean {
  if (block?.document !== undefined) return block.document.format === "pdf";
  if (block?.toolResult !== undefined) return traits.toolResultsAlone !== true;
  return block?.reasoningContent === undefined;
}

/** The last four points reach furthest; and no long one stands behind a short one. */
function limitPoints(messages: readonly Message[], run: RepairRun): void {
  let surplus = -MAX_CACHE_POINTS;
  for (const { content } of messages) {
    for (const block of content) if (isCachePoint(block)) surplus += 1;
  }
  let hasShort = false;
  for (const message of messages) {
    message.content = message.content.flatMap((block) => {
      const { cachePoint } = block;
      if (cachePoint === undefined || !isCachePoint(block)) return [block];
      if (surplus > 0) {
        surplus -= 1;
        run.changedLater(block, "cache-points-too-many", "Only the last four points were kept.");
        return [];
      }
      const isLong = cachePoint.ttl === "1h";
      const mustBeShort = isLong && hasShort;
      hasShort ||= !isLong;
      if (!mustBeShort) return [block];
      const reason = "One hour cannot follow five minutes: this point lasts five, too.";
      run.changedLater(block, "cache-ttl-order", reason, "warning");
      const { ttl: _, ...short } = cachePoint;
      return [run.replace(block, { cachePoint: short })];
    });
  }
}
