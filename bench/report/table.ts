// The rows of a run as tables of Markdown.

import { CLIENTS, type ClientName } from "../clients/client.ts";
import { type Curve, exponentOf } from "../growth.ts";
import type { MeasuredRow } from "../rows/row.ts";
import { median, medianRatio } from "../statistics.ts";
import { formatRatio, formatValue } from "./figures.ts";
import type { Verdict } from "./goals.ts";

/** A table with a line for each row and a column for each client: the median, and the ratio to the floor. */
export function toTable(rows: readonly MeasuredRow[], clients: readonly ClientName[]): string {
  const head = ["", ...clients.map((name) => CLIENTS[name].title)];
  const lines = rows.map((row) => [row.title, ...clients.map((name) => cellOf(row, name))]);
  return markdown(head, lines);
}

function cellOf({ samples, unit, id }: MeasuredRow, name: ClientName): string {
  const values = samples.get(name);
  if (values === undefined) return "–";
  const value = formatValue(median(values), unit);
  const floor = samples.get("floor");
  if (name === "floor" || floor === undefined || !RATIO_ROWS.has(id)) return value;
  return `${value} (${formatRatio(medianRatio(values, floor))})`;
}

/** Rows in which the floor is what everything else is measured by. */
const RATIO_ROWS: ReadonlySet<string> = new Set([
  "invoke-1",
  "invoke-64",
  "paced-stream",
  "bulk-stream",
  "image",
  "history-200",
  "memory",
]);

/** What was to be reached, and what was. */
export function toGoalTable(verdicts: readonly Verdict[]): string {
  const lines = verdicts.map(({ goal, row, value, isMet }) => {
    const write = (figure: number): string =>
      goal.over === undefined ? formatValue(figure, row.unit) : formatRatio(figure);
    const over = goal.over === undefined ? "" : `, over ${CLIENTS[goal.over].title}`;
    return [
      row.title + over,
      `≤ ${write(goal.atMost)}`,
      write(value),
      isMet ? "met" : "**missed**",
    ];
  });
  return markdown(["figure", "goal", "measured", ""], lines);
}

/** The cost of a call at each size, and how it grows. */
export function toGrowthTable(curves: readonly Curve[]): string {
  return curves
    .map(({ title, axis, points }) => {
      const entries = [...points];
      const sizes = entries[0]?.[1].map(({ size }) => size) ?? [];
      const lines = sizes.map((size, index) => [
        size.toLocaleString("en-US"),
        ...entries.map(([, own]) => formatValue(own[index]?.cost ?? Number.NaN, "µs")),
      ]);
      const growth = ["grows with", ...entries.map(([, own]) => `n^${exponentOf(own).toFixed(2)}`)];
      const head = [axis, ...entries.map(([name]) => CLIENTS[name].title)];
      return `CPU of ${title}:\n\n${markdown(head, [...lines, growth])}`;
    })
    .join("\n\n");
}

/** What a stream keeps of what it has delivered. */
export function toKeptLine(bytesPerCharacter: number): string {
  return `A stream of ours that was read to its end keeps ${bytesPerCharacter.toFixed(2)} bytes for each character it has delivered.`;
}

function markdown(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [head, rule, ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
