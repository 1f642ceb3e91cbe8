// The parts of the run, in the order in which they are run. Each runs in a process of its own.

import type { Figure } from "./figure.ts";

/** How a part is to be run. */
export interface SoakOptions {
  /** About a tenth of everything, in about a minute for all parts. */
  readonly isQuick: boolean;
  /** What everything random begins with. */
  readonly seed: number;
}

/** Runs a part. A part that cannot be run rejects. */
export type Part = (options: SoakOptions) => Promise<Figure[]>;

/** By name. */
export const PARTS: Readonly<Record<string, () => Promise<Part>>> = {
  streams: async () => (await import("./streams/streams.ts")).soakStreams,
  leaks: async () => (await import("./leaks/leaks.ts")).soakLeaks,
  abort: async () => (await import("./abort/abort.ts")).soakAbort,
  backpressure: async () => (await import("./load/backpressure.ts")).soakBackpressure,
  outage: async () => (await import("./load/outage.ts")).soakOutage,
  fuzz: async () => (await import("./fuzz/fuzz.ts")).soakFuzz,
  credentials: async () => (await import("./load/credentials.ts")).soakCredentials,
};
