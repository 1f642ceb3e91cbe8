import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { remembered } from "../../src/core/remembered.ts";

test("gives what the function gives, for any keys in any order", () => {
  const double = (key: string): string | undefined => (key === "" ? undefined : key + key);
  fc.assert(
    fc.property(fc.array(fc.constantFrom("", "a", "b", "c", "d")), (keys) => {
      const same = remembered(2, double);
      for (const key of keys) assert.equal(same(key), double(key));
    }),
  );
});

test("asks once for what it remembers, and again for what it has let go", () => {
  const asked: string[] = [];
  const same = remembered(2, (key) => asked.push(key));
  for (const key of ["a", "a", "b", "a", "c", "b", "a"]) same(key);
  assert.deepEqual(asked, ["a", "b", "c", "a"]);
});

test("a key that is too long to come again is not kept", () => {
  let asked = 0;
  const same = remembered(2, () => asked++);
  const key = "k".repeat(5000);
  same(key);
  same(key);
  assert.equal(asked, 2);
});
