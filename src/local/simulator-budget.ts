// What the making of one answer may cost, whatever its schemas demand. Everything that produces or
// compares values takes from the same budget, and once that is spent leaves off.

import type { JsonValue } from "../core/json.ts";

const MAX_CHARACTERS = 1024 * 1024;
const MAX_STEPS = 100_000;

/** User patterns may run this long, all together. */
const MAX_MATCHING_MS = 250;

/** The budget of one request. */
export class Budget {
  #characters = MAX_CHARACTERS;
  #steps = MAX_STEPS;
  #matchingMs = MAX_MATCHING_MS;

  /** Whether there is nothing left to make values from. */
  get isSpent(): boolean {
    return this.#characters <= 0 || this.#steps <= 0;
  }

  /** Characters that may still be produced. */
  get charactersLeft(): number {
    return Math.max(0, this.#characters);
  }

  /** Milliseconds that user patterns may still run. */
  get matchingMsLeft(): number {
    return Math.max(0, this.#matchingMs);
  }

  /** Takes steps, about a comparison each; false when that, or the budget before, is too much. */
  takeSteps(count: number): boolean {
    this.#steps -= count;
    return !this.isSpent;
  }

  /** Takes characters; false when there are not as many. */
  takeCharacters(count: number): boolean {
    this.#characters -= count;
    return this.#characters >= 0;
  }

  /** Takes time that user patterns ran. */
  takeMatchingMs(elapsedMs: number): void {
    this.#matchingMs -= elapsedMs;
  }

  /** The value, paid for by its size; null when that is too much. */
  afford(value: JsonValue): JsonValue {
    return this.takeCharacters(sizeOf(value, this.charactersLeft)) ? value : null;
  }
}

/** Characters of the JSON of a value, roughly; no more is looked at than it takes to exceed `most`. */
function sizeOf(value: JsonValue, most: number): number {
  let size = 0;
  const waiting: JsonValue[] = [value];
  while (size <= most) {
    const item = waiting.pop();
    if (item === undefined) return size;
    size += typeof item === "string" ? item.length + 1 : 1;
    if (typeof item !== "object" || item === null) continue;
    for (const [name, part] of Object.entries(item)) {
      size += name.length;
      waiting.push(part);
    }
  }
  return size;
}
