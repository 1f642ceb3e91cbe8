// Every schema inside of a schema, and nothing that only looks like one: examples, constants and keywords
// nobody knows are data.

import { isRecord, type JsonValue } from "../core/json.ts";
import type { JsonObject } from "./schema.ts";

const SCHEMAS: ReadonlySet<string> = new Set([
  "items",
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
]);
const LISTS: ReadonlySet<string> = new Set(["allOf", "anyOf", "oneOf", "prefixItems", "items"]);
const MAPS: ReadonlySet<string> = new Set([
  "properties",
  "patternProperties",
  "dependentSchemas",
  "dependencies",
  "$defs",
  "definitions",
]);

/** Told a schema and its place, such as `properties.age`; what it returns stands in its place. */
export type SchemaVisit = (schema: JsonObject, path: string) => JsonObject;

/** A copy in which each schema, inner ones last, is what `visit` makes of it. */
export function mapSchemas(schema: JsonObject, visit: SchemaVisit, path = ""): JsonObject {
  const entries = Object.entries(visit(schema, path)).map(
    ([keyword, value]): [string, JsonValue] => {
      const at = path === "" ? keyword : `${path}.${keyword}`;
      const inner = (each: JsonValue, name: string): JsonValue =>
        isRecord(each) ? mapSchemas(each as JsonObject, visit, `${at}${name}`) : each;
      if (LISTS.has(keyword) && Array.isArray(value)) {
        return [keyword, value.map((each, index) => inner(each, `.${index}`))];
      }
      if (!isRecord(value)) return [keyword, value];
      if (SCHEMAS.has(keyword)) return [keyword, inner(value as JsonValue, "")];
      if (!MAPS.has(keyword)) return [keyword, value as JsonValue];
      const members = Object.entries(value as JsonObject).map(
        ([name, each]): [string, JsonValue] => [name, inner(each, `.${name}`)],
      );
      return [keyword, Object.fromEntries(members)];
    },
  );
  // Unlike an assignment, this makes a member of any name, even `__proto__`.
  return Object.fromEntries(entries);
}
