// What a process holds once everything that can be collected is collected. Needs --expose-gc.

import { setTimeout as sleep } from "node:timers/promises";

/** In bytes. */
export interface Held {
  /** Objects and the memory outside the heap that belongs to them. */
  readonly heap: number;
  /** All of the process, pages of collected objects that it keeps included. */
  readonly resident: number;
}

/** Collects until nothing more goes, and measures. */
export async function measureHeld(): Promise<Held> {
  await collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}

/** Several times: finalizers and sockets let go of more from turn to turn. */
export async function collect(): Promise<void> {
  for (let turn = 0; turn < 6; turn++) {
    if (globalThis.gc === undefined) throw new Error("Run with --expose-gc.");
    globalThis.gc();
    await sleep(40);
  }
}

/** What keeps this process alive, counted by kind, without its channel and output. */
export function countResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (/^(Pipe|TTYWrap|PipeWrap|FSReqPromise)/.test(kind)) continue;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** How many resources there are beyond those of `before`. */
export function resourcesBeyond(before: ReadonlyMap<string, number>): number {
  let beyond = 0;
  for (const [kind, count] of countResources()) {
    beyond += Math.max(0, count - (before.get(kind) ?? 0));
  }
  return beyond;
}
