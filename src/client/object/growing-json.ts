// A value of JSON that is being put together from its beginning on, and what there is of it by now. What
// is complete is shared by all views of it, so all of them are frozen.

import type { JsonValue } from "../../core/json.ts";

type JsonObject = { [name: string]: JsonValue };

/** A list or an object whose end has not come. */
interface OpenContainer {
  /** What is complete of it. */
  readonly value: JsonValue[] | JsonObject;
  /** Of the member that is being written; the empty string in a list. */
  name: string;
  /** What it takes to copy `value`. */
  cost: number;
}

/** What it costs to copy, in steps of a few nanoseconds. */
const ITEM_COST = 1;
const MEMBER_COST = 8;
/** Of a member of an object so large that V8 keeps it as a hash table. */
const FAR_MEMBER_COST = 64;
const FAR_COST = 8000;

/** As deep as anything here may be nested, see `core/json-depth`. */
const MAX_DEPTH = 1000;

/** Lists and objects that are still open, the innermost last, and the whole once none is. */
export class GrowingJson {
  readonly #open: OpenContainer[] = [];
  #whole: JsonValue | undefined;
  #cost = 0;

  /** The whole, once it is complete. */
  get whole(): JsonValue | undefined {
    return this.#whole;
  }

  /** What a view costs, in steps. */
  get viewCost(): number {
    return this.#cost;
  }

  get isInList(): boolean {
    return Array.isArray(this.#open.at(-1)?.value);
  }

  /** Opens an empty list or object; false where it would be too deep. */
  begin(value: [] | Record<string, never>): boolean {
    if (this.#open.length === MAX_DEPTH) return false;
    this.#open.push({ value, name: "", cost: ITEM_COST });
    this.#cost += ITEM_COST;
    return true;
  }

  /** Names the member that is written next. */
  name(name: string): void {
    const container = this.#open.at(-1);
    if (container !== undefined) container.name = name;
  }

  /** Puts a complete value into the innermost container, if there is one. */
  put(value: JsonValue): void {
    const container = this.#open.at(-1);
    if (container === undefined) {
      this.#whole = value;
      return;
    }
    putInto(container.value, container.name, value);
    const memberCost = container.cost < FAR_COST ? MEMBER_COST : FAR_MEMBER_COST;
    const cost = Array.isArray(container.value) ? ITEM_COST : memberCost;
    container.cost += cost;
    this.#cost += cost;
  }

  /** Closes the innermost container. */
  end(): void {
    const container = this.#open.pop();
    if (container === undefined) return;
    this.#cost -= container.cost;
    this.put(Object.freeze(container.value) as JsonValue);
  }

  /** All there is, frozen, with `last` at the place that is being written; undefined before it begins. */
  view(last: JsonValue | undefined): JsonValue | undefined {
    if (this.#whole !== undefined) return this.#whole;
    let inner = last;
    for (const { value, name } of this.#open.toReversed()) {
      const copy = Array.isArray(value) ? [...value] : { ...value };
      if (inner !== undefined) putInto(copy, name, inner);
      inner = Object.freeze(copy) as JsonValue;
    }
    return inner;
  }
}

function putInto(container: JsonValue[] | JsonObject, name: string, value: JsonValue): void {
  if (Array.isArray(container)) container.push(value);
  else if (name !== "__proto__") container[name] = value;
  else {
    const member = { value, enumerable: true, writable: true, configurable: true };
    Object.defineProperty(container, name, member);
  }
}
