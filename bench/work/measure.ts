// Counts what calls and events allocate, in a process that never collects its garbage: what is used then
// is what was allocated. Prints one line of JSON.

import { PerformanceObserver } from "node:perf_hooks";
import type { Target } from "../clients/client.ts";
import { createLlm } from "../clients/dcaf.ts";

/** What was counted. */
export interface CountedWork {
  readonly bytesPerCall: number;
  readonly bytesPerEvent: number;
  readonly bytesPerMessage: number;
  /** 0, or the figures mean nothing. */
  readonly collections: number;
}

const WARM_UP_CALLS = 3000;
const CALLS = 1000;
const WARM_UP_STREAMS = 60;
const STREAMS = 20;
const HISTORY = 201;

const target = JSON.parse(process.argv[2] ?? "{}") as Target;
const events = Number(process.argv[3]);
const llm = await createLlm(target);
const history = Array.from({ length: HISTORY }, (_, index) => ({
  role: index % 2 === 0 ? ("user" as const) : ("assistant" as const),
  content: [{ text: `message ${index} of a longer talk about the sea` }],
}));

let collections = 0;
new PerformanceObserver((list) => {
  collections += list.getEntries().length;
}).observe({ entryTypes: ["gc"] });

async function invoke(messages: typeof history): Promise<void> {
  await llm.invoke({ messages });
}

async function stream(): Promise<void> {
  for await (const _ of llm.invokeStream({ messages: "Hello" }).text());
}

/** Bytes allocated by one run of `work`, which is warm. */
async function allocatedBy(work: () => Promise<void>, warmUps: number, runs: number) {
  for (let run = 0; run < warmUps; run += 1) await work();
  globalThis.gc?.();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const collectedBefore = collections;
  const before = process.memoryUsage().heapUsed;
  for (let run = 0; run < runs; run += 1) await work();
  const bytes = process.memoryUsage().heapUsed - before;
  await new Promise((resolve) => setTimeout(resolve, 20));
  return { bytes: bytes / runs, collections: collections - collectedBefore };
}

const call = await allocatedBy(() => invoke(history.slice(0, 1)), WARM_UP_CALLS, CALLS);
const long = await allocatedBy(() => invoke(history), WARM_UP_CALLS / 10, CALLS / 10);
const answer = await allocatedBy(stream, WARM_UP_STREAMS, STREAMS);
const counted: CountedWork = {
  bytesPerCall: call.bytes,
  bytesPerMessage: (long.bytes - call.bytes) / (HISTORY - 1),
  bytesPerEvent: (answer.bytes - call.bytes) / events,
  collections: call.collections + long.collections + answer.collections,
};
process.stdout.write(JSON.stringify(counted), () => process.exit());
