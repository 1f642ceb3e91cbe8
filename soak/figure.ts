// What a part has measured: a value, and where there is one its goal and whether it was met.

/** One row of the table. */
export interface Figure {
  readonly name: string;
  readonly value: string;
  /** Absent where a figure only informs. */
  readonly goal?: string;
  readonly isMet?: boolean;
}

/** A figure that only informs. */
export function told(name: string, value: number | string, unit = ""): Figure {
  return { name, value: written(value, unit) };
}

/** A figure that must not exceed its goal. What is no number misses it. */
export function atMost(name: string, value: number, limit: number, unit = ""): Figure {
  const goal = `≤ ${written(limit, unit)}`;
  return { name, value: written(value, unit), goal, isMet: value <= limit };
}

/** A figure that must be its goal. */
export function exactly(name: string, value: number, wanted: number, unit = ""): Figure {
  return {
    name,
    value: written(value, unit),
    goal: written(wanted, unit),
    isMet: value === wanted,
  };
}

/** The value at a share of a list, such as 0.99; NaN of none. Leaves the list as it is. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function written(value: number | string, unit: string): string {
  const text = typeof value === "string" ? value : rounded(value);
  return unit === "" ? text : `${text} ${unit}`;
}

function rounded(value: number): string {
  const digits = Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : 2;
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}
