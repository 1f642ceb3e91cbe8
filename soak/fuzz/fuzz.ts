// A million damaged, rearranged and forged answers, and many odd errors: none may crash the reader,
// hold it up or make it grow, and none may be taken for what it is not.

import { ModelMemory } from "../../src/client/model-memory.ts";
import { atMost, exactly, type Figure, told } from "../figure.ts";
import { measureHeld } from "../memory.ts";
import type { SoakOptions } from "../parts.ts";
import { watchProcess } from "../process-faults.ts";
import { type BodyCase, runAnswerCase, runBodyCase } from "./cases.ts";
import { MAY_SUCCEED } from "./judge-mutant.ts";
import { Tally } from "./tally.ts";

const WARM_UP_BODIES = 2000;
const MAX_CASE_MS = 1000;
const MAX_GROWTH_MB = 32;
const MB = 2 ** 20;
/** So many faults are printed with their case. */
const MAX_PRINTED = 10;
/** Asking for memory costs as much as reading a body. */
const CASES_FOR_EACH_LOOK = 16;

/** What there was in the worst case. */
interface Worst {
  tookMs: number;
  externalBytes: number;
}

/** Bodies first, errors after them. */
export async function soakFuzz({ isQuick, seed }: SoakOptions): Promise<Figure[]> {
  const bodies = isQuick ? 100_000 : 1_000_000;
  const answers = isQuick ? 20_000 : 200_000;
  const faults = watchProcess();
  const tally = new Tally();
  const memory = new ModelMemory();
  for (let index = 0; index < WARM_UP_BODIES; index++) await runBodyCase(seed, index, memory);
  const before = await measureHeld();
  const worst: Worst = { tookMs: 0, externalBytes: 0 };
  const externalBefore = process.memoryUsage().external;
  for (let index = 0; index < bodies; index++) {
    const result = await runBodyCase(seed, index, memory);
    look(worst, index, result.tookMs);
    const fault = countBody(tally, result);
    if (fault !== undefined) report(tally, fault, `body ${index}: ${fault}`);
  }
  for (let index = 0; index < answers; index++) {
    const { fault, tookMs } = await runAnswerCase(seed, index);
    look(worst, index, tookMs);
    if (fault === undefined) continue;
    tally.count("answer");
    report(tally, `answer ${fault}`, `answer ${index}: ${fault}`);
  }
  const after = await measureHeld();
  const buffersMb = (worst.externalBytes - externalBefore) / MB;
  return [
    told("seed", String(seed)),
    ...bodyFigures(tally, bodies),
    told("error answers", answers),
    exactly("error answers that became no proper error", tally.of("answer"), 0),
    ...tally.below("answer ").map(([fault, count]) => told(`– ${fault}`, count)),
    atMost("slowest case", worst.tookMs, MAX_CASE_MS, "ms"),
    atMost("largest buffers", buffersMb, MAX_GROWTH_MB, "MB"),
    atMost("growth", (after.heap - before.heap) / MB, MAX_GROWTH_MB, "MB"),
    exactly("warnings and unhandled", faults.warnings.length + faults.unhandled.length, 0),
    exactly("members put on Object.prototype", Object.keys(Object.prototype).length, 0),
  ];
}

function bodyFigures(tally: Tally, bodies: number): Figure[] {
  return [
    told("mutated bodies", bodies),
    ...tally.below("class ").map(([name, count]) => {
      const read = tally.of(`success ${name}`).toLocaleString("en-US");
      return told(`– ${name}`, `${count.toLocaleString("en-US")}, ${read} read`);
    }),
    exactly("crashes and untyped errors", tally.of("crash"), 0),
    exactly("damaged and unfinished, read as a success", tally.of("accepted"), 0),
    exactly("out of order, read as a success", tally.of("success out of order"), 0),
    ...tally.below("disorder ").map(([name, count]) => told(`– ${name}`, count)),
    exactly("whole and in order, not read", tally.of("refused"), 0),
  ];
}

/** Counts a body; returns what is wrong, but for disorder, which would be too much to print. */
function countBody(tally: Tally, result: BodyCase): string | undefined {
  const { reading, disorder, class: name } = result;
  tally.count(`class ${name}`);
  if (reading.kind === "crash") {
    tally.count("crash");
    return reading.what;
  }
  if (reading.kind === "success") {
    tally.count(`success ${name}`);
    if (disorder !== undefined) tally.count(`disorder ${disorder}`);
    if (disorder !== undefined || MAY_SUCCEED.has(name)) return undefined;
    tally.count("accepted");
    return `${name}, and read as a success`;
  }
  if (!MAY_SUCCEED.has(name) || name === "summed anew") return undefined;
  tally.count("refused");
  return `${name}, and refused with ${reading.code}`;
}

function report(tally: Tally, kind: string, where: string): void {
  tally.count(kind);
  if (tally.of(kind) <= MAX_PRINTED) console.error(`fuzz: ${where}`);
}

function look(worst: Worst, index: number, tookMs: number): void {
  worst.tookMs = Math.max(worst.tookMs, tookMs);
  if (index % CASES_FOR_EACH_LOOK !== 0) return;
  worst.externalBytes = Math.max(worst.externalBytes, process.memoryUsage().external);
}
