// An example for a regular expression: enough of the syntax for the patterns schemas use. What it
// cannot read it gives up on.

import type { Budget } from "./simulator-budget.ts";
import { findMatch } from "./simulator-matching.ts";

/** Inclusive limits of a length in characters. */
export interface Lengths {
  readonly min: number;
  readonly max: number;
}

/** No quantifier is followed further than this. */
const MAX_REPEATS = 256;

const CLASSES: ReadonlyMap<string, string> = new Map([
  ["d", "1"],
  ["w", "a"],
  ["s", " "],
  ["D", "a"],
  ["W", "-"],
  ["S", "a"],
]);

const CONTROLS: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
  ["f", "\f"],
  ["v", "\v"],
]);

/** Tried in this order for a negated class. */
const COMMON_CHARACTERS = "aA1-_ .,x0";

/** Groups in groups are followed this far, examples written this long. */
const MAX_DEPTH = 100;
const MAX_CHARACTERS = 100_000;

/** A text that matches the whole of `source` within the lengths; undefined when none is found. */
export function exampleOf(source: string, lengths: Lengths, budget: Budget): string | undefined {
  const most = Math.min(MAX_CHARACTERS, budget.charactersLeft);
  for (const generosity of [0, 1, 3, lengths.min, Math.min(lengths.max, MAX_REPEATS)]) {
    if (!budget.takeSteps(source.length)) return undefined;
    const example = new ExampleWriter(source, Math.min(generosity, MAX_REPEATS), most).write();
    if (example === undefined) continue;
    const characters = [...example].length;
    const fits = characters >= lengths.min && characters <= lengths.max;
    if (fits && findMatch(source, [example], budget) === example) return example;
  }
  return undefined;
}

/** Walks a pattern once from left to right, writing the first thing that fits. */
class ExampleWriter {
  readonly #source: string;
  /** Repeats beyond the fewest, wherever a quantifier leaves the choice. */
  readonly #generosity: number;
  readonly #maxCharacters: number;
  #offset = 0;
  #depth = 0;

  constructor(source: string, generosity: number, maxCharacters: number) {
    this.#source = source;
    this.#maxCharacters = maxCharacters;
    this.#generosity = generosity;
  }

  write(): string | undefined {
    const example = this.#writeAlternatives();
    return this.#offset === this.#source.length ? example : undefined;
  }

  /** The first alternative; the others are read and dropped. */
  #writeAlternatives(): string | undefined {
    const first = this.#writeSequence();
    while (this.#peek() === "|") {
      this.#offset += 1;
      this.#writeSequence();
    }
    return first;
  }

  #writeSequence(): string | undefined {
    let example: string | undefined = "";
    while (this.#offset < this.#source.length && !"|)".includes(this.#peek())) {
      const unit = this.#writeUnit();
      const count = this.#readQuantifier();
      example =
        example === undefined || unit === undefined
          ? undefined
          : this.#append(example, unit, count);
    }
    return example;
  }

  /** Undefined when it grows too long. */
  #append(example: string, unit: string, count: number): string | undefined {
    const isShort = example.length + unit.length * count <= this.#maxCharacters;
    return isShort ? example + unit.repeat(count) : undefined;
  }

  #writeUnit(): string | undefined {
    const character = this.#take();
    if (character === "^" || character === "$") return "";
    if (character === ".") return "a";
    if (character === "\\") return this.#writeEscape();
    if (character === "[") return this.#writeClass();
    if (character !== "(") return character;
    const isLookaround = /^\?(?:[=!]|<[=!])/.test(this.#source.slice(this.#offset));
    if (this.#peek() === "?") {
      this.#offset += /^\?(?::|<[^>]*>|)/.exec(this.#source.slice(this.#offset))?.[0].length ?? 0;
    }
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.#offset = this.#source.length;
    const group = this.#writeAlternatives();
    this.#depth -= 1;
    this.#offset += 1;
    return isLookaround ? undefined : group;
  }

  #writeEscape(): string | undefined {
    const character = this.#take();
    if (character === "b") return "";
    if (character === "p" || character === "P" || character === "k" || character === "u") {
      return undefined;
    }
    if (/[1-9]/.test(character)) return undefined;
    return CLASSES.get(character) ?? CONTROLS.get(character) ?? character;
  }

  #writeClass(): string | undefined {
    const end = /^(?:\\.|[^\]\\])*/s.exec(this.#source.slice(this.#offset))?.[0].length ?? 0;
    const body = this.#source.slice(this.#offset, this.#offset + end);
    this.#offset += end + 1;
    if (body.startsWith("^")) {
      const negated = toPattern(`[${body}]`);
      return [...COMMON_CHARACTERS].find((character) => negated?.test(character));
    }
    const escaped = /^\\(.)/s.exec(body)?.[1];
    if (escaped !== undefined) {
      return CLASSES.get(escaped) ?? CONTROLS.get(escaped) ?? escaped;
    }
    return [...body][0];
  }

  #readQuantifier(): number {
    const rest = this.#source.slice(this.#offset);
    const match = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(rest);
    if (match === null) return 1;
    this.#offset += match[0].length;
    const [, sign, least, comma, most] = match;
    const min = least === undefined ? Number(sign === "+") : Number(least);
    if (sign === undefined && comma === "") return Math.min(min, MAX_REPEATS);
    const max = sign === "?" ? 1 : most ? Number(most) : Number.POSITIVE_INFINITY;
    return Math.min(max, Math.max(min, this.#generosity), MAX_REPEATS);
  }

  #peek(): string {
    return this.#source[this.#offset] ?? "";
  }

  #take(): string {
    const character = String.fromCodePoint(this.#source.codePointAt(this.#offset) ?? 0);
    this.#offset += character.length;
    return character;
  }
}

function toPattern(source: string): RegExp | undefined {
  try {
    return new RegExp(source, "u");
  } catch {
    return undefined;
  }
}
