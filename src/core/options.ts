// Checking what callers pass, so that nothing is swallowed: a misspelt option names its neighbour,
// a wrong type names what was expected. Everything here throws `TypeError`, before any socket opens.

import { isRecord, type UnknownRecord } from "./json.ts";

/** Further apart than this, a known name is no helpful guess. */
const MAX_SUGGESTION_DISTANCE = 4;

/** Longer than this, Node's timers would fire at once. */
export const MAX_TIMER_MS: number = 2 ** 31 - 1;

/** What options are called in other interfaces, and what to use here. */
export type ForeignNames = Readonly<Record<string, string>>;

/** Throws unless `options` is an object whose every own key is known. `where` opens the message. */
export function assertKnownOptions(
  options: unknown,
  knownNames: readonly string[],
  where: string,
  foreignNames: ForeignNames = {},
): asserts options is UnknownRecord {
  if (!isRecord(options)) {
    throw new TypeError(`${where}: expected an object of options, got ${kindOf(options)}.`);
  }
  for (const name of Object.keys(options)) {
    if (knownNames.includes(name)) continue;
    const advice = Object.hasOwn(foreignNames, name) ? foreignNames[name] : undefined;
    throw unknownOption(name, knownNames, where, advice);
  }
}

/** The error for a name that is not known: it offers the nearest one, else all of them. */
function unknownOption(
  name: string,
  knownNames: readonly string[],
  where: string,
  meant: string | undefined,
): TypeError {
  const nearest = meant ?? nearestName(name, knownNames);
  const advice =
    nearest === undefined ? `Known: ${knownNames.join(", ")}.` : `Did you mean “${nearest}”?`;
  return new TypeError(`${where}: “${name}” is not a known option. ${advice}`);
}

/** The known name a writer most probably meant; case and underscores do not count as differences. */
export function nearestName(name: string, knownNames: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let nearestDistance = MAX_SUGGESTION_DISTANCE + 1;
  const plain = plainName(name);
  for (const known of knownNames) {
    const other = plainName(known);
    const contained = plain.length > 3 && (other.includes(plain) || plain.includes(other));
    const distance = contained
      ? Math.min(2, editDistance(plain, other))
      : editDistance(plain, other);
    if (distance < nearestDistance && distance <= Math.max(plain.length, other.length) / 2) {
      nearest = known;
      nearestDistance = distance;
    }
  }
  return nearest;
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, "").slice(0, 64);
}

/** Levenshtein distance, one row at a time. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const substitution = from[row - 1] === to[column - 1] ? 0 : 1;
      current.push(
        Math.min(
          (previous[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (previous[column - 1] ?? 0) + substitution,
        ),
      );
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}

/** How an error names what it got: `null`, `a list`, `a string` … never the value itself. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "undefined";
  if (Array.isArray(value)) return "a list";
  if (value instanceof Uint8Array) return "bytes";
  if (typeof value === "object") return "an object";
  return `a ${typeof value}`;
}

/** What a reader of options may demand of a number. */
export interface NumberBounds {
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
}

/** Reads an optional number; throws `TypeError` that names it and what it must be. */
export function readNumber(
  value: unknown,
  name: string,
  bounds: NumberBounds = {},
): number | undefined {
  if (value === undefined) return undefined;
  const fits =
    typeof value === "number" &&
    !Number.isNaN(value) &&
    (!bounds.integer || Number.isInteger(value)) &&
    value >= (bounds.min ?? Number.NEGATIVE_INFINITY) &&
    value <= (bounds.max ?? Number.POSITIVE_INFINITY);
  if (fits) return value;
  const got = typeof value === "number" ? String(value) : kindOf(value);
  throw new TypeError(`${name} must be ${describeBounds(bounds)}; got ${got}.`);
}

function describeBounds({ min, max, integer }: NumberBounds): string {
  const kind = integer ? "a whole number" : "a number";
  if (min !== undefined && max !== undefined) return `${kind} from ${min} to ${max}`;
  if (min !== undefined) return `${kind} of at least ${min}`;
  return kind;
}

/** Reads an optional text that is not empty. */
export function readString(value: unknown, name: string): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && value !== "") return value;
  const got = value === "" ? "an empty string" : kindOf(value);
  throw new TypeError(`${name} must be a non-empty string; got ${got}.`);
}

/** Reads an optional boolean. */
export function readBoolean(value: unknown, name: string): boolean | undefined {
  if (value === undefined || typeof value === "boolean") return value;
  throw new TypeError(`${name} must be true or false; got ${kindOf(value)}.`);
}

/** Reads an optional member of a closed list of words. */
export function readChoice<Choice extends string>(
  value: unknown,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  if (value === undefined) return undefined;
  const choice = choices.find((candidate) => candidate === value);
  if (choice !== undefined) return choice;
  const got = typeof value === "string" ? `“${value.slice(0, 40)}”` : kindOf(value);
  throw new TypeError(`${name} must be one of ${choices.join(", ")}; got ${got}.`);
}

/** Reads an optional signal, of this realm or of another. */
export function readSignal(value: unknown, name = "signal"): AbortSignal | undefined {
  if (value === undefined) return undefined;
  const candidate = value as Partial<AbortSignal> | null;
  if (typeof candidate?.addEventListener === "function") return value as AbortSignal;
  throw new TypeError(`${name} must be an AbortSignal; got ${kindOf(value)}.`);
}
