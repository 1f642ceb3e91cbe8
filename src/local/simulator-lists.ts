// A list that satisfies an array schema, filled with what the prompt mentions where it can be.

import type { JsonValue, UnknownRecord } from "../core/json.ts";
import type { Budget } from "./simulator-budget.ts";

/** Lists grow to what is mentioned or demanded, but not past this. */
const MAX_ITEMS = 1_000;

/** What a list is made from. */
export interface ListMaker {
  /** Items the prompt names, in its order. */
  readonly mentioned: (items: unknown) => readonly JsonValue[];
  readonly make: (items: unknown) => JsonValue;
  /** Whether to make no more items than demanded. */
  readonly isFrugal: boolean;
  /** Once it is spent, the list ends. */
  readonly budget: Budget;
}

/** As many items as are mentioned or demanded; one where nothing is, unless frugal. */
export function toList(schema: UnknownRecord, maker: ListMaker): JsonValue[] {
  const { items, prefixItems, uniqueItems, minItems, maxItems } = schema;
  const least = Math.min(numberOf(minItems) ?? 0, MAX_ITEMS);
  const most = Math.min(numberOf(maxItems) ?? MAX_ITEMS, MAX_ITEMS);
  const prefix = Array.isArray(prefixItems) ? prefixItems : [];
  const list = prefix.slice(0, most).map(maker.make);
  if (prefix.length === 0)
    for (const value of maker.mentioned(items).slice(0, most))
      list.push(maker.budget.afford(value));
  const hasToGrow = maker.isFrugal || items === false;
  const wanted = hasToGrow ? least : Math.max(least, Math.min(1, most));
  const toNext = uniqueItems === true ? createUnusedMaker(list, items, maker) : maker.make;
  while (list.length < wanted && !maker.budget.isSpent) list.push(toNext(items));
  return list;
}

/** Makes values that are not in the list yet, as far as they can be found, and not twice. */
function createUnusedMaker(
  list: readonly JsonValue[],
  items: unknown,
  { make, budget }: ListMaker,
): (items: unknown) => JsonValue {
  const used = new Set(list.map((each) => JSON.stringify(each)));
  // Where the search for variations of a value left off, so that none is tried again.
  const searches = new Map<string, Generator<JsonValue, void>>();
  const isFirst = (value: JsonValue) => {
    const text = JSON.stringify(value);
    const isNew = !used.has(text);
    used.add(text);
    return isNew;
  };
  return () => {
    const value = make(items);
    if (isFirst(value)) return value;
    const text = JSON.stringify(value);
    const search = searches.get(text) ?? variationsOf(value, (items ?? {}) as UnknownRecord);
    searches.set(text, search);
    for (let next = search.next(); !next.done; next = search.next()) {
      if (!budget.takeSteps(1)) return value;
      if (isFirst(next.value)) return next.value;
    }
    return value;
  };
}

function* variationsOf(value: JsonValue, schema: UnknownRecord): Generator<JsonValue, void> {
  if ("const" in schema) return;
  if (Array.isArray(schema["enum"])) return yield* schema["enum"] as JsonValue[];
  if (typeof value === "boolean") yield !value;
  for (let number = 1; number <= MAX_ITEMS; number++) {
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
