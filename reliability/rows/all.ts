// Every row, by name.

import { Bench, type Extent } from "../bench.ts";
import type { Finding, Measures } from "../row.ts";
import { CALLS } from "./calls.ts";
import { CUTS } from "./cuts.ts";
import { FRAMES } from "./frames.ts";
import { MEMORY } from "./memory.ts";
import { REFUSALS } from "./refusals.ts";
import { WAITING } from "./waiting.ts";

/** The measures of all rooms of rows. */
export const MEASURES: Measures = {
  ...CUTS,
  ...FRAMES,
  ...WAITING,
  ...REFUSALS,
  ...MEMORY,
  ...CALLS,
};

/** Measures one row on a bench of its own. A row that breaks down has missed its goal. */
export async function measureRow(name: string, extent: Extent): Promise<Finding> {
  const measure = MEASURES[name];
  if (measure === undefined) throw new RangeError(`There is no measure for the row ${name}.`);
  const bench = new Bench(extent);
  try {
    return await measure(bench);
  } catch (error) {
    return { ours: `broke down: ${error instanceof Error ? error.message : error}`, isMet: false };
  } finally {
    await bench.close();
  }
}
