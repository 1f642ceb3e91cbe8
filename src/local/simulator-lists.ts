// A list that satisfies an array schema, filled with what the prompt mentions where it can be.

import type { JsonValue, UnknownRecord } from "../core/json.ts";

/** Lists grow to what is mentioned or demanded, but not past this. */
const MAX_ITEMS = 1_000;

/** What a list is made from. */
export interface ListMaker {
  /** Items the prompt names, in its order. */
  readonly mentioned: (items: unknown) => readonly JsonValue[];
  readonly make: (items: unknown) => JsonValue;
  /** Whether to make no more items than demanded. */
  readonly isFrugal: boolean;
}

/** As many items as are mentioned or demanded; one where nothing is, unless frugal. */
export function toList(schema: UnknownRecord, maker: ListMaker): JsonValue[] {
  const { items, prefixItems, uniqueItems, minItems, maxItems } = schema;
  const least = Math.min(numberOf(minItems) ?? 0, MAX_ITEMS);
  const most = Math.min(numberOf(maxItems) ?? MAX_ITEMS, MAX_ITEMS);
  const prefix = Array.isArray(prefixItems) ? prefixItems : [];
  const list = prefix.slice(0, most).map(maker.make);
  if (prefix.length === 0) list.push(...maker.mentioned(items).slice(0, most));
  const hasToGrow = maker.isFrugal || items === false;
  const wanted = hasToGrow ? least : Math.max(least, Math.min(1, most));
  while (list.length < wanted) {
    const value = maker.make(items);
    list.push(uniqueItems === true ? toUnused(value, items, list) : value);
  }
  return list;
}

/** A value like `value` that is not in the list yet, as far as one can be found. */
function toUnused(value: JsonValue, items: unknown, list: readonly JsonValue[]): JsonValue {
  const used = new Set(list.map((each) => JSON.stringify(each)));
  const isNew = (candidate: JsonValue) => !used.has(JSON.stringify(candidate));
  if (isNew(value)) return value;
  for (const candidate of variationsOf(value, (items ?? {}) as UnknownRecord, list.length + 1)) {
    if (isNew(candidate)) return candidate;
  }
  return value;
}

function* variationsOf(
  value: JsonValue,
  schema: UnknownRecord,
  count: number,
): Generator<JsonValue, void> {
  if (Array.isArray(schema["enum"])) return yield* schema["enum"] as JsonValue[];
  if (typeof value === "boolean") yield !value;
  for (let number = 1; number <= count; number++) {
    if (typeof value === "string") {
      const suffix = String(number);
      const isShort =
        value.length + suffix.length <=
        (numberOf(schema["maxLength"]) ?? value.length + suffix.length);
      yield isShort ? value + suffix : value.slice(0, -suffix.length) + suffix;
    }
    if (typeof value !== "number") continue;
    const step = number * (numberOf(schema["multipleOf"]) ?? 1);
    if (value + step <= (numberOf(schema["maximum"]) ?? value + step)) yield value + step;
    if (value - step >= (numberOf(schema["minimum"]) ?? value - step)) yield value - step;
  }
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
