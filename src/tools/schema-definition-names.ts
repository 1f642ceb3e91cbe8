// Names of definitions that depend on the schema alone. arktype counts through all types of the program, so
// that the same schema would be sent with other names, and cost a cached prompt, after any change elsewhere.

import { isRecord, type JsonValue } from "../core/json.ts";
import type { JsonObject } from "./schema.ts";

/** The schema with its definitions called `type1`, `type2` and so on, in their order. */
export function renameDefinitions(schema: JsonObject): JsonObject {
  const names = new Map<string, string>();
  for (const holder of ["$defs", "definitions"]) {
    const definitions = schema[holder];
    if (!isRecord(definitions)) continue;
    for (const name of Object.keys(definitions)) {
      names.set(`#/${holder}/${name}`, `type${names.size + 1}`);
    }
  }
  return names.size === 0 ? schema : (rename(schema, names, "#") as JsonObject);
}

function rename(value: JsonValue, names: ReadonlyMap<string, string>, place: string): JsonValue {
  if (Array.isArray(value)) return value.map((each) => rename(each, names, ""));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value as JsonObject).map(([name, each]): [string, JsonValue] => {
    const at = place === "" ? "" : `${place}/${name}`;
    const target = name === "$ref" && typeof each === "string" ? names.get(each) : undefined;
    if (target !== undefined) return [name, `${String(each).replace(/[^/]*$/, "")}${target}`];
    return [names.get(at) ?? name, rename(each, names, at)];
  });
  return Object.fromEntries(entries);
}
