// Rows and tables for the tests of the report.

import assert from "node:assert/strict";
import type { ClientName } from "../../bench/clients/client.ts";
import type { MeasuredRow } from "../../bench/rows/row.ts";

/** A row as a run would have measured it. */
export function measured(
  id: string,
  samples: Partial<Record<ClientName, number[]>>,
  more: Partial<Pick<MeasuredRow, "title" | "unit">> = {},
): MeasuredRow {
  const entries = Object.entries(samples) as [ClientName, number[]][];
  return { id, title: `row ${id}`, unit: "µs", ...more, samples: new Map(entries) };
}

/** The cells of a table in Markdown, line by line. Fails where lines have unequally many. */
export function cellsOf(table: string): string[][] {
  const lines = table.split("\n").map((line) => {
    assert.match(line, /^\| .* \|$/);
    return line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim());
  });
  assert.equal(new Set(lines.map(({ length }) => length)).size, 1, table);
  assert.ok(
    lines[1]?.every((cell) => /^---:?$/.test(cell)),
    table,
  );
  return lines;
}
