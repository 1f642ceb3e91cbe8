// A text that fits a string schema, taken from the prompt where it can be.

import { isPlaceName, type Mentions, PLACE_NAME } from "./simulator-mentions.ts";
import { exampleOf } from "./simulator-patterns.ts";

/** A string schema's constraints. */
export interface StringConstraints {
  readonly format?: unknown;
  readonly pattern?: unknown;
  readonly minLength?: unknown;
  readonly maxLength?: unknown;
}

const FORMATS: ReadonlyMap<string, { readonly mentioned?: RegExp; readonly example: string }> =
  new Map([
    ["date", { mentioned: /\b\d{4}-\d{2}-\d{2}\b/, example: "2026-01-01" }],
    [
      "date-time",
      {
        mentioned: /\b\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})/,
        example: "2026-01-01T12:00:00Z",
      },
    ],
    ["time", { mentioned: /\b\d{2}:\d{2}:\d{2}Z/, example: "12:00:00Z" }],
    ["duration", { example: "PT1H" }],
    ["email", { mentioned: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/, example: "someone@example.com" }],
    ["idn-email", { example: "someone@example.com" }],
    [
      "uri",
      { mentioned: /\bhttps?:\/\/[^\s"'<>]+[^\s"'<>.,;:!?)]/, example: "https://example.com/" },
    ],
    [
      "url",
      { mentioned: /\bhttps?:\/\/[^\s"'<>]+[^\s"'<>.,;:!?)]/, example: "https://example.com/" },
    ],
    ["uri-reference", { example: "/example" }],
    ["hostname", { example: "example.com" }],
    ["ipv4", { mentioned: /\b(?:\d{1,3}\.){3}\d{1,3}\b/, example: "192.0.2.1" }],
    ["ipv6", { example: "2001:db8::1" }],
    [
      "uuid",
      {
        mentioned: /\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/i,
        example: "00000000-0000-4000-8000-000000000000",
      },
    ],
    ["json-pointer", { example: "/example" }],
    ["regex", { example: ".*" }],
  ]);

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
  [/file|path/i, ({ text }) => [/[\w./-]*\w\.[a-z]\w{0,4}\b/i.exec(text)?.[0], "example.txt"]],
  [
    /(?:^|_)id$|[a-z]Id$|ticket|order|number|code/,
    ({ text }) => [/\b(?:[A-Z]+[-_]?\d[\w-]*|\d{2,})\b/.exec(text)?.[0], "1"],
  ],
  [/symbol|ticker/i, ({ text }) => [/\b[A-Z]{2,5}\b/.exec(text)?.[0], "ACME"]],
  [
    /query|question|search|prompt|input|text|message|content|body|topic|task/i,
    ({ text, quotations }) => [quotations[0], text.replace(/[?!.\s]+$/, ""), DEFAULT_TEXT],
  ],
];

/** No schema gets a longer text than this, whatever it asks for. */
const MAX_FILLED_CHARACTERS = 100_000;

/** A text for a property: the first candidate that fits, made to fit where none does. */
export function toText(schema: StringConstraints, name: string, mentions: Mentions): string {
  const format = typeof schema.format === "string" ? schema.format : undefined;
  const known = format === undefined ? undefined : FORMATS.get(format);
  if (known !== undefined) return known.mentioned?.exec(mentions.text)?.[0] ?? known.example;
  const candidates = candidatesFor(name, mentions);
  const pattern = toPattern(schema.pattern);
  if (pattern !== undefined) {
    const words = mentions.text.split(/[\s,;!?]+/);
    const fitting = [...candidates, ...words].find(
      (candidate) => pattern.test(candidate) && fitsLength(schema, candidate),
    );
    return fitting ?? exampleOf(pattern.source, lengthsOf(schema)) ?? candidates[0] ?? DEFAULT_TEXT;
  }
  const fitting = candidates.find((candidate) => fitsLength(schema, candidate));
  return fitting ?? toLength(candidates[0] ?? DEFAULT_TEXT, schema);
}

/** What the prompt has to say about a property, when it plainly says something; else undefined. */
export function mentionedText(
  schema: StringConstraints,
  name: string,
  mentions: Mentions,
): string | undefined {
  const isFormatted = typeof schema.format === "string";
  const format = isFormatted ? schema.format : namedFormatOf(name);
  const mentioned = FORMATS.get(String(format))?.mentioned?.exec(mentions.text)?.[0];
  const place = !isFormatted && isPlaceName(name) ? mentions.places[0] : undefined;
  const text = mentioned ?? place;
  const pattern = toPattern(schema.pattern);
  if (text === undefined || !fitsLength(schema, text)) return undefined;
  return pattern === undefined || pattern.test(text) ? text : undefined;
}

/** Texts for a property, the likeliest first; there is always one. */
function candidatesFor(name: string, mentions: Mentions): string[] {
  const { text, places, quotations, names } = mentions;
  const format = FORMATS.get(namedFormatOf(name) ?? "");
  if (format !== undefined) return [format.mentioned?.exec(text)?.[0] ?? format.example];
  const hint = HINTS.find(([pattern]) => pattern.test(name))?.[1];
  const hinted = hint?.(mentions) ?? [quotations[0], names[0], places[0], DEFAULT_TEXT];
  return hinted.filter((each) => each !== undefined && each !== "") as string[];
}

function namedFormatOf(name: string): string | undefined {
  return NAMED_FORMATS.find(([pattern]) => pattern.test(name))?.[1];
}

function toPattern(pattern: unknown): RegExp | undefined {
  if (typeof pattern !== "string") return undefined;
  try {
    return new RegExp(pattern, "u");
  } catch {
    return undefined;
  }
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
function toLength(text: string, schema: StringConstraints): string {
  const { min, max } = lengthsOf(schema);
  const characters = [...text];
  if (characters.length > max) return characters.slice(0, max).join("");
  const wanted = Math.min(min, MAX_FILLED_CHARACTERS);
  return [...text.repeat(Math.ceil(wanted / characters.length))].slice(0, wanted).join("");
}
