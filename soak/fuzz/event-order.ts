// The order of events that may be taken for an answer: `messageStart`; for each block an optional
// start, its deltas and its stop; `messageStop`. Metadata may stand anywhere. Told from the frames
// alone, apart from the client.

import type { BodyFrame } from "./bodies.ts";

/** Stop reasons that leave no tool call open. */
const WHOLE = ["tool_use", "end_turn", "stop_sequence"];

/** What a delta is part of, by its member; anything else goes with any block. */
const KINDS: Readonly<Record<string, string>> = {
  text: "text",
  citation: "text",
  reasoningContent: "reasoning",
  toolUse: "toolUse",
  toolResult: "toolResult",
  image: "image",
};
const NEED_A_START = ["toolUse", "toolResult", "image"];

/** What is out of order, or undefined. */
export function disorderIn(frames: readonly BodyFrame[]): string | undefined {
  const state = {
    isBegun: false,
    isStopped: false,
    /** Blocks that are open, and what they hold as far as that is known. */
    open: new Map<number, string | undefined>(),
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
    const { contentBlockIndex: block = -1, ...members } = payload as {
      contentBlockIndex?: number;
      stopReason?: string;
      start?: object;
      delta?: object;
    };
    if (event === "messageStop") {
      const isWhole = WHOLE.includes(members.stopReason ?? "");
      if (isWhole && [...state.open.values()].includes("toolUse")) return "a tool call left open";
      state.isStopped = true;
    } else if (event === "contentBlockStart") {
      if (state.open.has(block) || state.over.has(block)) return "a block started twice";
      state.open.set(block, kindIn(members.start));
    } else if (event === "contentBlockDelta") {
      if (state.over.has(block)) return "a delta after the block's stop";
      const [known, kind] = [state.open.get(block), kindIn(members.delta)];
      if (known === undefined && NEED_A_START.includes(kind ?? "")) return `${kind} without start`;
      if (known !== undefined && kind !== undefined && kind !== known) return `${kind} in ${known}`;
      state.open.set(block, known ?? kind);
    } else if (event === "contentBlockStop") {
      // A block without content may have a stop alone.
      if (state.over.has(block)) return "a block stopped twice";
      state.open.delete(block);
      state.over.add(block);
    }
  }
  return undefined;
}

function kindIn(union: object | undefined): string | undefined {
  const member = Object.keys(union ?? {}).find((name) => name in KINDS);
  return member === undefined ? undefined : KINDS[member];
}
