// The table, from top to bottom.

import { coldStartRow } from "./cold-start.ts";
import { cpuRow } from "./cpu.ts";
import { memoryRow } from "./memory.ts";
import { networkRows } from "./network.ts";
import { bundleRows, installRows } from "./packages.ts";
import type { Row } from "./row.ts";

/** 3.75 MB, the largest image that Bedrock takes. */
const IMAGE_BYTES = 3_750_000;

/** Makes all rows anew: some share a measurement, which belongs to one run. */
export function createRows(): Row[] {
  return [
    cpuRow({
      id: "invoke-1",
      title: "`invoke`, one at a time, CPU per call",
      unit: "µs",
      conversation: { kind: "hello" },
      concurrency: 1,
      calls: 200,
      rounds: [21, 1],
    }),
    cpuRow({
      id: "invoke-64",
      title: "`invoke`, 64 at a time, CPU per call",
      unit: "µs",
      conversation: { kind: "hello" },
      concurrency: 64,
      calls: 320,
      rounds: [21, 1],
    }),
    cpuRow({
      id: "paced-stream",
      title: "64 streams, a frame every 10 ms each, CPU per event",
      unit: "µs",
      conversation: { kind: "hello" },
      events: 60,
      everyMs: 10,
      concurrency: 64,
      calls: 64,
      rounds: [11, 1],
    }),
    cpuRow({
      id: "bulk-stream",
      title: "a stream of 500 events at once, CPU per event",
      unit: "µs",
      conversation: { kind: "hello" },
      events: 500,
      concurrency: 1,
      calls: 20,
      rounds: [15, 1],
    }),
    cpuRow({
      id: "image",
      title: "an image of 3.75 MB, CPU per call",
      unit: "ms",
      conversation: { kind: "image", bytes: IMAGE_BYTES },
      concurrency: 1,
      calls: 3,
      rounds: [11, 1],
    }),
    cpuRow({
      id: "history-200",
      title: "a history of 200 messages, CPU per call",
      unit: "µs",
      conversation: { kind: "history", messages: 200 },
      concurrency: 1,
      calls: 60,
      rounds: [15, 1],
    }),
    ...networkRows(),
    memoryRow(),
    coldStartRow(),
    ...installRows(),
    ...bundleRows(),
  ];
}
