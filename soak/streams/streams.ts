// Many open streams on one client, against as many bare responses of `node:http`: what each costs,
// how soon all have begun, and whether one more call still goes through.

import { runChild } from "../child.ts";
import { atMost, type Figure, told } from "../figure.ts";
import type { SoakOptions } from "../parts.ts";
import { startServer } from "../server/start-server.ts";
import type { OpenArguments, Steps } from "./measure-steps.ts";

const MAX_EXTRA_KB = 16;
/** What a stream keeps of its request shows with these. */
const LONG_PROMPTS = 500;
const LONG_PROMPT_BYTES = 64 * 1024;
const MAX_FIRST_EVENTS_S = 10;
const MAX_NEW_CALL_MS = 250;

/** Runs both clients one after the other, each in its own process and against a fresh server. */
export async function soakStreams({ isQuick }: SoakOptions): Promise<Figure[]> {
  const counts = isQuick ? [500, 1000, 2000] : [1000, 5000, 10_000];
  const bare = await openStreams("open-bare", counts);
  const dcaf = await openStreams("open-dcaf", counts);
  const long = await openStreams("open-dcaf", [LONG_PROMPTS], LONG_PROMPT_BYTES);
  const longBare = await openStreams("open-bare", [LONG_PROMPTS], LONG_PROMPT_BYTES);
  const figures: Figure[] = [];
  for (const [index, count] of counts.entries()) {
    const isLast = index === counts.length - 1;
    for (const kind of ["heap", "resident"] as const) {
      const own = perStream(dcaf, index, kind);
      const other = perStream(bare, index, kind);
      const name = `${kind} per stream beyond bare, ${count.toLocaleString("en-US")} open`;
      const figure = atMost(name, own - other, MAX_EXTRA_KB, "KB");
      const value = `${figure.value} (${own.toFixed(1)} against ${other.toFixed(1)})`;
      // Whole pages of a few streams say little: 16 MB of young heap are 8 KB for each of 2,000.
      const isJudged = isLast && (kind === "heap" || !isQuick);
      figures.push(isJudged ? { ...figure, value } : told(name, value));
    }
  }
  const seconds = (steps: Steps): number =>
    steps.steps.reduce((sum, { openedMs }) => sum + openedMs, 0) / 1000;
  figures.push(
    told("bare: all first events", seconds(bare), "s"),
    atMost("all first events", seconds(dcaf), MAX_FIRST_EVENTS_S, "s"),
    atMost(
      `heap per stream beyond bare, each with a prompt of ${LONG_PROMPT_BYTES / 1024} KB`,
      perStream(long, 0, "heap") - perStream(longBare, 0, "heap"),
      MAX_EXTRA_KB,
      "KB",
    ),
    atMost("one more call while all stand still", dcaf.newCallMs, MAX_NEW_CALL_MS, "ms"),
  );
  return figures;
}

async function openStreams(
  program: string,
  counts: readonly number[],
  promptBytes = 0,
): Promise<Steps> {
  const server = await startServer();
  const given: OpenArguments = { url: server.url, counts, promptBytes };
  try {
    const [steps] = await runChild(`streams/${program}`, [JSON.stringify(given)]);
    return steps as Steps;
  } finally {
    server.stop();
  }
}

/** In KB of 1,024 bytes. */
function perStream({ before, steps }: Steps, index: number, kind: "heap" | "resident"): number {
  const step = steps[index];
  if (step === undefined) return Number.NaN;
  return (step.held[kind] - before[kind]) / step.streams / 1024;
}
