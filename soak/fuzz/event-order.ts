// The order of events that may be taken for an answer: `messageStart`; for each block an optional
// start, its deltas and its stop; `messageStop`. Metadata may stand anywhere. Told from the frames
// alone, apart from the client.

import type { BodyFrame } from "./bodies.ts";

/** What is out of order, or undefined. */
export function disorderIn(frames: readonly BodyFrame[]): string | undefined {
  const state = {
    isBegun: false,
    isStopped: false,
    /** Blocks that are open, and whether each is a tool call. */
    open: new Map<number, boolean>(),
    over: new Set<number>(),
  };
  for (const { event, payload } of frames) {
    if (event === "metadata") continue;
    if (event === "messageStart") {
      if (state.isBegun) return "a second messageStart";
      state.isBegun = true;
      continue;
    }
    if (!state.isBegun) return `${event} before messageStart`;
    if (state.isStopped) return `${event} after messageStop`;
    const block = (payload as { contentBlockIndex?: number }).contentBlockIndex ?? -1;
    if (event === "messageStop") {
      const isToRun = (payload as { stopReason?: string }).stopReason === "tool_use";
      if (isToRun && [...state.open.values()].includes(true)) return "a tool call left open";
      state.isStopped = true;
    } else if (event === "contentBlockStart") {
      if (state.open.has(block) || state.over.has(block)) return "a block started twice";
      state.open.set(block, isToolStart(payload));
    } else if (event === "contentBlockDelta") {
      if (state.over.has(block)) return "a delta after the block's stop";
      if (!state.open.has(block) && isToolInput(payload)) return "tool input without its start";
      state.open.set(block, state.open.get(block) ?? false);
    } else if (event === "contentBlockStop") {
      // A block without content may have a stop alone.
      if (state.over.has(block)) return "a block stopped twice";
      state.open.delete(block);
      state.over.add(block);
    }
  }
  return undefined;
}

function isToolStart(payload: object): boolean {
  return "toolUse" in ((payload as { start?: object }).start ?? {});
}

function isToolInput(payload: object): boolean {
  return "toolUse" in ((payload as { delta?: object }).delta ?? {});
}
