// A row of the table: a fault that is played, and what came of it.

import type { Bench } from "./bench.ts";

/** What was measured of a row. */
export interface Finding {
  /** What happened, in the words of the table. */
  readonly ours: string;
  /** Whether that is what the client promises. */
  readonly isMet: boolean;
}

/** Plays a fault against the real client. Leaves nothing behind but what the bench closes. */
export type Measure = (bench: Bench) => Promise<Finding>;

/** Measures by the name of their row. */
export type Measures = Readonly<Record<string, Measure>>;
