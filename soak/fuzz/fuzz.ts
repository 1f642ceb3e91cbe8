// A million damaged, rearranged and forged answers, and many odd errors. Every case has a seed of its
// own, made of the run's seed and its number, so that one can be had again alone.

import { ModelMemory } from "../../src/client/model-memory.ts";
import { atMost, exactly, type Figure, told } from "../figure.ts";
import { measureHeld } from "../memory.ts";
import type { SoakOptions } from "../parts.ts";
import { watchProcess } from "../process-faults.ts";
import { Random } from "../random.ts";
import { readErrorAnswer } from "./error-answers.ts";
import { classify, MAY_SUCCEED, type MutantClass } from "./judge-mutant.ts";
import { makeMutant } from "./mutate.ts";
import { readBody } from "./read-body.ts";

const MAX_CASE_MS = 1000;
const MAX_GROWTH_MB = 32;
/** So many faults are printed with their case. */
const MAX_PRINTED = 20;

/** What happened to all mutants. */
class Tally {
  readonly #counts = new Map<string, number>();
  #printed = 0;
  slowestMs = 0;
  largestMb = 0;

  count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  /** Counts that begin so, without their beginning; the largest first. */
  below(beginning: string): [string, number][] {
    return [...this.#counts]
      .filter(([what]) => what.startsWith(beginning))
      .map(([what, count]): [string, number] => [what.slice(beginning.length), count])
      .sort(([, one], [, other]) => other - one);
  }

  print(what: string): void {
    this.#printed += 1;
    if (this.#printed <= MAX_PRINTED) console.error(`fuzz: ${what}`);
  }

  /** Takes the time of one case, and the memory outside the heap right after it. */
  measure(startedAt: number, externalBytes: number): void {
    this.slowestMs = Math.max(this.slowestMs, performance.now() - startedAt);
    this.largestMb = Math.max(this.largestMb, externalBytes / 2 ** 20);
  }
}

/** Bodies first, errors after them. */
export async function soakFuzz({ isQuick, seed }: SoakOptions): Promise<Figure[]> {
  const bodies = isQuick ? 100_000 : 1_000_000;
  const answers = isQuick ? 20_000 : 200_000;
  const faults = watchProcess();
  const tally = new Tally();
  const memory = new ModelMemory();
  for (let index = 0; index < 2000; index++) await fuzzBody(new Tally(), memory, seed, index);
  const before = await measureHeld();
  const externalBefore = process.memoryUsage().external;
  for (let index = 0; index < bodies; index++) await fuzzBody(tally, memory, seed, index);
  for (let index = 0; index < answers; index++) await fuzzAnswer(tally, seed, index);
  const after = await measureHeld();
  const classes = tally.below("class ");
  return [
    told("seed", String(seed)),
    told("mutated bodies", bodies),
    ...classes.map(([name, count]) =>
      told(`– ${name}`, `${count.toLocaleString("en-US")}, ${tally.of(`success ${name}`)} read`),
    ),
    exactly("crashes and untyped errors", tally.of("crash"), 0),
    exactly("damaged and unfinished, read as a success", tally.of("accepted"), 0),
    exactly("out of order, read as a success", tally.of("success out of order"), 0),
    ...tally.below("disorder ").map(([name, count]) => told(`– ${name}`, count)),
    exactly("whole and untouched, not read", tally.of("refused"), 0),
    told("error answers", answers),
    exactly("error answers that became no proper error", tally.of("answer"), 0),
    atMost("slowest case", tally.slowestMs, MAX_CASE_MS, "ms"),
    atMost("largest buffers", tally.largestMb - externalBefore / 2 ** 20, MAX_GROWTH_MB, "MB"),
    atMost("growth", (after.heap - before.heap) / 2 ** 20, MAX_GROWTH_MB, "MB"),
    exactly("warnings and unhandled", faults.warnings.length + faults.unhandled.length, 0),
    exactly("members put on Object.prototype", Object.keys(Object.prototype).length, 0),
  ];
}

async function fuzzBody(
  tally: Tally,
  memory: ModelMemory,
  seed: number,
  index: number,
): Promise<void> {
  const random = new Random(Math.imul(index + 1, 0x9e3779b1) ^ seed);
  const mutant = makeMutant(random);
  const known = classify(mutant);
  const startedAt = performance.now();
  const reading = await readBody(mutant.bytes, memory, random);
  tally.measure(startedAt, externalBytes(index));
  tally.count(`class ${known.class}`);
  const where = `case ${index} of seed ${seed} (${known.class})`;
  if (reading.kind === "crash") {
    tally.count("crash");
    tally.print(`${where}: ${reading.what}`);
  } else if (reading.kind === "success") {
    tally.count(`success ${known.class}`);
    if (known.disorder !== undefined) tally.count(`disorder ${known.disorder}`);
    else if (!MAY_SUCCEED.has(known.class)) {
      tally.count("accepted");
      tally.print(`${where}: read as a success`);
    }
  } else if (isWhole(known.class)) {
    tally.count("refused");
    tally.print(`${where}: ${reading.code}`);
  }
}

function isWhole(name: MutantClass): boolean {
  return name === "unchanged" || name === "trailing frames" || name === "plausible frames";
}

async function fuzzAnswer(tally: Tally, seed: number, index: number): Promise<void> {
  const random = new Random(Math.imul(index + 1, 0x85ebca6b) ^ seed);
  const startedAt = performance.now();
  const fault = await readErrorAnswer(random);
  tally.measure(startedAt, externalBytes(index));
  if (fault === undefined) return;
  tally.count("answer");
  tally.print(`answer ${index} of seed ${seed}: ${fault}`);
}

/** Asking costs as much as reading a body, so only now and then. */
let externalSeen = 0;
function externalBytes(index: number): number {
  if (index % 16 === 0) externalSeen = process.memoryUsage().external;
  return externalSeen;
}
