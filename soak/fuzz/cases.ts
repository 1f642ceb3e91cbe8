// One case of the fuzzing. Its seed is made of the run's seed and its number, so that it can be had
// again alone.

import type { ModelMemory } from "../../src/client/model-memory.ts";
import { Random } from "../random.ts";
import { readErrorAnswer } from "./error-answers.ts";
import { classify, type MutantClass } from "./judge-mutant.ts";
import { makeMutant } from "./mutate.ts";
import { type Reading, readBody } from "./read-body.ts";

/** Who takes this long is tried once more: on a busy machine any case may have to wait its turn. */
const DOUBTFUL_MS = 200;

/** A mutated body, read. */
export interface BodyCase {
  readonly class: MutantClass;
  /** What is out of order, where something is. */
  readonly disorder?: string;
  readonly reading: Reading;
  readonly tookMs: number;
}

/** Makes a mutant and reads it. */
export async function runBodyCase(
  seed: number,
  index: number,
  memory: ModelMemory,
): Promise<BodyCase> {
  const readOnce = async (): Promise<BodyCase> => {
    const random = new Random(Math.imul(index + 1, 0x9e3779b1) ^ seed);
    const mutant = makeMutant(random);
    const known = classify(mutant);
    const startedAt = performance.now();
    const reading = await readBody(mutant.bytes, memory, random);
    return { ...known, reading, tookMs: performance.now() - startedAt };
  };
  return await quicker(readOnce);
}

/** An odd error answer, read. */
export interface AnswerCase {
  /** What is wrong with the error it became. */
  readonly fault: string | undefined;
  readonly tookMs: number;
}

/** Makes an error answer and reads it. */
export async function runAnswerCase(seed: number, index: number): Promise<AnswerCase> {
  const readOnce = async (): Promise<AnswerCase> => {
    const random = new Random(Math.imul(index + 1, 0x85ebca6b) ^ seed);
    const startedAt = performance.now();
    const fault = await readErrorAnswer(random);
    return { fault, tookMs: performance.now() - startedAt };
  };
  return await quicker(readOnce);
}

async function quicker<Case extends { readonly tookMs: number }>(
  run: () => Promise<Case>,
): Promise<Case> {
  const first = await run();
  if (first.tookMs < DOUBTFUL_MS) return first;
  const second = await run();
  return second.tookMs < first.tookMs ? second : first;
}
