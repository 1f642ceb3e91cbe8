// Everything a conversation may hold comes back as it was, whatever its members are called.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromByteJson, toByteJson } from "../../src/agent/byte-json.ts";
import { toCanonicalJson } from "../../src/agent/canonical-json.ts";
import { createRunState } from "../../src/agent/run-state.ts";
import { openState, sealState } from "../../src/agent/state-seal.ts";
import type { JsonValue } from "../../src/core/json.ts";

const NAMES = ["$bytes", "$literal", "__proto__", "constructor", "toString", "a", "b", ""] as const;

/** JSON with bytes in it, and names that mean something elsewhere. */
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "medium", withCrossShrink: true },
    fc.string({ unit: "binary" }),
    fc.constantFrom("$bytes", "AAAA", "$literal"),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
    fc.constant(null),
    fc.boolean(),
    fc.uint8Array({ maxLength: 8 }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.constantFrom(...NAMES), tie("value")), { maxLength: 4 })
      .map(Object.fromEntries),
  ),
})).value;

/** What a database does to JSON: it writes it down, and puts its members into an order of its own. */
function keep(value: JsonValue): JsonValue {
  return reverse(JSON.parse(JSON.stringify(value)) as JsonValue);
}

function reverse(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reverse);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([name, member]) => [name, reverse(member)]));
}

test("any value comes back from plain JSON as it was", () => {
  fc.assert(
    fc.property(values, (value) => {
      const before = structuredClone(value);
      const written = toByteJson(value);
      assert.deepEqual(JSON.parse(JSON.stringify(written)), written, "plain JSON");
      assert.deepEqual(fromByteJson(keep(written)), value);
      assert.deepEqual(value, before, "what was given is as it was");
    }),
    { numRuns: 2_000 },
  );
});

test("two values are written alike only if they are the same", () => {
  fc.assert(
    fc.property(values, values, (one, other) => {
      const isSame = toCanonicalJson(toByteJson(one)) === toCanonicalJson(toByteJson(other));
      if (isSame) assert.deepEqual(fromByteJson(toByteJson(one)), fromByteJson(toByteJson(other)));
      const [written, again] = [toByteJson(one), keep(toByteJson(one))];
      assert.equal(toCanonicalJson(written), toCanonicalJson(again));
    }),
    { numRuns: 1_000 },
  );
});

test("names that mean something to JavaScript are data, in objects of their own", () => {
  const value = JSON.parse('{"__proto__":{"isAdmin":true},"constructor":{"prototype":1}}');
  const copy = fromByteJson(keep(toByteJson(value))) as Record<string, unknown>;
  assert.ok(Object.hasOwn(copy, "__proto__"));
  assert.equal(Object.getPrototypeOf(copy), Object.prototype);
  assert.equal(copy["isAdmin"], undefined);
  assert.equal(({} as Record<string, unknown>)["isAdmin"], undefined);
});

test("what holds itself, or is deeper than anything, is refused by name", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  let deep: unknown = 1;
  for (let depth = 0; depth < 50_000; depth++) deep = { deep };
  for (const value of [circle, deep]) assert.throws(() => toByteJson(value), TypeError);
});

test("a signed state with any of it in its messages is opened as it was sealed", () => {
  const key = "a key of thirty-two bytes, for tests";
  fc.assert(
    fc.property(values, (input) => {
      const content = [{ toolUse: { toolUseId: "a", name: "b", input: input as JsonValue } }];
      const state = createRunState([{ role: "assistant", content }]);
      const sealed = keep(sealState(state, key, 1));
      for (const given of [sealed as never, JSON.stringify(sealed)]) {
        assert.deepEqual(openState(given, [key]).state, state);
      }
    }),
    { numRuns: 500 },
  );
});
