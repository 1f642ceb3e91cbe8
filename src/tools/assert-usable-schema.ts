// Faults of a JSON Schema by which no value could ever be held to it, found when it is read and not when the
// first value comes.

import { isRecord, type JsonValue } from "../core/json.ts";
import type { JsonObject } from "./schema.ts";
import { assertKeywordShapes } from "./schema-shapes.ts";
import { mapSchemas } from "./schema-walk.ts";
import { toUnicodePattern } from "./unicode-pattern.ts";

/**
 * Throws `TypeError`, opening with `where`, for a keyword that holds what it cannot, a reference that leads
 * out of the schema or nowhere, and a pattern that is no regular expression. Takes plain JSON.
 */
export function assertUsableSchema(schema: JsonObject, where: string): void {
  mapSchemas(schema, (each, path) => {
    const place = path === "" ? where : `${where}.${path.slice(0, 200)}`;
    assertKeywordShapes(each, place);
    assertReferences(each, schema, place);
    assertPatterns(each, place);
    return each;
  });
}

/** Where a reference within a schema leads; undefined where it leads nowhere. */
export function followReference(reference: string, schema: JsonObject): JsonValue | undefined {
  if (reference === "#") return schema;
  let target: JsonValue | undefined = schema;
  for (const step of reference.split("/").slice(1)) {
    const name = decodeStep(step);
    if (typeof target !== "object" || target === null || !Object.hasOwn(target, name)) {
      return undefined;
    }
    target = (target as JsonObject)[name];
  }
  return target;
}

function assertReferences(each: JsonObject, schema: JsonObject, place: string): void {
  for (const keyword of ["$ref", "$dynamicRef", "$recursiveRef"]) {
    const reference = each[keyword];
    if (typeof reference !== "string") continue;
    if (!reference.startsWith("#")) {
      throw new TypeError(
        `${place}.${keyword}: “${reference}” leads out of the schema, and nothing is fetched. Put what it means into $defs and write “#/$defs/<name>”.`,
      );
    }
    // Other names are anchors, which the validator knows.
    const isPointer = reference === "#" || reference.startsWith("#/");
    const target = isPointer ? followReference(reference, schema) : true;
    if (typeof target === "boolean" || isRecord(target)) continue;
    throw new TypeError(`${place}.${keyword}: “${reference}” leads to no schema.`);
  }
}

function assertPatterns({ pattern, patternProperties }: JsonObject, place: string): void {
  const patterns = isRecord(patternProperties) ? Object.keys(patternProperties) : [];
  if (typeof pattern === "string") patterns.push(pattern);
  for (const each of patterns) {
    if (toUnicodePattern(each) !== undefined) continue;
    throw new TypeError(
      `${place}: the pattern “${each.slice(0, 200)}” is no regular expression of JavaScript.`,
    );
  }
}

/** As it stands in a URL fragment; what is no URL is a name as it is. */
function decodeStep(step: string): string {
  const plain = step.replaceAll("~1", "/").replaceAll("~0", "~");
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}
