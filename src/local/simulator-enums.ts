// Which values of an enum a prompt mentions.

import type { JsonValue } from "../core/json.ts";
import type { Budget } from "./simulator-budget.ts";
import type { Mentions } from "./simulator-mentions.ts";
import { wordsOf } from "./simulator-tools.ts";

/** What is compared for the price of a step. */
const VALUES_PER_STEP = 8;
const CHARACTERS_PER_STEP = 64;
const NUMBERS_PER_STEP = 1_000;

/** What was found before, by the words of the prompt; a list asks for each of its items. */
const found = new WeakMap<ReadonlySet<string>, WeakMap<readonly JsonValue[], Mentioned>>();

interface Mentioned {
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
}

/** The values the prompt mentions: the texts whose words it contains, then the numbers it has left. */
export function mentionedEnumValues(
  values: readonly JsonValue[],
  mentions: Mentions,
  budget: Budget,
): JsonValue[] {
  const known = found.get(mentions.words) ?? new WeakMap<readonly JsonValue[], Mentioned>();
  found.set(mentions.words, known);
  const { texts, numbers } = known.get(values) ?? search(values, mentions, budget);
  known.set(values, { texts, numbers });
  const comparisons = numbers.length * mentions.numbers.length;
  if (comparisons === 0 || !budget.takeSteps(comparisons / NUMBERS_PER_STEP)) return [...texts];
  return [...texts, ...numbers.filter((number) => mentions.numbers.includes(number))];
}

function search(values: readonly JsonValue[], { words }: Mentions, budget: Budget): Mentioned {
  const texts: string[] = [];
  const numbers: number[] = [];
  for (const value of values) {
    const length = typeof value === "string" ? value.length : 0;
    if (!budget.takeSteps(1 / VALUES_PER_STEP + length / CHARACTERS_PER_STEP)) break;
    if (typeof value === "number") numbers.push(value);
    if (typeof value !== "string") continue;
    const spoken = wordsOf(value);
    if (spoken.length > 0 && spoken.every((word) => words.has(word))) texts.push(value);
  }
  return { texts, numbers };
}
