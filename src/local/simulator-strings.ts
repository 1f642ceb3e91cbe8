// A text that fits a string schema, taken from the prompt where it can be.

import type { Budget } from "./simulator-budget.ts";
import { exampleOfFormat } from "./simulator-formats.ts";
import { findMatch, toPatternSource } from "./simulator-matching.ts";
import { isPlaceName, type Mentions, PLACE_NAME } from "./simulator-mentions.ts";
import { exampleOf } from "./simulator-patterns.ts";

/** A string schema's constraints. */
export interface StringConstraints {
  readonly format?: unknown;
  readonly pattern?: unknown;
  readonly minLength?: unknown;
  readonly maxLength?: unknown;
}

/** Formats that a property's name gives away when its schema does not. */
const NAMED_FORMATS: readonly (readonly [name: RegExp, format: string])[] = [
  [/e-?mail/i, "email"],
  [/url|uri|link|website/i, "uri"],
  [/date|day$/i, "date"],
  [/uuid/i, "uuid"],
];

/** What a text may be when the prompt has nothing for it. */
const DEFAULT_PLACE = "New York";
const DEFAULT_TEXT = "example";

type Hint = (mentions: Mentions) => readonly (string | undefined)[];

/** What a property's name says about its text, the likeliest first; each list ends in a default. */
const HINTS: readonly (readonly [name: RegExp, candidates: Hint])[] = [
  [/expression|formula|equation|calculation/i, ({ expression }) => [expression, "1 + 1"]],
  [PLACE_NAME, ({ places, names }) => [places[0], names[0], DEFAULT_PLACE]],
  [/zone$/i, () => ["UTC"]],
  [
    /file|path/i,
    ({ text }) => [/(?<![\w./-])[\w./-]*\w\.[a-z]\w{0,4}\b/i.exec(text)?.[0], "example.txt"],
  ],
  [
    /(?:^|_)id$|[a-z]Id$|ticket|order|number|code/,
    ({ text }) => [/\b(?:[A-Z]+[-_]?\d[\w-]*|\d{2,})\b/.exec(text)?.[0], "1"],
  ],
  [/symbol|ticker/i, ({ text }) => [/\b[A-Z]{2,5}\b/.exec(text)?.[0], "ACME"]],
  [
    /query|question|search|prompt|input|text|message|content|body|topic|task/i,
    ({ text, quotations }) => [
      quotations[0],
      text.replace(/(?<![?!.\s])[?!.\s]+$/, ""),
      DEFAULT_TEXT,
    ],
  ],
];

/** No schema gets a longer text than this, whatever it asks for. */
const MAX_FILLED_CHARACTERS = 100_000;

/** How many words of the prompt are looked at for the price of a step. */
const WORDS_PER_STEP = 8;

/** A text for a property: the first candidate that fits, made to fit where none does. */
export function toText(
  schema: StringConstraints,
  name: string,
  mentions: Mentions,
  budget: Budget,
): string {
  const format = typeof schema.format === "string" ? schema.format : "";
  const known = mentions.formats.get(format) ?? exampleOfFormat(format);
  if (known !== undefined) return known;
  const candidates = candidatesFor(name, mentions);
  const source = toPatternSource(schema.pattern);
  if (source !== undefined) {
    budget.takeSteps(mentions.pieces.length / WORDS_PER_STEP);
    const texts = [...candidates, ...mentions.pieces].filter((text) => fitsLength(schema, text));
    return (
      findMatch(source, texts, budget) ??
      exampleOf(source, lengthsOf(schema), budget) ??
      candidates[0] ??
      DEFAULT_TEXT
    );
  }
  const fitting = candidates.find((candidate) => fitsLength(schema, candidate));
  return fitting ?? toLength(candidates[0] ?? DEFAULT_TEXT, schema, budget.charactersLeft);
}

/** What the prompt has to say about a property, when it plainly says something; else undefined. */
export function mentionedText(
  schema: StringConstraints,
  name: string,
  mentions: Mentions,
  budget: Budget,
): string | undefined {
  const isFormatted = typeof schema.format === "string";
  const format = isFormatted ? schema.format : namedFormatOf(name);
  const mentioned = mentions.formats.get(String(format));
  const place = !isFormatted && isPlaceName(name) ? mentions.places[0] : undefined;
  const text = mentioned ?? place;
  if (text === undefined || !fitsLength(schema, text)) return undefined;
  const source = toPatternSource(schema.pattern);
  return source === undefined ? text : findMatch(source, [text], budget);
}

/** Texts for a property, the likeliest first; there is always one. */
function candidatesFor(name: string, mentions: Mentions): readonly string[] {
  const format = namedFormatOf(name) ?? "";
  const formatted = mentions.formats.get(format) ?? exampleOfFormat(format);
  if (formatted !== undefined) return [formatted];
  return hintedBy(HINTS.find(([pattern]) => pattern.test(name))?.[1] ?? hintOfNoName, mentions);
}

const hintOfNoName: Hint = ({ quotations, names, places }) => [
  quotations[0],
  names[0],
  places[0],
  DEFAULT_TEXT,
];

/** What was hinted at before; a schema may have thousands of properties of a kind. */
const hinted = new WeakMap<Mentions, Map<Hint, readonly string[]>>();

function hintedBy(hint: Hint, mentions: Mentions): readonly string[] {
  const known = hinted.get(mentions) ?? new Map<Hint, readonly string[]>();
  hinted.set(mentions, known);
  const texts = known.get(hint) ?? (hint(mentions).filter(Boolean) as string[]);
  known.set(hint, texts);
  return texts;
}

function namedFormatOf(name: string): string | undefined {
  return NAMED_FORMATS.find(([pattern]) => pattern.test(name))?.[1];
}

function lengthsOf({ minLength, maxLength }: StringConstraints): { min: number; max: number } {
  return {
    min: typeof minLength === "number" ? minLength : 0,
    max: typeof maxLength === "number" ? maxLength : Number.POSITIVE_INFINITY,
  };
}

/** JSON Schema counts code points. */
function fitsLength(schema: StringConstraints, text: string): boolean {
  const { min, max } = lengthsOf(schema);
  const { length } = [...text];
  return length >= min && length <= max;
}

/** The text, repeated or cut until it fits. */
function toLength(text: string, schema: StringConstraints, charactersLeft: number): string {
  const { min, max } = lengthsOf(schema);
  const characters = [...text];
  if (characters.length > max) return characters.slice(0, max).join("");
  const wanted = Math.min(min, MAX_FILLED_CHARACTERS, charactersLeft);
  return [...text.repeat(Math.ceil(wanted / characters.length))].slice(0, wanted).join("");
}
