// How figures are written.

import type { Unit } from "../rows/row.ts";

/** A value with its unit, to three digits. */
export function formatValue(value: number, unit: Unit): string {
  switch (unit) {
    case "µs":
      return value >= 10_000 ? `${digits(value / 1000)} ms` : `${digits(value)} µs`;
    case "ms":
      return `${digits(value)} ms`;
    case "count":
      return digits(value);
    case "bytes":
      if (value >= 1e6) return `${digits(value / 1e6)} MB`;
      return value >= 1e3 ? `${digits(value / 1e3)} kB` : `${digits(value)} B`;
  }
}

/** How many times as much. */
export function formatRatio(ratio: number): string {
  return `${ratio >= 100 ? Math.round(ratio) : ratio.toFixed(ratio >= 9.95 ? 0 : ratio >= 3 ? 1 : 2)} ×`;
}

function digits(value: number): string {
  const size = Math.abs(value);
  const places = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { maximumFractionDigits: places });
}
