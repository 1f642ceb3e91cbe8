// The sweep: the answer cut at every byte, ended in every way, read in every way, and counted.

import { isDeepStrictEqual } from "node:util";
import type { BedrockLLM } from "../src/index.ts";
import { ANSWER, ANSWER_CONTENT, ANSWER_FRAMES, ANSWER_TEXT, METADATA_OFFSET } from "./answer.ts";
import type { Script } from "./fault-server.ts";
import { type Outcome, type Reading, readAnswer, type Success } from "./reading.ts";
import { promptOf, sendStream, WAYS, type Way } from "./replies.ts";

/** Which of the calls to make: for each way, by its index in `WAYS`, every how many bytes to cut. */
export interface SweepPlan {
  readonly ways: readonly { readonly way: number; readonly everyBytes: number }[];
  readonly readings: readonly Reading[];
}

/** What was counted. */
export interface SweepTally {
  calls: number;
  /** Refused as cut off, by error. */
  refusals: number;
  /** Whole but for the usage, and marked so, at the one cut where that is the truth. */
  usageMissing: number;
  /** Given as complete with anything missing, and every other surprise, told for the first few. */
  wrong: number;
  surprises: string[];
}

const CONCURRENCY = 32;
const MAX_SURPRISES = 2;

/** Serves the answer up to the cut that a prompt `way cut` asks for. */
export const sweepScript: Script = async (request, reply) => {
  const [way = 0, cut = 0] = promptOf(request).split(" ").map(Number);
  await sendStream(reply, ANSWER.subarray(0, cut), wayOf(way), ANSWER.length);
};

/** Makes all calls of a plan. */
export async function sweep(llm: BedrockLLM, plan: SweepPlan): Promise<SweepTally> {
  const tally: SweepTally = { calls: 0, refusals: 0, usageMissing: 0, wrong: 0, surprises: [] };
  const calls = callsOf(plan);
  const work = async (): Promise<void> => {
    for (const { way, cut, reading } of calls) {
      const outcome = await readAnswer(llm, reading, {
        messages: `${way} ${cut}`,
        retry: { mode: "off" },
      });
      count(tally, outcome, way, cut, reading);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return tally;
}

function* callsOf({ ways, readings }: SweepPlan) {
  for (const { way, everyBytes } of ways) {
    for (const reading of readings) {
      for (let cut = 0; cut < ANSWER.length; cut++) {
        if (cut % everyBytes === 0 || cut === METADATA_OFFSET) yield { way, cut, reading };
      }
    }
  }
}

function count(
  tally: SweepTally,
  outcome: Outcome,
  way: number,
  cut: number,
  reading: Reading,
): void {
  tally.calls += 1;
  const isTyped =
    outcome.kind === "error" && outcome.name === "StreamError" && outcome.detail === "truncated";
  if (isTyped) {
    tally.refusals += 1;
    return;
  }
  const { framing, ending } = wayOf(way);
  // Where the connection delimits the body, a FIN is its proper end, and so is a reset that the
  // system tells as one; that a reset told as such is an error is for the row to see to.
  const endsWell = ending === "clean" || framing === "close";
  const isBeforeMetadata = endsWell && cut === METADATA_OFFSET;
  if (isBeforeMetadata && outcome.kind === "success" && isWholeButUsage(outcome, reading)) {
    tally.usageMissing += 1;
    return;
  }
  tally.wrong += 1;
  if (tally.surprises.length === MAX_SURPRISES) return;
  const what = outcome.kind === "success" ? "ok" : `${outcome.name}: ${outcome.message}`;
  tally.surprises.push(`${framing}, ${ending}, cut at ${cut}, by ${reading}: ${what}`);
}

function wayOf(index: number): Way {
  const way = WAYS[index];
  if (way === undefined) throw new RangeError(`There is no way ${index}.`);
  return way;
}

function isWholeButUsage(success: Success, reading: Reading): boolean {
  const events = reading === "iteration" ? ANSWER_FRAMES.length - 1 : 0;
  return success.usageMissing && saysAll(success) && success.events.length === events;
}

/** Whether everything that the answer says has arrived, by whichever reading. */
export function saysAll({ stopReason, content, text }: Success): boolean {
  return (
    stopReason === "tool_use" && isDeepStrictEqual(content, ANSWER_CONTENT) && text === ANSWER_TEXT
  );
}
