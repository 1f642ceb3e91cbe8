// What the keywords of JSON Schema may hold. A keyword of another shape is a mistake of whoever wrote the
// schema, and is told before it is met by a value; a keyword that is not known is nobody's mistake.

import { isRecord, type JsonValue } from "../core/json.ts";
import { kindOf } from "../core/options.ts";
import type { JsonObject } from "./schema-node.ts";

/** What a keyword must hold, in words, and the test of it. */
interface Shape {
  readonly words: string;
  readonly fits: (value: JsonValue) => boolean;
}

const TYPE_NAMES = ["string", "number", "integer", "boolean", "null", "array", "object"];

const isSchema = (value: JsonValue): boolean => isRecord(value) || typeof value === "boolean";
const isTypeName = (value: JsonValue): boolean => TYPE_NAMES.includes(value as string);
const isListOf = (value: JsonValue, fits: (each: JsonValue) => boolean): boolean =>
  Array.isArray(value) && value.every(fits);
const isMapOf = (value: JsonValue, fits: (each: JsonValue) => boolean): boolean =>
  isRecord(value) && Object.values(value as JsonObject).every(fits);
const isText = (value: JsonValue): boolean => typeof value === "string";
const isTexts = (value: JsonValue): boolean => isListOf(value, isText);

const TEXT: Shape = { words: "a string", fits: isText };
const TEXTS: Shape = { words: "a list of strings", fits: isTexts };
const LIST: Shape = { words: "a list", fits: Array.isArray };
const FLAG: Shape = { words: "true or false", fits: (value) => typeof value === "boolean" };
const NUMBER: Shape = { words: "a number", fits: (value) => typeof value === "number" };
const COUNT: Shape = {
  words: "a whole number of at least 0",
  fits: (value) => Number.isInteger(value) && Number(value) >= 0,
};
const SCHEMA: Shape = { words: "a schema", fits: isSchema };
const SCHEMAS: Shape = {
  words: "a list of schemas",
  fits: (value) => isListOf(value, isSchema),
};
const SCHEMA_MAP: Shape = {
  words: "an object of schemas",
  fits: (value) => isMapOf(value, isSchema),
};
/** Draft-04 has `true` and `false` here, and OpenAPI 3.0 after it. */
const LIMIT: Shape = { words: "a number", fits: (value) => NUMBER.fits(value) || FLAG.fits(value) };

const SHAPES: ReadonlyMap<string, Shape> = new Map([
  ["$ref", TEXT],
  ["$dynamicRef", TEXT],
  ["$recursiveRef", TEXT],
  ["$anchor", TEXT],
  ["$dynamicAnchor", TEXT],
  [
    "type",
    {
      words: `one of ${TYPE_NAMES.join(", ")}, or a list of them`,
      fits: (value: JsonValue) => isTypeName(value) || isListOf(value, isTypeName),
    },
  ],
  ["enum", LIST],
  ["minimum", NUMBER],
  ["maximum", NUMBER],
  ["exclusiveMinimum", LIMIT],
  ["exclusiveMaximum", LIMIT],
  [
    "multipleOf",
    {
      words: "a number above 0",
      fits: (value: JsonValue) => NUMBER.fits(value) && Number(value) > 0,
    },
  ],
  ["minLength", COUNT],
  ["maxLength", COUNT],
  ["pattern", TEXT],
  ["format", TEXT],
  ["minItems", COUNT],
  ["maxItems", COUNT],
  ["uniqueItems", FLAG],
  ["minContains", COUNT],
  ["maxContains", COUNT],
  ["minProperties", COUNT],
  ["maxProperties", COUNT],
  ["required", TEXTS],
  [
    "dependentRequired",
    { words: "an object of lists of strings", fits: (value: JsonValue) => isMapOf(value, isTexts) },
  ],
  [
    "dependencies",
    {
      words: "an object of schemas or lists of strings",
      fits: (value: JsonValue) => isMapOf(value, (each) => isSchema(each) || isTexts(each)),
    },
  ],
  [
    "items",
    {
      words: "a schema",
      fits: (value: JsonValue) => isSchema(value) || SCHEMAS.fits(value),
    },
  ],
  ...["prefixItems", "allOf", "anyOf", "oneOf"].map((name): [string, Shape] => [name, SCHEMAS]),
  ...["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"].map(
    (name): [string, Shape] => [name, SCHEMA_MAP],
  ),
  ...[
    "additionalItems",
    "unevaluatedItems",
    "contains",
    "additionalProperties",
    "unevaluatedProperties",
    "propertyNames",
    "not",
    "if",
    "then",
    "else",
  ].map((name): [string, Shape] => [name, SCHEMA]),
]);

/** Throws `TypeError` for a keyword that holds what it cannot. `place` opens the message. */
export function assertKeywordShapes(schema: JsonObject, place: string): void {
  for (const [keyword, value] of Object.entries(schema)) {
    const shape = SHAPES.get(keyword);
    if (shape === undefined || shape.fits(value)) continue;
    const got = typeof value === "string" ? `“${value.slice(0, 40)}”` : kindOf(value);
    throw new TypeError(`${place}.${keyword} must be ${shape.words}; got ${got}.`);
  }
}
