// JSON Schema brought into the subset that models can be held to, for `strict` tools and
// `outputConfig.textFormat`. What the subset lacks is said in words, in the description of its schema:
// the model is then told, not bound, so an answer may still break it.

import { isRecord, type JsonValue } from "../core/json.ts";
import { isDeeper } from "../core/json-depth.ts";
import {
  isComposed,
  isDictionary,
  isDroppedBesideReference,
  isList,
  isObjectSchema,
  isPlainAllOf,
  isSilent,
  isTaken,
  isTyped,
  type JsonSchema,
  SCHEMA_LISTS,
  SCHEMA_MAPS,
  soleReferenceOf,
} from "./schema-keywords.ts";
import { findDeadReferences, type Reference } from "./schema-references.ts";

/** A schema for structured output. Paths are such as `properties.age.minimum`, the schema itself "". */
export interface StructuredSchema {
  /** The very object that was given when nothing had to change. */
  readonly schema: JsonSchema;
  /** Keywords that went, were replaced or were added; none when `schema` is what was given. */
  readonly changed: string[];
  /** Of these, the keywords that are said in the description of their schema instead. */
  readonly worded: string[];
  /** Places that cannot be expressed, left as they were: with any, the service refuses the schema. */
  readonly refused: string[];
}

/** Far deeper than any schema means to be, and far from the end of the stack. */
const MAX_DEPTH = 100;

/**
 * Brings a schema into the subset. What it is given stays untouched, the same schema gives the same
 * bytes, and what it has made it gives back as it is. Takes JSON, and never throws.
 */
export function toStructuredSchema(schema: JsonSchema): StructuredSchema {
  const converter = new Converter();
  const result = converter.convert(schema, "");
  if (converter.isReadWhole) converter.refuseDeadReferences(result);
  const { changed, worded, refused } = converter;
  return { schema: result, changed, worded, refused };
}

class Converter {
  readonly changed: string[] = [];
  readonly worded: string[] = [];
  readonly refused: string[] = [];
  /** Whether all of the schema was read, so that its references can be followed. */
  isReadWhole = true;
  readonly #references: Reference[] = [];
  /** The schemas that are being read, outermost first. */
  readonly #open = new Set<JsonSchema>();

  convert(schema: JsonSchema, path: string): JsonSchema {
    if (this.#open.size >= MAX_DEPTH || this.#open.has(schema)) {
      this.isReadWhole = false;
      this.refused.push(path);
      return schema;
    }
    this.#open.add(schema);
    const unwrapped = this.#unwrapReference(schema, path);
    const pointer = unwrapped["$ref"];
    let result: JsonSchema;
    if (pointer === undefined) {
      result = this.#convertKeywords(unwrapped, path);
    } else {
      const name = unwrapped === schema ? "$ref" : "allOf.0.$ref";
      this.#references.push({ path: join(path, name), pointer });
      result = this.#convertReference(unwrapped, path);
    }
    this.#open.delete(schema);
    return result;
  }

  refuseDeadReferences(result: JsonSchema): void {
    for (const path of findDeadReferences(result, this.#references)) this.refused.push(path);
  }

  #unwrapReference(schema: JsonSchema, path: string): JsonSchema {
    const { allOf, ...rest } = schema;
    const [only] = Array.isArray(allOf) && allOf.length === 1 ? allOf : [];
    if (!isRecord(only) || schema["$ref"] !== undefined) return schema;
    const $ref = soleReferenceOf(only as JsonSchema);
    if ($ref === undefined) return schema;
    this.changed.push(join(path, "allOf"));
    return { ...rest, $ref };
  }

  #convertReference(schema: JsonSchema, path: string): JsonSchema {
    const entries: [string, JsonValue][] = [];
    for (const [keyword, value] of Object.entries(schema)) {
      const at = join(path, keyword);
      if (keyword === "$ref") {
        entries.push([keyword, value]);
      } else if (SCHEMA_MAPS.has(keyword) && keyword !== "properties" && isRecord(value)) {
        entries.push([keyword, this.#convertInside(keyword, value, at)]);
      } else if (isDroppedBesideReference(keyword)) {
        this.changed.push(at);
      } else {
        this.refused.push(at);
        entries.push([keyword, value]);
      }
    }
    return sameOr(schema, entries);
  }

  #convertKeywords(schema: JsonSchema, path: string): JsonSchema {
    const entries: [string, JsonValue][] = [];
    const words: string[] = [];
    const isOpen = isDictionary(schema, this.#open.size === 1);
    const isMixed = isObjectSchema(schema) && isComposed(schema);
    if (isOpen || isMixed) this.refused.push(path);
    for (const [keyword, value] of Object.entries(schema)) {
      if (value === undefined) continue;
      const at = join(path, keyword);
      const isRenamed = keyword === "oneOf" && !isList(schema["anyOf"]);
      const name = isRenamed ? "anyOf" : keyword;
      if ((isOpen || isMixed) && /^(?:additional|pattern)Properties$/.test(keyword)) {
        entries.push([keyword, value]);
      } else if (isTaken(name, value, schema)) {
        if (isRenamed) this.changed.push(at);
        const kept = this.#convertInside(name, value, at);
        if (name === "allOf" && !isPlainAllOf(kept)) this.refused.push(at);
        entries.push([name, kept]);
      } else if (isDeeper(value, MAX_DEPTH)) {
        this.refused.push(at);
        entries.push([keyword, value]);
      } else {
        this.changed.push(at);
        if (name === "additionalProperties" && isObjectSchema(schema)) entries.push([name, false]);
        if (isSilent(name, value)) continue;
        this.worded.push(at);
        words.push(`${keyword}: ${JSON.stringify(value)}`);
      }
    }
    const names = entries.map(([name]) => name);
    if (!isTyped(names)) this.refused.push(path);
    const isClosed = names.includes("additionalProperties");
    if (isObjectSchema(schema) && !isClosed && !isOpen && !isMixed) {
      this.changed.push(join(path, "additionalProperties"));
      entries.push(["additionalProperties", false]);
    }
    if (words.length > 0) describe(entries, words);
    return sameOr(schema, entries);
  }

  #convertInside(keyword: string, value: JsonValue, path: string): JsonValue {
    if (keyword === "items") return this.#convertMember(value, path);
    if (SCHEMA_LISTS.has(keyword) && Array.isArray(value)) {
      const list = value.map((each, index) => this.#convertMember(each, join(path, String(index))));
      return list.every((each, index) => each === value[index]) ? value : list;
    }
    if (!SCHEMA_MAPS.has(keyword) || !isRecord(value)) return value;
    const map = value as JsonSchema;
    const entries = Object.entries(map).map(([name, each]): [string, JsonValue] => [
      name,
      this.#convertMember(each, join(path, name)),
    ]);
    return sameOr(map, entries);
  }

  /** `true` and `false` are schemas too, but there is no saying them. */
  #convertMember(value: JsonValue, path: string): JsonValue {
    if (isRecord(value)) return this.convert(value as JsonSchema, path);
    this.refused.push(path);
    return value;
  }
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** The object itself where the entries are its own, in its order. */
function sameOr(object: JsonSchema, entries: readonly [string, JsonValue][]): JsonSchema {
  const own = Object.entries(object).filter(([, value]) => value !== undefined);
  const isSame =
    own.length === entries.length &&
    entries.every(([name, value], index) => own[index]?.[0] === name && own[index][1] === value);
  // Unlike an assignment, this makes a member of any name, even `__proto__`.
  return isSame ? object : Object.fromEntries(entries);
}

function describe(entries: [string, JsonValue][], words: readonly string[]): void {
  const text = `Constraints: ${words.join(", ")}.`;
  const entry = entries.find(([name]) => name === "description");
  if (entry === undefined) entries.push(["description", text]);
  else if (typeof entry[1] === "string" && entry[1] !== "") entry[1] += `\n\n${text}`;
  else entry[1] = text;
}
