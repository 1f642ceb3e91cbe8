// The schema of an answer is always one of an object, for neither tools nor structured output take any
// other. A schema of anything else is put into one, as the member `value`, and the answer taken out.

import { isRecord, type JsonValue } from "../../core/json.ts";

/** A JSON Schema that is an object. */
type JsonSchema = { readonly [keyword: string]: JsonValue };

/** What a model is told to answer with. */
export interface AnswerSchema {
  readonly schema: { [keyword: string]: JsonValue };
  /** Whether the value that is wanted is a member of the answer. */
  readonly isWrapped: boolean;
}

/** The member that holds a value that is no object. */
export const WRAPPED_NAME = "value";

/** With any of these at the top, a tool's schema is refused, or may be one of something else. */
const COMPOSITIONS = ["$ref", "$dynamicRef", "anyOf", "oneOf", "allOf"] as const;

/** Keywords that are found at the top of a schema, wherever its own place is. */
const HOISTED = ["$defs", "definitions"] as const;

const SCHEMA_MAPS: ReadonlySet<string> = new Set([
  ...HOISTED,
  "properties",
  "patternProperties",
  "dependentSchemas",
]);

/** Keywords whose values are no schemas, whatever they look like. */
const DATA: ReadonlySet<string> = new Set(["const", "enum", "default", "examples"]);

/** Wraps a schema where that is needed. Takes JSON; the same schema gives the same bytes. */
export function toAnswerSchema(given: JsonSchema): AnswerSchema {
  const isOfObjects = given["type"] === "object";
  if (isOfObjects && COMPOSITIONS.every((keyword) => given[keyword] === undefined)) {
    return { schema: { ...given }, isWrapped: false };
  }
  const { $id: _, ...rest } = given;
  const entries = Object.entries(rebase({ ...rest }) as JsonSchema);
  const isHoisted = ([keyword]: [string, JsonValue]) => HOISTED.some((name) => name === keyword);
  return {
    schema: {
      type: "object",
      properties: {
        [WRAPPED_NAME]: Object.fromEntries(entries.filter((entry) => !isHoisted(entry))),
      },
      required: [WRAPPED_NAME],
      additionalProperties: false,
      ...Object.fromEntries(entries.filter(isHoisted)),
    },
    isWrapped: true,
  };
}

/**
 * The value that is wanted, out of an answer. A model that has given it as it is, without what it was to
 * be wrapped in, is taken at its word.
 */
export function unwrapAnswer(answer: unknown, isWrapped: boolean): unknown {
  if (!isWrapped || !isRecord(answer)) return answer;
  const names = Object.keys(answer);
  return names.length === 1 && names[0] === WRAPPED_NAME ? answer[WRAPPED_NAME] : answer;
}

/** The same for an answer that is still being written; undefined while there is nothing of the value. */
export function unwrapPartial(answer: JsonValue, isWrapped: boolean): JsonValue | undefined {
  if (!isWrapped) return answer;
  return isRecord(answer) && Object.hasOwn(answer, WRAPPED_NAME)
    ? (answer[WRAPPED_NAME] as JsonValue)
    : undefined;
}

/** The schema as it must be written one level deeper: references that led to its top lead to its place. */
function rebase(schema: JsonValue): JsonValue {
  if (Array.isArray(schema)) return schema.map(rebase);
  // Within a schema of its own address, references start from there.
  if (!isRecord(schema) || typeof schema["$id"] === "string") return schema;
  const entries = Object.entries(schema as JsonSchema).map(
    ([keyword, value]): [string, JsonValue] => {
      if (keyword === "$ref" && typeof value === "string") return [keyword, rebasePointer(value)];
      if (DATA.has(keyword)) return [keyword, value];
      if (!SCHEMA_MAPS.has(keyword) || !isRecord(value)) return [keyword, rebase(value)];
      const members = Object.entries(value as JsonSchema);
      return [keyword, Object.fromEntries(members.map(([name, each]) => [name, rebase(each)]))];
    },
  );
  return Object.fromEntries(entries);
}

function rebasePointer(pointer: string): string {
  if (!/^#(?:\/|$)/.test(pointer)) return pointer;
  if (HOISTED.some((name) => `${pointer}/`.startsWith(`#/${name}/`))) return pointer;
  return `#/properties/${WRAPPED_NAME}${pointer.slice(1)}`;
}
