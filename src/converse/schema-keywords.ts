// Which keywords of JSON Schema the models' structured output knows, and what becomes of the others.
// https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations
// https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html

import { isRecord, type JsonValue } from "../core/json.ts";

/** A JSON Schema that is an object. */
export type JsonSchema = { [key: string]: JsonValue };

/** Keywords that hold schemas by name. */
export const SCHEMA_MAPS: ReadonlySet<string> = new Set(["properties", "$defs", "definitions"]);

/** Keywords that hold a list of schemas. */
export const SCHEMA_LISTS: ReadonlySet<string> = new Set(["anyOf", "allOf"]);

/** Taken whatever they say. */
const TAKEN = new Set(["type", "title", "description", "default", "required"]);

/** About the schema, not about its values: no model needs to be told. */
const ANNOTATIONS = new Set([
  "$schema",
  "$id",
  "$anchor",
  "$comment",
  "$vocabulary",
  "deprecated",
  "readOnly",
  "writeOnly",
]);

/** What can go from beside a `$ref` without a change of meaning. */
const BESIDE_REFERENCE = new Set([...ANNOTATIONS, "title", "description", "default", "examples"]);

/** Any of these says what kind of value is meant. */
const TYPINGS = ["type", "enum", "const", "anyOf", "allOf", "properties", "$ref"];

const COMPOSITIONS = ["anyOf", "oneOf", "allOf"];

const FORMATS = new Set([
  "date-time",
  "time",
  "date",
  "duration",
  "email",
  "hostname",
  "uri",
  "ipv4",
  "ipv6",
  "uuid",
]);

/** No look-around, back-references, word boundaries or great repetitions. */
const PLAIN_PATTERN =
  /^(?:[^\\(){}]|\\[dwsDWS./+*?^$|()[\]{}-]|\((?!\?)|\)|\{\d{1,2}(?:,\d{0,2})?\})*$/;

/** Nobody wraps a reference as often. */
const MAX_WRAPPERS = 100;

/** Longer patterns are not looked into. */
const MAX_PATTERN = 1000;

/** Whether a keyword may stay as it is, apart from the schemas inside it. */
export function isTaken(keyword: string, value: JsonValue, schema: JsonSchema): boolean {
  if (TAKEN.has(keyword)) return true;
  if (SCHEMA_MAPS.has(keyword)) return isRecord(value);
  if (SCHEMA_LISTS.has(keyword)) return isList(value);
  switch (keyword) {
    case "items":
      return isRecord(value);
    case "enum":
      return Array.isArray(value) && value.every(isScalar);
    case "const":
      return isScalar(value);
    case "additionalProperties":
      return value === false && isObjectSchema(schema);
    case "minItems":
      return value === 0 || value === 1;
    case "format":
      return typeof value === "string" && FORMATS.has(value) && hasType(schema, "string");
    case "pattern":
      return isPlainPattern(value) && hasType(schema, "string");
    default:
      return false;
  }
}

/** Whether a keyword that goes leaves nothing to be said. */
export function isSilent(keyword: string, value: JsonValue): boolean {
  return ANNOTATIONS.has(keyword) || (keyword === "additionalProperties" && value === true);
}

/** Whether a keyword beside `$ref` can go. */
export function isDroppedBesideReference(keyword: string): boolean {
  return BESIDE_REFERENCE.has(keyword);
}

/** Whether a schema is one of objects, and of nothing that stands in another schema. */
export function isObjectSchema(schema: JsonSchema): boolean {
  return (
    hasType(schema, "object") || (schema["type"] === undefined && isRecord(schema["properties"]))
  );
}

/** Whether a schema puts others together. */
export function isComposed(schema: JsonSchema): boolean {
  return COMPOSITIONS.some((keyword) => isList(schema[keyword]));
}

/** Whether a schema is one of objects whose members have no names: a dictionary, or anything. */
export function isDictionary(schema: JsonSchema, isRoot: boolean): boolean {
  const { properties, additionalProperties, patternProperties } = schema;
  if (!isObjectSchema(schema)) return false;
  if (isRecord(properties) && Object.keys(properties).length > 0) return false;
  if (additionalProperties === undefined && patternProperties === undefined) {
    // A tool without parameters is often written so.
    return properties === undefined && !isRoot;
  }
  return additionalProperties !== false || patternProperties !== undefined;
}

/** Whether anything says what kind of value is meant. */
export function isTyped(keywords: readonly string[]): boolean {
  return TYPINGS.some((keyword) => keywords.includes(keyword));
}

/**
 * What a schema refers to when it does nothing else: in `$ref`, or in an `allOf` of one, which is an
 * older way of writing text beside a reference.
 */
export function soleReferenceOf(schema: JsonSchema): JsonValue | undefined {
  let inner: JsonValue | undefined = schema;
  for (let level = 0; level < MAX_WRAPPERS && isRecord(inner); level++) {
    const { $ref, allOf, ...rest } = inner as JsonSchema;
    if (!Object.keys(rest).every(isDroppedBesideReference)) return undefined;
    if ($ref !== undefined) return allOf === undefined ? $ref : undefined;
    inner = Array.isArray(allOf) && allOf.length === 1 ? allOf[0] : undefined;
  }
  return undefined;
}

/** Whether the members of `allOf` can all hold, closed as they are by now. */
export function isPlainAllOf(members: JsonValue): boolean {
  if (!isList(members)) return true;
  return members.every((member) => {
    if (!isRecord(member)) return true;
    const schema = member as JsonSchema;
    return schema["$ref"] === undefined && (members.length === 1 || !isObjectSchema(schema));
  });
}

/** A list with something in it. */
export function isList(value: JsonValue | undefined): value is JsonValue[] {
  return Array.isArray(value) && value.length > 0;
}

function hasType({ type }: JsonSchema, name: string): boolean {
  return type === name || (Array.isArray(type) && type.includes(name));
}

function isScalar(value: JsonValue): boolean {
  return typeof value !== "object" || value === null;
}

function isPlainPattern(value: JsonValue): boolean {
  return typeof value === "string" && value.length <= MAX_PATTERN && PLAIN_PATTERN.test(value);
}
