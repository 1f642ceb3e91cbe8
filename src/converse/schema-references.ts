// Follows the references of a schema: structured output takes those that lead to another place in the
// same schema and come to an end.

import { isRecord, type JsonValue } from "../core/json.ts";
import { type JsonSchema, SCHEMA_LISTS, SCHEMA_MAPS } from "./schema-keywords.ts";

/** A `$ref`: where it stands, and what it says. */
export interface Reference {
  readonly path: string;
  readonly pointer: JsonValue | undefined;
}

type Resolve = (pointer: JsonValue | undefined) => JsonSchema | undefined;

/**
 * The paths of those references that lead out of the schema, to nothing in it, or round in circles.
 * The schema must be no deeper than the stack.
 */
export function findDeadReferences(root: JsonSchema, references: readonly Reference[]): string[] {
  if (references.length === 0) return [];
  const schemas = new Set<JsonSchema>();
  visit(root, (schema) => schemas.add(schema));
  const resolve: Resolve = (pointer) => {
    const target = follow(pointer, root);
    return target !== undefined && schemas.has(target) ? target : undefined;
  };
  const endless = findEndless(references, resolve);
  const isDead = ({ pointer }: Reference): boolean => {
    const target = resolve(pointer);
    return target === undefined || endless.has(target);
  };
  return references.filter(isDead).map(({ path }) => path);
}

/** Of all targets, those from which one never comes to a schema without references. */
function findEndless(references: readonly Reference[], resolve: Resolve): Set<JsonSchema> {
  const usedBy = new Map<JsonSchema, JsonSchema[]>();
  const open = new Map<JsonSchema, number>();
  const targets = new Set<JsonSchema>();
  for (const { pointer } of references) {
    const target = resolve(pointer);
    if (target !== undefined) targets.add(target);
  }
  for (const target of targets) {
    const uses = new Set<JsonSchema>();
    visit(target, (schema) => {
      const next = resolve(schema["$ref"]);
      if (next !== undefined) uses.add(next);
    });
    open.set(target, uses.size);
    for (const used of uses) {
      const users = usedBy.get(used);
      if (users === undefined) usedBy.set(used, [target]);
      else users.push(target);
    }
  }
  const ended = [...targets].filter((target) => open.get(target) === 0);
  for (const target of ended) {
    for (const user of usedBy.get(target) ?? []) {
      const left = (open.get(user) ?? 0) - 1;
      open.set(user, left);
      if (left === 0) ended.push(user);
    }
  }
  for (const target of ended) targets.delete(target);
  return targets;
}

/** Calls back for a schema and all schemas inside it. */
function visit(schema: JsonSchema, see: (schema: JsonSchema) => void): void {
  see(schema);
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === "items" && isRecord(value)) visit(value as JsonSchema, see);
    const holders = Array.isArray(value) ? SCHEMA_LISTS : SCHEMA_MAPS;
    if (!holders.has(keyword) || typeof value !== "object" || value === null) continue;
    for (const inner of Object.values(value)) {
      if (isRecord(inner)) visit(inner as JsonSchema, see);
    }
  }
}

/** Where a reference leads, within the schema. */
function follow(reference: JsonValue | undefined, root: JsonSchema): JsonSchema | undefined {
  if (typeof reference !== "string" || !/^#(?:\/|$)/.test(reference)) return undefined;
  let place: unknown = root;
  for (const part of reference.split("/").slice(1)) {
    const name = decode(part);
    if (typeof place !== "object" || place === null || name === undefined) return undefined;
    place = Object.hasOwn(place, name) ? (place as Record<string, unknown>)[name] : undefined;
  }
  return isRecord(place) ? (place as JsonSchema) : undefined;
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return undefined;
  }
}
