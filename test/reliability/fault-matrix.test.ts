// The table of docs/reliability.md as tests: each fault is played by the scripts of `reliability/`, in
// less time and with wider bounds than for the table.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { RECORDED_ROWS } from "../../reliability/recorded-peers.ts";
import { MEASURES, measureRow } from "../../reliability/rows/all.ts";
import { readTable, toTable } from "../../reliability/table.ts";

/** Has a file of its own, which can run beside this one. */
const SWEEPS = ["sweep", "sweep-close-delimited"];

// Rows that wait let others work.
describe("a fault", { concurrency: 4 }, () => {
  for (const { name, fault } of RECORDED_ROWS) {
    if (SWEEPS.includes(name)) continue;
    test(`${name}: ${fault}`, async () => {
      const finding = await measureRow(name, "brief");
      assert.ok(finding.isMet, finding.ours);
    });
  }
});

describe("the table", () => {
  const names = RECORDED_ROWS.map(({ name }) => name);

  test("has a measure for each row, and a row for each measure", () => {
    assert.deepEqual([...names].sort(), Object.keys(MEASURES).sort());
  });

  test("stands in docs/reliability.md, every row in its place and its promise kept", () => {
    const onPage = readTable();
    assert.equal(onPage.length, RECORDED_ROWS.length);
    for (const [index, { name, fault }] of RECORDED_ROWS.entries()) {
      const row = onPage[index];
      assert.equal(row?.fault, fault, name);
      assert.doesNotMatch(
        row.ours,
        /misses its goal/,
        `${name}: run \`npm run faults -- --write\``,
      );
    }
  });

  test("tells a miss, and lets no text break a row", () => {
    const finding = { ours: "a | b\n<script>", isMet: false };
    const table = toTable(new Map([["stall", finding]]), "measured today");
    const row = table.split("\n").find((line) => line.includes("a \\| b"));
    assert.match(row ?? "", /\| \*\*misses its goal:\*\* a \\\| b &lt;script> \|/);
  });
});
