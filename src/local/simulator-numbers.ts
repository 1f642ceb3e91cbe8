// A number that fits a number schema, taken from the prompt where it can be.

import type { UnknownRecord } from "../core/json.ts";
import type { Mentions } from "./simulator-mentions.ts";

/** The next number of the prompt that fits, which is then used up; else the nearest to 1 that does. */
export function toNumber(schema: UnknownRecord, mentions: Mentions): number {
  return takeNumber(schema, mentions) ?? nearestToOne(schema);
}

/** The next number of the prompt that fits, which is then used up. */
export function takeNumber(schema: UnknownRecord, { numbers }: Mentions): number | undefined {
  const position = numbers.findIndex((number) => fitsNumber(schema, number));
  return position < 0 ? undefined : numbers.splice(position, 1)[0];
}

function nearestToOne(schema: UnknownRecord): number {
  const step = stepOf(schema);
  const { least, most } = rangeOf(schema);
  const start = Math.min(Math.max(1, least), most);
  if (step === undefined) return insideOf(schema, start);
  const up = Math.ceil(start / step) * step;
  const down = Math.floor(start / step) * step;
  const candidates = [up, down, up + step, down - step];
  return candidates.find((candidate) => fitsNumber(schema, candidate)) ?? up;
}

/** A start that an exclusive limit forbids is moved halfway to the other limit, or by one. */
function insideOf(schema: UnknownRecord, start: number): number {
  if (fitsNumber(schema, start)) return start;
  const { least, most } = rangeOf(schema);
  if (Number.isFinite(least) && Number.isFinite(most)) return least + (most - least) / 2;
  return start === least ? start + 1 : start - 1;
}

function fitsNumber(schema: UnknownRecord, number: number): boolean {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = limitsOf(schema);
  const step = stepOf(schema);
  return (
    number >= minimum &&
    number <= maximum &&
    number > exclusiveMinimum &&
    number < exclusiveMaximum &&
    (step === undefined || Number.isInteger(number / step))
  );
}

function limitsOf(schema: UnknownRecord): Record<(typeof LIMIT_NAMES)[number], number> {
  const limit = (name: string, absent: number) => {
    const value = schema[name];
    return typeof value === "number" ? value : absent;
  };
  return {
    minimum: limit("minimum", Number.NEGATIVE_INFINITY),
    maximum: limit("maximum", Number.POSITIVE_INFINITY),
    exclusiveMinimum: limit("exclusiveMinimum", Number.NEGATIVE_INFINITY),
    exclusiveMaximum: limit("exclusiveMaximum", Number.POSITIVE_INFINITY),
  };
}

const LIMIT_NAMES = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] as const;

function rangeOf(schema: UnknownRecord): { least: number; most: number } {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = limitsOf(schema);
  return {
    least: Math.max(minimum, exclusiveMinimum),
    most: Math.min(maximum, exclusiveMaximum),
  };
}

/** The distance between values, undefined when there is none. */
function stepOf(schema: UnknownRecord): number | undefined {
  const { multipleOf, type } = schema;
  if (typeof multipleOf === "number" && multipleOf > 0) {
    return type === "integer" && !Number.isInteger(multipleOf) ? 1 : multipleOf;
  }
  return type === "integer" ? 1 : undefined;
}
