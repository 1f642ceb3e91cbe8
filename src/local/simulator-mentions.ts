// What a prompt mentions that may serve as an argument: places, numbers, quotations, addresses.

import { isRecord } from "../core/json.ts";
import { formatsIn } from "./simulator-formats.ts";
import { wordsOf } from "./simulator-tools.ts";

/** What a prompt mentions, each list in the order of the prompt. */
export interface Mentions {
  readonly text: string;
  /** What stands between white space and punctuation. */
  readonly pieces: readonly string[];
  /** By the name of a format of JSON Schema. */
  readonly formats: ReadonlyMap<string, string>;
  /** Telling words, without their endings. */
  readonly words: ReadonlySet<string>;
  readonly places: readonly string[];
  readonly quotations: readonly string[];
  /** Capitalised words within a sentence. */
  readonly names: readonly string[];
  readonly expression: string | undefined;
  /** Numbers that no argument has taken yet; whoever takes one removes it. */
  readonly numbers: number[];
}

/** A capitalised word or several: `New York`, `San Francisco, CA`, `São Paulo`. */
const PROPER = String.raw`\p{Lu}[\p{L}.'-]*(?:(?:, | |-)\p{Lu}[\p{L}.'-]*)*`;
const PLACES = new RegExp(
  String.raw`\b(?:in|at|near|around|for|of|to|from)\s+(${PROPER}(?:(?:,? and |, | or )${PROPER})*)`,
  "gu",
);
const LOWER_PLACE =
  /\b(?:in|at|near|for)\s+(?!the\b|a\b|an\b|my\b|me\b|\d)(\p{L}+(?: \p{L}+)?)(?=\s+(?:today|tomorrow|tonight|now|right|please|this|on)\b|\s*[?.!,;]|\s*$)/iu;
const NO_PLACE = /^(?:celsius|fahrenheit|kelvin|english|french|german|spanish|json|usd|eur)$/i;

/** Reads what a text mentions. */
export function toMentions(text: string): Mentions {
  return {
    text,
    pieces: text.split(/[\s,;!?]+/),
    formats: formatsIn(text),
    words: new Set(wordsOf(text)),
    places: placesIn(text),
    quotations: matchesOf(/["“‘]([^"”’]{1,200})["”’]|(?<=\s)'([^']{1,200})'/g, text),
    names: matchesOf(new RegExp(String.raw`(?<=[\p{L}\p{N},:] )(${PROPER})`, "gu"), text),
    expression: /-?\d[\d.\s+\-*/×÷^()]{0,100}[+\-*/×÷^][\d.\s+\-*/×÷^()]{0,100}\d\)?/
      .exec(text)?.[0]
      .trim(),
    numbers: matchesOf(/(?<![\p{L}\d.])(-?\d+(?:\.\d+)?)/gu, text).map(Number),
  };
}

/** Names of properties that ask for a place. */
export const PLACE_NAME: RegExp =
  /cit(?:y|ies)|location|place|town|countr(?:y|ies)|region|destination|origin|where|address$/i;

/** Whether a name of a property asks for a place. */
export function isPlaceName(name: string): boolean {
  return PLACE_NAME.test(name);
}

/** Whether an object schema asks for exactly one place. */
export function hasPlace(schema: Record<string, unknown>): boolean {
  const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
  return Object.entries(properties).some(
    ([name, property]) => isPlaceName(name) && isRecord(property) && property["type"] === "string",
  );
}

function placesIn(text: string): string[] {
  const places = matchesOf(PLACES, text)
    .flatMap(splitPlaces)
    .filter((place) => !NO_PLACE.test(place));
  if (places.length > 0) return [...new Set(places)];
  const lower = LOWER_PLACE.exec(text)?.[1];
  return lower === undefined || NO_PLACE.test(lower) ? [] : [lower];
}

/** `Paris, France` is one place, `Tokyo and Paris` are two, `Oslo, Rome and Bern` three. */
function splitPlaces(places: string): string[] {
  const parts = places.split(/,? (?:and|or) /);
  const listed =
    parts.length > 1 ? parts.flatMap((part) => part.split(/, (?!\p{Lu}{2}$)/u)) : parts;
  return listed.map((part) => part.replace(/[.'-]+$/, ""));
}

function matchesOf(pattern: RegExp, text: string): string[] {
  return Array.from(text.matchAll(pattern), ([, first, second]) => first ?? second ?? "").filter(
    (match) => match !== "",
  );
}
