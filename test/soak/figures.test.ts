// A figure is judged by its goal alone, and the table says so.

import assert from "node:assert/strict";
import { test } from "node:test";
import { atMost, exactly, percentile, told } from "../../soak/figure.ts";
import { Random } from "../../soak/random.ts";
import { countMissed, formatTable } from "../../soak/table.ts";

test("a goal is met up to its limit, and never by what is no number", () => {
  assert.equal(atMost("time", 10, 10, "ms").isMet, true);
  assert.equal(atMost("time", 10.01, 10, "ms").isMet, false);
  assert.equal(atMost("time", Number.NaN, 10, "ms").isMet, false);
  assert.equal(exactly("left", 0, 0).isMet, true);
  assert.equal(exactly("left", 1, 0).isMet, false);
  assert.equal("isMet" in told("seen", 3), false);
});

test("a percentile is one of the values", () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  assert.equal(percentile(values, 0.5), 51);
  assert.equal(percentile(values, 0.99), 100);
  assert.equal(percentile(values, 1), 100);
  assert.equal(percentile([], 0.5), Number.NaN);
  assert.equal(values[0], 100);
});

test("the table has a line for each figure and tells which goal is missed", () => {
  const rows = [
    { part: "leaks", ...exactly("sockets left", 2, 0) },
    { part: "leaks", ...atMost("growth", 0.123, 2, "MB") },
    { part: "abort", ...told("aborts", 1000) },
  ];
  const lines = formatTable(rows).split("\n");
  assert.equal(new Set(lines.map((line) => line.length)).size, 1);
  assert.deepEqual(
    lines.slice(2).map((line) =>
      line
        .split("|")
        .map((cell) => cell.trim())
        .slice(1, -1),
    ),
    [
      ["leaks", "sockets left", "2", "0", "MISSED"],
      ["leaks", "growth", "0.12 MB", "≤ 2 MB", "met"],
      ["abort", "aborts", "1,000", "", ""],
    ],
  );
  assert.equal(countMissed(rows), 1);
});

test("the same seed gives the same numbers", () => {
  const draw = (seed: number): number[] => {
    const random = new Random(seed);
    return Array.from({ length: 20 }, () => random.below(1000));
  };
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
  assert.ok(draw(9).every((number) => number >= 0 && number < 1000));
});
