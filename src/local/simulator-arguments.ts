// Arguments that satisfy a tool's JSON Schema, taken from the prompt where it mentions them. Required
// properties are always there, optional ones when the prompt plainly speaks of them.

import { isRecord, type JsonValue, type UnknownRecord } from "../core/json.ts";
import type { Budget } from "./simulator-budget.ts";
import { mentionedEnumValues } from "./simulator-enums.ts";
import { toList } from "./simulator-lists.ts";
import { isPlaceName, type Mentions } from "./simulator-mentions.ts";
import { takeNumber, toNumber } from "./simulator-numbers.ts";
import { resolveSchema } from "./simulator-schema.ts";
import { mentionedText, toText } from "./simulator-strings.ts";
import { wordsOf } from "./simulator-tools.ts";

/** A schema that needs more levels than this contains itself. */
const MAX_DEPTH = 12;

/** Below this only what is demanded is made. */
const FRUGAL_DEPTH = 4;

/** Objects grow to what is demanded, but not past this. */
const MAX_PROPERTIES = 1_000;

/** What a value costs of the budget; a schema that branches into itself wants more than there are. */
const STEPS_PER_VALUE = 10;

/** Where in a schema a value is being made. */
interface Position {
  readonly root: UnknownRecord;
  /** Shared by everything that is made for one request. */
  readonly budget: Budget;
  /** Name of the property, that of the list for its items. */
  readonly name: string;
  readonly depth: number;
  readonly mentions: Mentions;
}

/** An object that satisfies `schema`, as far as the budget allows; past it, values are null. */
export function toArguments(
  schema: UnknownRecord,
  mentions: Mentions,
  budget: Budget,
): Record<string, JsonValue> {
  const position = { root: schema, budget, name: "", depth: 0, mentions };
  return toObject(resolve(schema, position), position);
}

function toValue(unresolved: unknown, position: Position): JsonValue {
  const { mentions, budget } = position;
  if (!budget.takeSteps(STEPS_PER_VALUE)) return null;
  const schema = resolve(unresolved, position);
  if ("const" in schema) return budget.afford(schema["const"] as JsonValue);
  if (Array.isArray(schema["enum"])) return budget.afford(toEnumValue(schema, position));
  switch (typeOf(schema, isDeep(position))) {
    case "object":
      return toObject(schema, position);
    case "array":
      return toList(schema, {
        mentioned: (items) => mentionedItems(resolve(items, position), position),
        make: (items) => toValue(items, { ...position, depth: position.depth + 1 }),
        isFrugal: isDeep(position),
        budget,
      });
    case "integer":
    case "number":
      return takeNumber(schema, mentions) ?? given(schema, "number") ?? toNumber(schema, mentions);
    case "boolean":
      return isNameMentioned(position) || given(schema, "boolean") === true;
    case "null":
      return null;
    default:
      return budget.afford(
        mentionedText(schema, position.name, mentions, budget) ??
          given(schema, "string") ??
          toText(schema, position.name, mentions, budget),
      );
  }
}

function resolve(schema: unknown, position: Position): UnknownRecord {
  return resolveSchema(schema, position.root, isDeep(position));
}

/** Whether it is time to come to an end: a schema that contains itself offers null or nothing. */
function isDeep({ depth }: Position): boolean {
  return depth > FRUGAL_DEPTH;
}

function typeOf(
  { type, properties, items, minimum, maximum }: UnknownRecord,
  prefersNull = false,
): unknown {
  if (Array.isArray(type)) {
    if (prefersNull && type.includes("null")) return "null";
    return type.find((each) => each !== "null") ?? "null";
  }
  if (type !== undefined) return type;
  if (isRecord(properties)) return "object";
  if (items !== undefined) return "array";
  return minimum === undefined && maximum === undefined ? "string" : "number";
}

/** The schema's own default or first example, when it is of the type. */
function given<Type extends "number" | "boolean" | "string">(
  schema: UnknownRecord,
  type: Type,
): { number: number; boolean: boolean; string: string }[Type] | undefined {
  const { default: ownDefault, examples } = schema;
  const values = [ownDefault, ...(Array.isArray(examples) ? examples : [])];
  const value: unknown = values.find((each) => typeof each === type);
  return value as { number: number; boolean: boolean; string: string }[Type] | undefined;
}

function toEnumValue(schema: UnknownRecord, { mentions, budget }: Position): JsonValue {
  const values = schema["enum"] as JsonValue[];
  return mentionedEnumValues(values, mentions, budget)[0] ?? values[0] ?? null;
}

function toObject(schema: UnknownRecord, position: Position): Record<string, JsonValue> {
  const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
  const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : []);
  const object = new Map<string, JsonValue>();
  const inside = (name: string): Position => ({ ...position, name, depth: position.depth + 1 });
  position.budget.takeCharacters(namesLengthOf(required));
  if (position.depth < MAX_DEPTH) {
    for (const [name, property] of Object.entries(properties)) {
      position.budget.takeSteps(1);
      const isWanted =
        required.has(name) || (!isDeep(position) && isMentioned(property, inside(name)));
      if (isWanted) object.set(name, toValue(property, inside(name)));
    }
    const others = schema["additionalProperties"];
    for (const name of required) {
      if (typeof name !== "string" || object.has(name)) continue;
      object.set(name, toValue(isRecord(others) ? others : {}, inside(name)));
    }
    fillUp(object, schema, properties, inside);
  }
  return Object.fromEntries(object);
}

/** Adds properties until there are as many as `minProperties` demands. */
function fillUp(
  object: Map<string, JsonValue>,
  schema: UnknownRecord,
  properties: UnknownRecord,
  inside: (name: string) => Position,
): void {
  const least = Math.min(numberOf(schema["minProperties"]) ?? 0, MAX_PROPERTIES);
  for (const [name, property] of Object.entries(properties)) {
    if (object.size >= least) return;
    if (!object.has(name)) object.set(name, toValue(property, inside(name)));
  }
  const others = schema["additionalProperties"];
  if (others === false) return;
  for (let number = 1; object.size < least && !inside("").budget.isSpent; number++) {
    object.set(`example${number}`, toValue(isRecord(others) ? others : {}, inside("example")));
  }
}

/** Whether the prompt plainly speaks of an optional property. */
function isMentioned(property: unknown, position: Position): boolean {
  if (position.budget.isSpent) return false;
  const schema = resolve(property, position);
  const { mentions, name, budget } = position;
  if (Array.isArray(schema["enum"])) {
    return mentionedEnumValues(schema["enum"], mentions, budget).length > 0;
  }
  switch (typeOf(schema)) {
    case "boolean":
      return isNameMentioned(position);
    case "integer":
    case "number":
      return isNameMentioned(position) && mentions.numbers.length > 0;
    case "string":
      return mentionedText(schema, name, mentions, budget) !== undefined;
    case "array":
      return isPlaceName(name) && mentions.places.length > 0;
    default:
      return false;
  }
}

function isNameMentioned({ name, mentions }: Position): boolean {
  const words = wordsOf(name);
  return words.length > 0 && words.every((word) => mentions.words.has(word));
}

/** Items the prompt names: every value of an enum, every place. */
function mentionedItems(item: UnknownRecord, position: Position): JsonValue[] {
  const { name, mentions, budget } = position;
  if (Array.isArray(item["enum"])) return mentionedEnumValues(item["enum"], mentions, budget);
  if (!isPlaceName(name) || typeOf(item) !== "string" || "const" in item) return [];
  return mentions.places.filter(
    (place) =>
      budget.takeSteps(1) &&
      mentionedText(item, "place", { ...mentions, places: [place] }, budget) === place,
  );
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function namesLengthOf(names: ReadonlySet<unknown>): number {
  let length = 0;
  for (const name of names) length += String(name).length;
  return length;
}
