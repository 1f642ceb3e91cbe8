// The top of a schema as Bedrock wants it: the object itself, not a reference to where it is written.

import { isRecord, type JsonValue } from "../core/json.ts";
import { followReference } from "./assert-usable-schema.ts";
import type { JsonObject } from "./schema.ts";

const HOLDERS = ["$defs", "definitions"];

/** What may stand beside a reference at the top without meaning anything for values. */
const BESIDE = new Set([
  ...HOLDERS,
  "$ref",
  "$comment",
  "title",
  "description",
  "default",
  "examples",
  "deprecated",
]);

/** More references after each other no library writes. */
const MAX_STEPS = 10;

/**
 * The same schema with what its own `$ref` leads to in its place, as zod gives a schema that has an id,
 * and arktype one that holds itself. The very schema where there is nothing to do.
 */
export function inlineRootReference(schema: JsonObject): JsonObject {
  let result = schema;
  for (let step = 0; step < MAX_STEPS; step++) {
    const inlined = inlineOnce(result);
    if (inlined === undefined) break;
    result = inlined;
  }
  return result;
}

function inlineOnce(schema: JsonObject): JsonObject | undefined {
  const { $ref, ...beside } = schema;
  if (typeof $ref !== "string" || !Object.keys(beside).every((name) => BESIDE.has(name))) {
    return undefined;
  }
  const target = followReference($ref, schema);
  // A target with a name or base of its own cannot stand in two places.
  const isBound = ["$id", "$anchor", "$dynamicAnchor"].some(
    (name) => isRecord(target) && Object.hasOwn(target, name),
  );
  if (!isRecord(target) || target === schema || isBound) return undefined;
  return withoutUnused({ ...(target as JsonObject), ...beside }, $ref);
}

/** Without the definition that has gone to the top, unless others refer to it too. */
function withoutUnused(schema: JsonObject, reference: string): JsonObject {
  const [, holder = "", name = "", ...inner] = reference.split("/");
  const definitions = schema[holder];
  const isUsed = referencesIn(schema).some(
    (other) => other === reference || other.startsWith(`${reference}/`),
  );
  if (!HOLDERS.includes(holder) || inner.length > 0 || !isRecord(definitions) || isUsed) {
    return schema;
  }
  const left = Object.entries(definitions as JsonObject).filter(([each]) => each !== name);
  const { [holder]: _, ...rest } = schema;
  return left.length === 0 ? rest : { ...schema, [holder]: Object.fromEntries(left) };
}

function referencesIn(value: JsonValue): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isRecord(value)) return [];
  return Object.entries(value as JsonObject).flatMap(([name, each]) =>
    name.endsWith("ef") && typeof each === "string" ? [each] : referencesIn(each),
  );
}
