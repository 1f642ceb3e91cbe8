import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatRatio, formatValue } from "../../bench/report/figures.ts";
import type { Unit } from "../../bench/rows/row.ts";

const VALUES: readonly [number, Unit, string][] = [
  [0, "µs", "0 µs"],
  [0.5, "µs", "0.5 µs"],
  [1.234, "µs", "1.23 µs"],
  [9.994, "µs", "9.99 µs"],
  [9.996, "µs", "10 µs"],
  [12.34, "µs", "12.3 µs"],
  [99.94, "µs", "99.9 µs"],
  [100.4, "µs", "100 µs"],
  [9999, "µs", "9,999 µs"],
  [10_000, "µs", "10 ms"],
  [12_345, "µs", "12.3 ms"],
  [55.04, "ms", "55 ms"],
  [0.25, "ms", "0.25 ms"],
  [12_345.6, "ms", "12,346 ms"],
  [0, "count", "0"],
  [24, "count", "24"],
  [1234, "count", "1,234"],
  [1.5, "count", "1.5"],
  [0, "bytes", "0 B"],
  [999, "bytes", "999 B"],
  [1000, "bytes", "1 kB"],
  [40 * 1024, "bytes", "41 kB"],
  [999_000, "bytes", "999 kB"],
  [1e6, "bytes", "1 MB"],
  [3_750_000, "bytes", "3.75 MB"],
  [1.5e9, "bytes", "1,500 MB"],
];

for (const [value, unit, expected] of VALUES) {
  test(`${value} in ${unit} is written ${expected}`, () => {
    assert.equal(formatValue(value, unit), expected);
  });
}

const RATIOS: readonly [number, string][] = [
  [0, "0.00 ×"],
  [0.25, "0.25 ×"],
  [1 / 3, "0.33 ×"],
  [1, "1.00 ×"],
  [2.99, "2.99 ×"],
  [3, "3.0 ×"],
  [9.94, "9.9 ×"],
  [9.95, "10 ×"],
  [42.4, "42 ×"],
  [99.6, "100 ×"],
  [100, "100 ×"],
  [1234.5, "1235 ×"],
];

for (const [ratio, expected] of RATIOS) {
  test(`a ratio of ${ratio} is written ${expected}`, () => {
    assert.equal(formatRatio(ratio), expected);
  });
}

const FACTORS: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, µs: 1, ms: 1e3 };

/** The value that a figure claims to be. */
function readBack(figure: string, unit: Unit): number {
  const [digits = "", name = ""] = figure.split(" ");
  const factor = unit === "ms" ? 1 : (FACTORS[name] ?? 1);
  return Number(digits.replaceAll(",", "")) * factor;
}

test("no figure of 1 or more is off by more than half a percent", () => {
  const unit = fc.constantFrom<Unit>("µs", "ms", "count", "bytes");
  fc.assert(
    fc.property(unit, fc.double({ min: 1, max: 1e10, noNaN: true }), (name, value) => {
      const off = Math.abs(readBack(formatValue(value, name), name) / value - 1);
      assert.ok(off <= 0.005 + 1e-9, formatValue(value, name));
    }),
  );
});

test("no ratio of a tenth or more is off by more than a twentieth", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.1, max: 1e6, noNaN: true }), (ratio) => {
      const off = Math.abs(Number.parseFloat(formatRatio(ratio)) / ratio - 1);
      assert.ok(off <= 0.05 + 1e-9, formatRatio(ratio));
    }),
  );
});
