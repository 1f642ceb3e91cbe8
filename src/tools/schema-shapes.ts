// What the keywords of JSON Schema may hold. A keyword of another shape is a mistake of whoever wrote the
// schema, and is told before it is met by a value; a keyword that is not known is nobody's mistake.

import { isRecord, type JsonValue } from "../core/json.ts";
import { kindOf } from "../core/options.ts";
import type { JsonObject } from "./schema.ts";

/** What a keyword must hold, in words, and the test of it; what each of its members must be. */
interface Shape {
  readonly words: string;
  readonly fits: (value: JsonValue) => boolean;
  readonly each?: Shape;
}

const TYPE_NAMES = ["string", "number", "integer", "boolean", "null", "array", "object"];

const isNumber = (value: JsonValue): boolean => typeof value === "number";
const isFlag = (value: JsonValue): boolean => typeof value === "boolean";
const isSchema = (value: JsonValue): boolean => isRecord(value) || isFlag(value);

const TEXT: Shape = { words: "a string", fits: (value) => typeof value === "string" };
const TEXTS: Shape = { words: "a list of strings", fits: Array.isArray, each: TEXT };
const TYPE: Shape = {
  words: `one of ${TYPE_NAMES.join(", ")}`,
  fits: (value) => TYPE_NAMES.includes(value as string),
};
const NUMBER: Shape = { words: "a number", fits: isNumber };
const COUNT: Shape = {
  words: "a whole number of at least 0",
  fits: (value) => Number.isInteger(value) && Number(value) >= 0,
};
const SCHEMA: Shape = { words: "a schema", fits: isSchema };
const SCHEMAS: Shape = { words: "a list of schemas", fits: Array.isArray, each: SCHEMA };
const SCHEMA_MAP: Shape = { words: "an object of schemas", fits: isRecord, each: SCHEMA };

/** Keywords whose shape others do not have. */
const OWN_SHAPES: Readonly<Record<string, Shape>> = {
  type: { ...TYPE, fits: (value) => Array.isArray(value) || TYPE.fits(value), each: TYPE },
  enum: { words: "a list", fits: Array.isArray },
  required: TEXTS,
  uniqueItems: { words: "true or false", fits: isFlag },
  multipleOf: { words: "a number above 0", fits: (value) => isNumber(value) && Number(value) > 0 },
  dependentRequired: { words: "an object of lists of strings", fits: isRecord, each: TEXTS },
  dependencies: {
    words: "an object of schemas or lists of strings",
    fits: isRecord,
    each: {
      words: "a schema or a list of strings",
      fits: (value) => isSchema(value) || Array.isArray(value),
    },
  },
};

const SHARED_SHAPES: readonly (readonly [Shape, readonly string[]])[] = [
  [
    TEXT,
    ["$ref", "$dynamicRef", "$recursiveRef", "$anchor", "$dynamicAnchor", "pattern", "format"],
  ],
  [NUMBER, ["minimum", "maximum"]],
  // Draft-04 has `true` and `false` here, and OpenAPI 3.0 after it.
  [
    { words: "a number", fits: (value) => isNumber(value) || isFlag(value) },
    ["exclusiveMinimum", "exclusiveMaximum"],
  ],
  [COUNT, ["minLength", "maxLength", "minItems", "maxItems", "minContains", "maxContains"]],
  [COUNT, ["minProperties", "maxProperties"]],
  [SCHEMA, ["items", "additionalProperties", "unevaluatedProperties", "propertyNames"]],
  [SCHEMA, ["additionalItems", "unevaluatedItems", "contains", "not", "if", "then", "else"]],
  [SCHEMAS, ["prefixItems", "allOf", "anyOf", "oneOf"]],
  [SCHEMA_MAP, ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"]],
];

const SHAPES: ReadonlyMap<string, Shape> = new Map([
  ...Object.entries(OWN_SHAPES),
  ...SHARED_SHAPES.flatMap(([shape, keywords]) =>
    keywords.map((keyword): [string, Shape] => [keyword, shape]),
  ),
]);

/** Throws `TypeError` for a keyword that holds what it cannot. `place` opens the message. */
export function assertKeywordShapes(schema: JsonObject, place: string): void {
  for (const [keyword, value] of Object.entries(schema)) {
    // Before 2020-12 this could be a list.
    const isList = keyword === "items" && Array.isArray(value);
    const shape = isList ? SCHEMAS : SHAPES.get(keyword);
    if (shape !== undefined) assertShape(value, shape, `${place}.${keyword}`);
  }
}

function assertShape(value: JsonValue, shape: Shape, place: string): void {
  if (!shape.fits(value)) {
    const got = typeof value === "string" ? `“${value.slice(0, 40)}”` : kindOf(value);
    throw new TypeError(`${place} must be ${shape.words}; got ${got}.`);
  }
  if (shape.each === undefined || typeof value !== "object" || value === null) return;
  for (const [name, each] of Object.entries(value))
    assertShape(each, shape.each, `${place}.${name}`);
}
