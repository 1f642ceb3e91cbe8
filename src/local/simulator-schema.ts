// Reading a JSON Schema down to one that has no references and no choices left.

import { isRecord, type UnknownRecord } from "../core/json.ts";
import { refusal } from "./service-fault.ts";

/** References are followed this often in one place before they count as a circle. */
const MAX_HOPS = 32;

/**
 * The schema with `$ref` followed, the first fitting member of `anyOf` and `oneOf` chosen and
 * `allOf` merged in: the first that is not null, or null itself where that is preferred. `true` and
 * what is no schema at all become `{}`. Throws a `ValidationException` for a `$ref` that is no URI fragment.
 */
export function resolveSchema(
  schema: unknown,
  root: UnknownRecord,
  prefersNull = false,
): UnknownRecord {
  let resolved = isRecord(schema) ? schema : {};
  for (let hops = 0; hops < MAX_HOPS; hops++) {
    const next = resolveOnce(resolved, root, prefersNull);
    if (next === resolved) return resolved;
    resolved = next;
  }
  return {};
}

function resolveOnce(
  schema: UnknownRecord,
  root: UnknownRecord,
  prefersNull: boolean,
): UnknownRecord {
  const { $ref, anyOf, oneOf, allOf, ...rest } = schema;
  if (typeof $ref === "string") return merge(rest, followReference($ref, root), schema);
  if (Array.isArray(allOf)) {
    const merged = allOf.filter(isRecord).reduce((left, right) => merge(left, right), rest);
    return restored(merged, { anyOf, oneOf });
  }
  const choices = Array.isArray(anyOf) ? anyOf : oneOf;
  if (Array.isArray(choices)) {
    const records = choices.filter(isRecord);
    const chosen =
      records.find(({ type }) => (type === "null") === prefersNull) ?? records[0] ?? {};
    return Array.isArray(anyOf) ? restored(merge(rest, chosen), { oneOf }) : merge(rest, chosen);
  }
  return schema;
}

/** Both schemas at once: properties and required names joined, otherwise the second wins. */
function merge(
  left: UnknownRecord,
  right: UnknownRecord,
  siblings: UnknownRecord = {},
): UnknownRecord {
  const merged: UnknownRecord = { ...left, ...right };
  if (isRecord(left["properties"]) && isRecord(right["properties"])) {
    merged["properties"] = { ...left["properties"], ...right["properties"] };
  }
  if (Array.isArray(left["required"]) && Array.isArray(right["required"])) {
    merged["required"] = [...left["required"], ...right["required"]];
  }
  for (const [name, isTighter] of LIMITS) {
    const one = left[name];
    const other = right[name];
    if (typeof one === "number" && typeof other === "number") {
      merged[name] = isTighter(one, other) ? one : other;
    }
  }
  const { anyOf, oneOf, allOf } = siblings;
  return restored(merged, { anyOf, oneOf, allOf });
}

const isGreater = (one: number, other: number) => one > other;
const isLess = (one: number, other: number) => one < other;

const LIMITS: readonly (readonly [name: string, isTighter: typeof isLess])[] = [
  ["minimum", isGreater],
  ["exclusiveMinimum", isGreater],
  ["minLength", isGreater],
  ["minItems", isGreater],
  ["minProperties", isGreater],
  ["maximum", isLess],
  ["exclusiveMaximum", isLess],
  ["maxLength", isLess],
  ["maxItems", isLess],
];

/** Puts keywords back that were taken out and are still to be resolved. */
function restored(schema: UnknownRecord, keywords: UnknownRecord): UnknownRecord {
  const present = Object.entries(keywords).filter(
    ([name, value]) => value !== undefined && !(name in schema),
  );
  return present.length === 0 ? schema : { ...schema, ...Object.fromEntries(present) };
}

/** A JSON Pointer within the document, as `#/$defs/Address`; anything else is not followed. */
function followReference(reference: string, root: UnknownRecord): UnknownRecord {
  if (!reference.startsWith("#")) return {};
  let target: unknown = root;
  for (const part of reference.slice(1).split("/").slice(1)) {
    const name = decodePart(part).replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(target)) target = target[Number(name)];
    else target = isRecord(target) && Object.hasOwn(target, name) ? target[name] : undefined;
  }
  return isRecord(target) ? target : {};
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw refusal("ValidationException", "A $ref of the JSON schema is not a valid URI fragment.");
  }
}
