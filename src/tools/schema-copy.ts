// A schema as plain JSON of our own: what a caller does to his object later changes nothing, and what is
// sent can be written out.

import { asJson, isRecord, type JsonValue } from "../core/json.ts";
import { kindOf } from "../core/options.ts";
import { isLibrarySchema } from "./library-schema.ts";
import type { JsonObject } from "./schema.ts";

/** Deeper than any schema means to be, and far from the end of the stack. */
const MAX_DEPTH = 100;

/** Larger than any request; what holds one object many times over comes here first. */
const MAX_VALUES = 200_000;

/**
 * The same as plain JSON. Members that are undefined are left out. Throws `TypeError`, opening with
 * `where`, for what is no JSON, holds itself, or is more than 100 deep or 200,000 values large.
 */
export function copySchema(schema: object, where: string): JsonObject {
  const copier = new Copier(where);
  return copier.copy(schema, []) as JsonObject;
}

class Copier {
  readonly #where: string;
  readonly #open = new Set<unknown>();
  #count = 0;

  constructor(where: string) {
    this.#where = where;
  }

  copy(given: unknown, path: readonly string[]): JsonValue {
    this.#count += 1;
    if (this.#count > MAX_VALUES) throw this.#refuse([], `has more than ${MAX_VALUES} values`);
    if (path.length > 0 && isLibrarySchema(given)) {
      const advice =
        "Give the library's schema of the whole object instead, such as z.object({ … })";
      throw this.#refuse(path, `a library's schema inside of a JSON Schema. ${advice}`);
    }
    const value = asJson(given);
    if (typeof value === "object" && value !== null) return this.#copyHolder(value, path);
    if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    const got = typeof value === "number" ? String(value) : kindOf(value);
    throw this.#refuse(path, `a schema is JSON; got ${got}`);
  }

  #copyHolder(value: object, path: readonly string[]): JsonValue {
    if (this.#open.has(value)) throw this.#refuse(path, "holds itself, so it is no JSON");
    if (path.length >= MAX_DEPTH) throw this.#refuse([], `is more than ${MAX_DEPTH} deep`);
    if (!Array.isArray(value) && !isRecord(value)) {
      throw this.#refuse(path, `a schema is JSON; got ${kindOf(value)}`);
    }
    this.#open.add(value);
    const copied = Array.isArray(value)
      ? Array.from(value, (item, index) => this.copy(item, [...path, String(index)]))
      : // Unlike an assignment, this makes a member of any name, even `__proto__`.
        Object.fromEntries(
          Object.entries(value)
            .filter(([, member]) => member !== undefined)
            .map(([name, member]) => [name, this.copy(member, [...path, name])]),
        );
    this.#open.delete(value);
    return copied;
  }

  #refuse(path: readonly string[], reason: string): TypeError {
    const shown = path.map((step) => step.slice(0, 80)).join(".");
    return new TypeError(`${this.#where}${shown === "" ? "" : `.${shown}`}: ${reason}.`);
  }
}
