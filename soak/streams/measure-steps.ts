// Opens streams in steps and measures after each what the process holds; the same for both kinds of
// client, so that only the client differs.

import { tellParent } from "../child.ts";
import { type Held, measureHeld } from "../memory.ts";

/** After one step. */
export interface Step {
  readonly streams: number;
  readonly held: Held;
  /** From opening the first of the step to the first event of its last. */
  readonly openedMs: number;
}

/** What a client process sends: the baseline, its steps, and how long one more call took. */
export interface Steps {
  readonly before: Held;
  readonly steps: readonly Step[];
  readonly newCallMs: number;
}

/** How one kind of client opens a stream and makes a call. */
export interface Opener {
  /** Resolves with the first piece of text; the stream stays open. */
  open(): Promise<void>;
  call(): Promise<void>;
  /** Opened and closed before anything is measured, so that code and pools are there. */
  warmUp(): Promise<void>;
}

/** Runs to the last step, tells the parent and ends the process with all its streams. */
export async function measureSteps(counts: readonly number[], opener: Opener): Promise<never> {
  await opener.warmUp();
  const before = await measureHeld();
  const steps: Step[] = [];
  let streams = 0;
  for (const count of counts) {
    const openings: Promise<void>[] = [];
    const startedAt = performance.now();
    for (; streams < count; streams++) openings.push(opener.open());
    await Promise.all(openings);
    const openedMs = performance.now() - startedAt;
    steps.push({ streams, held: await measureHeld(), openedMs });
  }
  const calledAt = performance.now();
  await opener.call();
  const newCallMs = performance.now() - calledAt;
  await tellParent({ before, steps, newCallMs } satisfies Steps);
  process.exit();
}

/** What the program is told. */
export interface OpenArguments {
  readonly url: string;
  readonly counts: readonly number[];
  /** Length of each prompt. */
  readonly promptBytes: number;
}

/** Reads the arguments of the program. */
export function readArguments(): OpenArguments {
  return JSON.parse(process.argv[2] ?? "") as OpenArguments;
}

/** A prompt of its own for each stream, as conversations have, in one piece of memory. */
export function makePrompt({ promptBytes }: OpenArguments): string {
  const start = `${Math.random()} What is the capital of France?`;
  return Buffer.alloc(Math.max(promptBytes, start.length), start).toString("latin1");
}
