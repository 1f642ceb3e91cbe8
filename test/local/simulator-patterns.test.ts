import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Budget } from "../../src/local/simulator-budget.ts";
import { exampleOf } from "../../src/local/simulator-patterns.ts";

const ANY_LENGTH = { min: 0, max: Number.POSITIVE_INFINITY };

test("an example is found for patterns of the kind schemas have", () => {
  const patterns = [
    "^[A-Z]{2,3}-\\d{4}$",
    "^(?:red|green)$",
    "^(?<year>\\d{4})-(?<month>0[1-9]|1[0-2])$",
    "^[^\\s@]+@[^\\s@]+\\.[a-z]{2,}$",
    "^\\+?[1-9]\\d{1,14}$",
    "^#(?:[0-9a-f]{3}){1,2}$",
    "^arn:aws:[a-z-]+:[a-z0-9-]*:\\d{12}:.+$",
    "^[\\w.-]+/[\\w.-]+$",
    "^$",
    "x",
    "^.{5}$",
    "^\\S+$",
    "^a*b+c?$",
    "^[\\]\\\\]$",
  ];
  for (const pattern of patterns) {
    const example = exampleOf(pattern, ANY_LENGTH, new Budget());
    assert.match(example ?? "none", new RegExp(pattern, "u"), pattern);
  }
});

test("an example keeps within the lengths", () => {
  assert.equal(exampleOf("^\\d+$", { min: 7, max: 9 }, new Budget())?.length, 7);
  assert.equal(exampleOf("^\\d*$", { min: 0, max: 0 }, new Budget()), "");
  assert.equal(exampleOf("^\\d{4}$", { min: 5, max: 9 }, new Budget()), undefined);
});

test("what cannot be read is given up", () => {
  for (const pattern of ["(?=a)b", "\\p{Lu}+", "(a)\\1", "^(?!a).$"]) {
    assert.equal(exampleOf(pattern, ANY_LENGTH, new Budget()), undefined, pattern);
  }
});

test("an example always matches its pattern", () => {
  const part = fc.constantFrom("a", "[b-d]", "\\d", "(e|f)", "(?:g)", ".", "\\.", "[^x]", "\\w");
  const quantifier = fc.constantFrom("", "*", "+", "?", "{2}", "{1,3}", "{2,}", "*?");
  const pattern = fc
    .array(fc.tuple(part, quantifier), { minLength: 1, maxLength: 6 })
    .map((parts) => `^${parts.flat().join("")}$`);
  fc.assert(
    fc.property(pattern, (source) => {
      const example = exampleOf(source, ANY_LENGTH, new Budget());
      assert.match(example ?? "none", new RegExp(source, "u"));
    }),
    { numRuns: 500 },
  );
});

test("no text makes it throw", () => {
  fc.assert(
    fc.property(fc.string(), (source) => {
      try {
        new RegExp(source, "u");
      } catch {
        return;
      }
      exampleOf(source, ANY_LENGTH, new Budget());
    }),
    { numRuns: 2_000 },
  );
});
