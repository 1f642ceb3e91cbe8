// A pattern means what the regular expression that one would write for it means, in little time.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { matchesAny, matchesPattern, unknownNames } from "../../src/mcp/name-pattern.ts";

const letters = fc.string({ unit: fc.constantFrom("a", "b", ".", "_"), maxLength: 12 });
const patterns = fc.string({ unit: fc.constantFrom("a", "b", ".", "*"), maxLength: 8 });

function oracle(name: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(".", "\\."));
  return new RegExp(`^${parts.join("[^]*")}$`).test(name);
}

test("a pattern means what its regular expression means", () => {
  fc.assert(
    fc.property(letters, patterns, (name, pattern) => {
      assert.equal(matchesPattern(name, pattern), oracle(name, pattern));
    }),
    { numRuns: 5000 },
  );
});

test("each name matches itself, a star, and itself with any stretch replaced by a star", () => {
  fc.assert(
    fc.property(letters, fc.nat(12), fc.nat(12), (name, from, to) => {
      const pattern = `${name.slice(0, Math.min(from, to))}*${name.slice(Math.max(from, to))}`;
      for (const one of [name, "*", "**", pattern]) assert.ok(matchesPattern(name, one));
    }),
  );
});

test("many stars do not take long", () => {
  const name = "a".repeat(10_000);
  assert.equal(matchesPattern(name, `${"*a".repeat(200)}b`), false);
});

test("a list matches when one of its entries does; only names can be unknown", () => {
  assert.ok(matchesAny("read_file", ["write_*", "read_*"]));
  assert.ok(!matchesAny("delete_file", ["write_*", "read_*"]));
  assert.deepEqual(unknownNames(["read_*", "nope", "read_file"], ["read_file"]), ["nope"]);
});
