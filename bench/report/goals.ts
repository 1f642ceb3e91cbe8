// What is to be reached, as figures of one run.

import type { ClientName } from "../clients/client.ts";
import type { MeasuredRow } from "../rows/row.ts";
import { median, medianRatio } from "../statistics.ts";

/** A figure of ours that must not exceed its limit. */
export interface Goal {
  readonly row: string;
  /** What ours is divided by; absent where the value itself is meant. */
  readonly over?: ClientName;
  readonly atMost: number;
}

/** 40 KB. */
const MOST_BUNDLED_BYTES = 40 * 1024;

/** All goals. Those with processor time are for Node 20. */
export const GOALS: readonly Goal[] = [
  { row: "invoke-1", over: "floor", atMost: 1.5 },
  { row: "invoke-1", over: "aws-sdk-http1", atMost: 1 / 3 },
  { row: "invoke-64", over: "floor", atMost: 1.4 },
  { row: "paced-stream", over: "floor", atMost: 1.6 },
  { row: "paced-stream", over: "aws-sdk-http1", atMost: 1 / 2 },
  { row: "bulk-stream", over: "aws-sdk-http1", atMost: 1 / 4 },
  { row: "image", over: "floor", atMost: 1.3 },
  { row: "history-200", over: "floor", atMost: 2.2 },
  { row: "history-200", over: "aws-sdk-http1", atMost: 1 / 4 },
  { row: "first-event", atMost: 55 },
  { row: "connections", atMost: 0 },
  { row: "cold-start", atMost: 60 },
  { row: "cold-start", over: "aws-sdk", atMost: 1 / 3 },
  { row: "bundle", atMost: MOST_BUNDLED_BYTES },
  { row: "memory", over: "floor", atMost: 1.25 },
];

/** A goal, and what was measured. */
export interface Verdict {
  readonly goal: Goal;
  readonly row: MeasuredRow;
  readonly value: number;
  readonly isMet: boolean;
}

/** Holds the rows of a run against the goals, but for those of rows and clients that did not take part. */
export function judge(rows: readonly MeasuredRow[]): Verdict[] {
  return GOALS.flatMap((goal) => {
    const row = rows.find(({ id }) => id === goal.row);
    const ours = row?.samples.get("dcaf");
    if (row === undefined || ours === undefined) return [];
    const others = goal.over === undefined ? undefined : row.samples.get(goal.over);
    if (goal.over !== undefined && others === undefined) return [];
    const value = others === undefined ? median(ours) : medianRatio(ours, others);
    return [{ goal, row, value, isMet: value <= goal.atMost }];
  });
}
