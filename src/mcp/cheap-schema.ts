// Whether a value can be held to a stranger's schema in reasonable time. A pattern may take for ever on a
// short text, and references that fan out take as long; a server that sends such schemas, by malice or
// not, must not stop this process. Its own check of its input is the one that counts in any case.

import { isRecord, type JsonValue } from "../core/json.ts";
import { followReference } from "../tools/assert-usable-schema.ts";
import type { JsonObject } from "../tools/schema.ts";

/** Schemas that are looked at for one value, with each reference followed each time. */
const MAX_VISITS = 5000;

/** What takes more than a look at each part of a value, or leads to who knows where. */
const COSTLY: readonly string[] = [
  "pattern",
  "patternProperties",
  "uniqueItems",
  "$dynamicRef",
  "$recursiveRef",
  "$anchor",
  "$id",
];

/** Keywords with data, and with names of the schema's own choosing. */
const DATA: readonly string[] = ["const", "enum", "default", "examples"];
const NAMED: readonly string[] = ["properties", "dependentSchemas"];
/** Only looked at where a reference leads there. */
const DEFINITIONS: readonly string[] = ["$defs", "definitions"];

/** Says no where it does not know. The schema has been read by `resolveSchema`. */
export function isCheapToCheck(schema: JsonObject): boolean {
  let visits = 0;
  const isCheap = (value: JsonValue, open: readonly string[]): boolean => {
    visits += 1;
    if (visits > MAX_VISITS) return false;
    if (Array.isArray(value)) return value.every((each) => isCheap(each, open));
    if (!isRecord(value)) return true;
    return Object.entries(value as JsonObject).every(([keyword, each]) => {
      if (COSTLY.includes(keyword)) return false;
      if (DATA.includes(keyword) || DEFINITIONS.includes(keyword)) return true;
      if (keyword === "$ref") return leadsToCheap(each, open);
      const isNamed = NAMED.includes(keyword) && isRecord(each);
      return isNamed ? Object.values(each).every((one) => isCheap(one, open)) : isCheap(each, open);
    });
  };
  const leadsToCheap = (reference: JsonValue, open: readonly string[]): boolean => {
    if (typeof reference !== "string" || open.includes(reference)) return false;
    const target = reference.startsWith("#/") ? followReference(reference, schema) : undefined;
    return target !== undefined && isCheap(target, [...open, reference]);
  };
  return isCheap(schema, []);
}
