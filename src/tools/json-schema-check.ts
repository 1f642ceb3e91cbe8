// Holds a value to a JSON Schema by a validator that interprets, so that no schema is ever run as code. It is
// loaded when the first value is checked.

import type { OutputUnit, SchemaDraft, Validator } from "@cfworker/json-schema";
import { isRecord, type JsonValue } from "../core/json.ts";
import type { JsonObject, SchemaCheck, SchemaIssue } from "./schema.ts";
import { MAX_ISSUES, toIssue } from "./schema-issues.ts";
import { mapSchemas } from "./schema-walk.ts";
import { toUnicodePattern } from "./unicode-pattern.ts";

/** Keywords that only say that something below them does not fit. */
const HOLDERS: ReadonlySet<string> = new Set([
  "$ref",
  "$dynamicRef",
  "$recursiveRef",
  "allOf",
  "properties",
  "patternProperties",
  "additionalProperties",
  "unevaluatedProperties",
  "propertyNames",
  "dependentSchemas",
  "items",
  "additionalItems",
  "prefixItems",
  "unevaluatedItems",
  "if",
  "then",
  "else",
]);

/** Keywords of which the parts, each of them one way to fit, say less than the whole. */
const CHOICES: ReadonlySet<string> = new Set(["anyOf", "oneOf"]);

/** Characters of a value of which every fault is looked for; of a larger one, the first. */
const MAX_FULLY_TOLD = 64 * 1024;

/** Checks values against one schema. Rejects with `TypeError` opening with `where` where that cannot be done. */
export function createJsonSchemaCheck(
  schema: JsonObject,
  dialect: unknown,
  where: string,
): (value: unknown) => Promise<SchemaCheck<unknown>> {
  const draft = draftOf(dialect);
  // Where schemas lead to each other, looking for every fault may take time without end.
  const findsAll = !hasReference(schema);
  let validators: { readonly first: Validator; readonly all: Validator } | undefined;
  return async (value) => {
    try {
      if (validators === undefined) {
        const library = await import("@cfworker/json-schema");
        // The library writes into what it is given, so that each gets a copy.
        const make = (isFirst: boolean) =>
          new library.Validator(mapSchemas(schema, toChecked), draft, isFirst);
        validators = { first: make(true), all: make(!findsAll) };
      }
      const first = validators.first.validate(value);
      if (first.valid) return { value };
      // The library gathers every fault before it tells one, and a large value may have more than it can hold.
      const isSmall = JSON.stringify(value).length <= MAX_FULLY_TOLD;
      return { issues: toIssues((isSmall ? validators.all.validate(value) : first).errors) };
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new TypeError(`${where}: no value can be held to this schema: ${reason}`, { cause });
    }
  };
}

/** The schema as the library checks it best; it takes the same values. */
function toChecked(schema: JsonObject): JsonObject {
  const { pattern, patternProperties, properties } = schema;
  const checked: Record<string, JsonValue> = { ...schema };
  if (typeof pattern === "string") checked["pattern"] = toUnicodePattern(pattern) ?? pattern;
  if (isRecord(patternProperties)) {
    checked["patternProperties"] = Object.fromEntries(
      Object.entries(patternProperties as JsonObject).map(([name, each]) => [
        toUnicodePattern(name) ?? name,
        each,
      ]),
    );
  }
  // What tells one form from another is looked at before what may go deep: otherwise each level of a tree
  // whose nodes have two forms takes twice as long as the one above it.
  if (isRecord(properties)) {
    const members = Object.entries(properties as JsonObject);
    const isTelling = ([, each]: [string, JsonValue]) =>
      isRecord(each) && ("const" in each || "enum" in each);
    checked["properties"] = Object.fromEntries([
      ...members.filter(isTelling),
      ...members.filter((member) => !isTelling(member)),
    ]);
  }
  return checked;
}

function hasReference(schema: JsonObject): boolean {
  return /"\$(?:ref|dynamicRef|recursiveRef)":/.test(JSON.stringify(schema));
}

/** Draft 2020-12 unless the schema says otherwise; draft 06 is close enough to 07. */
function draftOf(dialect: unknown): SchemaDraft {
  const url = typeof dialect === "string" ? dialect : "";
  if (/draft-0?4/.test(url)) return "4";
  if (/draft-0?[67]/.test(url)) return "7";
  return url.includes("2019-09") ? "2019-09" : "2020-12";
}

function toIssues(errors: readonly OutputUnit[]): SchemaIssue[] {
  const choices = errors.filter(({ keyword }) => CHOICES.has(keyword));
  const issues: SchemaIssue[] = [];
  for (const error of errors) {
    const { keyword, keywordLocation, instanceLocation } = error;
    const isPart = choices.some((choice) =>
      keywordLocation.startsWith(`${choice.keywordLocation}/`),
    );
    if (isPart || HOLDERS.has(keyword)) continue;
    issues.push(toIssue(pathOf(instanceLocation), messageOf(error)));
    if (issues.length === MAX_ISSUES) break;
  }
  return issues.length === 0 ? [toIssue([], "does not fit the schema")] : issues;
}

function messageOf({ keyword, error }: OutputUnit): string {
  if (keyword === "false") return "is not allowed here";
  return error.replace(/\.$/, "");
}

/** From a JSON Pointer in a URL fragment to its steps. */
function pathOf(location: string): string[] {
  return location
    .slice(1)
    .split("/")
    .slice(1)
    .map((step) => decode(step).replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** What the library has not encoded may be no URL. */
function decode(step: string): string {
  try {
    return decodeURI(step);
  } catch {
    return step;
  }
}
