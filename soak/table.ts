// The figures of a run as one table of Markdown.

import type { Figure } from "./figure.ts";

/** A figure and the part it belongs to. */
export interface Row extends Figure {
  readonly part: string;
}

const HEAD = ["part", "figure", "value", "goal", "verdict"];

/** One line for each row, below a head; all lines are of one width. */
export function formatTable(rows: readonly Row[]): string {
  const lines = rows.map(({ part, name, value, goal = "", isMet }) => [
    part,
    name,
    value,
    goal,
    isMet === undefined ? "" : isMet ? "met" : "MISSED",
  ]);
  const widths = HEAD.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const rule = widths.map((width) => "-".repeat(width));
  return [HEAD, rule, ...lines]
    .map((line) => `| ${line.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(" | ")} |`)
    .join("\n");
}

/** How many goals are missed. */
export function countMissed(rows: readonly Row[]): number {
  return rows.filter(({ isMet }) => isMet === false).length;
}
