// What a schema says of the value itself, not of its parts: held by @cfworker/json-schema, which
// interprets and makes no code, and told in our words.

import type { Schema, validate } from "@cfworker/json-schema";
import { choiceFinding, type Finding, typeFinding } from "./schema-findings.ts";
import type { JsonObject, SchemaNode } from "./schema-node.ts";

/** The interpreter. It is loaded when the first value is checked. */
export type Validate = typeof validate;

const NO_OTHERS = {};

/** The type of a JSON value; of any other value what JavaScript calls it. */
export function jsonKindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** Holds a JSON value to the keywords of a schema that speak of it alone. */
export function findFaults(validate: Validate, node: SchemaNode, value: unknown): Finding[] {
  const { assertions, findings } = node;
  if (assertions === undefined) return [];
  // Draft-04 says `true` here and means the limit beside it.
  const isOld = [assertions["exclusiveMinimum"], assertions["exclusiveMaximum"]].some(
    (limit) => typeof limit === "boolean",
  );
  const draft = isOld ? "4" : "2020-12";
  const { errors } = validate(value, assertions as Schema, draft, NO_OTHERS, false);
  return errors.map(({ keyword }) => {
    const name = keyword === "type" ? `type ${jsonKindOf(value)}` : keyword;
    const known = findings.get(name) ?? toFinding(keyword, assertions, value);
    findings.set(name, known);
    return known;
  });
}

function toFinding(keyword: string, assertions: JsonObject, value: unknown): Finding {
  const told = assertions[keyword];
  switch (keyword) {
    case "type":
      return typeFinding([told].flat().map(String), jsonKindOf(value));
    case "const":
      return choiceFinding([JSON.stringify(told)]);
    case "enum":
      return choiceFinding([told].flat().map((each) => JSON.stringify(each)));
    default:
      return { path: [], message: describe(keyword, String(told), assertions) };
  }
}

function describe(keyword: string, told: string, assertions: JsonObject): string {
  switch (keyword) {
    case "minimum":
      return assertions["exclusiveMinimum"] === true
        ? `must be above ${told}`
        : `must be at least ${told}`;
    case "maximum":
      return assertions["exclusiveMaximum"] === true
        ? `must be below ${told}`
        : `must be at most ${told}`;
    case "exclusiveMinimum":
      return `must be above ${told}`;
    case "exclusiveMaximum":
      return `must be below ${told}`;
    case "multipleOf":
      return `must be a multiple of ${told}`;
    case "minLength":
      return `must have at least ${count(told, "character")}`;
    case "maxLength":
      return `must have at most ${count(told, "character")}`;
    case "minItems":
      return `must have at least ${count(told, "item")}`;
    case "maxItems":
      return `must have at most ${count(told, "item")}`;
    case "minProperties":
      return `must have at least ${count(told, "member")}`;
    case "maxProperties":
      return `must have at most ${count(told, "member")}`;
    default:
      return `must have the ${keyword} ${told}`;
  }
}

function count(told: string, thing: string): string {
  return told === "1" ? `1 ${thing}` : `${told} ${thing}s`;
}
