// Setting values in an `.env` text while everything else stays as it was written. Quotes left open
// elsewhere can make an edit here change what a line there means, so each edit is read back and the
// next way of writing is tried when anything but the wanted value moved.

import { CommandError } from "../failures.ts";
import { type Assignment, assignmentsOf, type Quote } from "./assignments.ts";

const BYTE_ORDER_MARK = "\ufeff";
const QUOTES: readonly Quote[] = ["", "'", '"', "`"];

/**
 * The text with each named key set to its value and all other characters as they were. A key that
 * stands several times is set everywhere, one that is missing is appended in the order given, and one
 * that already has its value is not touched. An edited value keeps its quotes unless it could not be
 * read back from them.
 *
 * @throws CommandError for a key that is no name, a value with control characters, or a text in which
 * no way of writing the value leaves all others alone. The message holds no value.
 */
export function setValues(text: string, values: Readonly<Record<string, string>>): string {
  let edited = text;
  for (const [key, value] of Object.entries(values)) {
    requireWritable(key, value);
    edited = setValue(edited, key, value);
  }
  return edited;
}

function requireWritable(key: string, value: string): void {
  if (!/^[\w.-]+$/.test(key)) throw new CommandError(`"${key}" is not a variable name.`);
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(value)) {
    throw new CommandError(`The value for ${key} holds control characters.`);
  }
}

function setValue(text: string, key: string, value: string): string {
  const assignments = assignmentsOf(text);
  let edited = text;
  let found = false;
  for (const [index, assignment] of assignments.entries()) {
    if (assignment.key !== key) continue;
    found = true;
    if (assignment.value !== value) edited = replaceValue(edited, index, value);
  }
  return found ? edited : appendValue(text, assignments, key, value);
}

function replaceValue(text: string, index: number, value: string): string {
  const before = assignmentsOf(text);
  const old = before[index] as Assignment;
  const wanted = before.with(index, { ...old, value });
  for (const written of waysToWrite(value, old.quote)) {
    const edited = text.slice(0, old.start) + written + text.slice(old.end);
    if (readsAs(edited, wanted)) return edited;
  }
  throw unwritable(old.key);
}

function appendValue(
  text: string,
  before: readonly Assignment[],
  key: string,
  value: string,
): string {
  const lineEnd = dominantLineEnd(text);
  const joint = text === "" || text === BYTE_ORDER_MARK || /[\r\n]$/.test(text) ? "" : lineEnd;
  const added = { key, value };
  for (const written of waysToWrite(value)) {
    const line = `${key}=${written}${lineEnd}`;
    const appended = text + joint + line;
    if (readsAs(appended, [...before, added])) return appended;
    // A last line such as `NAME:` would take the new one for its value; at the top nothing can.
    const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
    const prepended = mark + line + text.slice(mark.length);
    if (readsAs(prepended, [added, ...before])) return prepended;
  }
  throw unwritable(key);
}

/** First the ways that other readers than dotenv understand too, then all there are. */
function waysToWrite(value: string, preferred: Quote = ""): string[] {
  const quotes = [preferred, ...QUOTES];
  const plain = quotes.filter((quote) => isPlainWithin(value, quote));
  return [...plain, ...quotes].map((quote) => quote + value + quote);
}

function isPlainWithin(value: string, quote: Quote): boolean {
  if (quote === "") return /^[\w.,:@%+/=-]*$/.test(value);
  return !value.includes(quote) && !(quote === '"' && value.includes("\\"));
}

function readsAs(text: string, wanted: readonly { key: string; value: string }[]): boolean {
  const actual = assignmentsOf(text);
  return (
    actual.length === wanted.length &&
    actual.every(({ key, value }, index) => {
      const other = wanted[index];
      return key === other?.key && value === other.value;
    })
  );
}

function dominantLineEnd(text: string): string {
  const counts = new Map([["\n", 0]]);
  for (const [lineEnd] of text.matchAll(/\r\n?|\n/g)) {
    counts.set(lineEnd, (counts.get(lineEnd) ?? 0) + 1);
  }
  return [...counts].reduce((most, next) => (next[1] > most[1] ? next : most))[0];
}

function unwritable(key: string): CommandError {
  return new CommandError(
    `${key} cannot be set without changing other lines; look for a quote that is left open.`,
  );
}
