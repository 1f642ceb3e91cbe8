// The order of events that Bedrock documents: `messageStart`; for each block an optional start, its
// deltas and its stop; `messageStop`; `metadata`. Told from the frames alone, apart from the client.

import type { BodyFrame } from "./bodies.ts";

/** What is out of order, or undefined; repeated metadata at the end is in order. */
export function disorderIn(frames: readonly BodyFrame[]): string | undefined {
  const state = {
    isBegun: false,
    isStopped: false,
    open: new Set<number>(),
    over: new Set<number>(),
  };
  for (const [index, { event, payload }] of frames.entries()) {
    if (index === 0 && event !== "messageStart") return "no messageStart at the beginning";
    if (index > 0 && event === "messageStart") return "a second messageStart";
    if (event === "metadata") {
      if (!state.isStopped) return "metadata before messageStop";
      continue;
    }
    if (state.isStopped) return `${event} after messageStop`;
    const block = (payload as { contentBlockIndex?: number }).contentBlockIndex ?? -1;
    if (event === "messageStop") {
      if (state.open.size > 0) return "messageStop before the block's stop";
      state.isStopped = true;
    } else if (event === "contentBlockStart") {
      if (state.open.has(block) || state.over.has(block)) return "a block started twice";
      state.open.add(block);
    } else if (event === "contentBlockDelta") {
      if (state.over.has(block)) return "a delta after the block's stop";
      if (!state.open.has(block) && isToolInput(payload)) return "tool input without its start";
      state.open.add(block);
    } else if (event === "contentBlockStop") {
      // A block without content may have a stop alone.
      if (state.over.has(block)) return "a block stopped twice";
      state.open.delete(block);
      state.over.add(block);
    }
  }
  return undefined;
}

function isToolInput(payload: object): boolean {
  return "toolUse" in ((payload as { delta?: object }).delta ?? {});
}
