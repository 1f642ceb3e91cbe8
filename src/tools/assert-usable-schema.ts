// Faults of a JSON Schema by which no value could ever be held to it, found when it is read and not when the
// first value comes.

import { isRecord, type JsonValue } from "../core/json.ts";
import type { JsonObject } from "./schema.ts";

const REFERENCES: readonly string[] = ["$ref", "$dynamicRef", "$recursiveRef"];

/** Keywords whose members are data, or named by the caller: a property called `pattern` is none. */
const DATA: readonly string[] = ["const", "enum", "default", "examples"];
const NAMED: readonly string[] = [
  "properties",
  "patternProperties",
  "$defs",
  "definitions",
  "dependentSchemas",
];

/**
 * Throws `TypeError`, opening with `where`, for a reference that leads out of the schema or nowhere, and for
 * a pattern that is no regular expression. The schema is plain JSON and not too deep.
 */
export function assertUsableSchema(schema: JsonObject, where: string): void {
  walk(schema, [], (keyword, value, path) => {
    const fault = faultOf(keyword, value, schema);
    if (fault === undefined) return;
    throw new TypeError(`${where}.${[...path, keyword].join(".").slice(0, 200)}: ${fault}`);
  });
}

/** Where a reference within a schema leads; undefined where it leads nowhere. */
export function followReference(reference: string, schema: JsonObject): JsonValue | undefined {
  if (reference === "#") return schema;
  let target: JsonValue | undefined = schema;
  for (const step of reference.split("/").slice(1)) {
    const name: string = decodeStep(step);
    if (typeof target !== "object" || target === null || !Object.hasOwn(target, name)) {
      return undefined;
    }
    target = (target as JsonObject)[name];
  }
  return target;
}

function faultOf(keyword: string, value: JsonValue, schema: JsonObject): string | undefined {
  if (REFERENCES.includes(keyword) && typeof value === "string") {
    if (!value.startsWith("#")) return `“${value}” leads out of the schema; put it into $defs.`;
    // Anchors are names that the validator knows.
    const isPointer = value === "#" || value.startsWith("#/");
    if (isPointer && followReference(value, schema) === undefined) {
      return `“${value}” leads nowhere.`;
    }
  }
  const patterns =
    keyword === "pattern" && typeof value === "string"
      ? [value]
      : keyword === "patternProperties" && isRecord(value)
        ? Object.keys(value)
        : [];
  for (const pattern of patterns) {
    try {
      new RegExp(pattern, "u");
    } catch {
      return `“${pattern}” is no regular expression.`;
    }
  }
  return undefined;
}

type Visit = (keyword: string, value: JsonValue, path: readonly string[]) => void;

function walk(value: JsonValue, path: readonly string[], visit: Visit): void {
  if (Array.isArray(value)) {
    value.forEach((each, index) => {
      walk(each, [...path, String(index)], visit);
    });
    return;
  }
  if (!isRecord(value)) return;
  for (const [keyword, each] of Object.entries(value as JsonObject)) {
    visit(keyword, each, path);
    if (DATA.includes(keyword)) continue;
    const at = [...path, keyword];
    if (!NAMED.includes(keyword) || !isRecord(each)) walk(each, at, visit);
    else {
      for (const [name, inner] of Object.entries(each as JsonObject)) {
        walk(inner, [...at, name], visit);
      }
    }
  }
}

function decodeStep(step: string): string {
  const plain = step.replaceAll("~1", "/").replaceAll("~0", "~");
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}
