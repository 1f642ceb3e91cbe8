import assert from "node:assert/strict";
import { test } from "node:test";
import { CLIENTS, type ClientName } from "../../bench/clients/client.ts";
import type { Curve } from "../../bench/growth.ts";
import { toGrowthTable, toKeptLine, toTable } from "../../bench/report/table.ts";
import { createRows } from "../../bench/rows/all.ts";
import { cellsOf, measured } from "./measured.ts";

const ALL = Object.keys(CLIENTS) as ClientName[];

test("a table has a line for each row and a column for each client, in the order asked for", () => {
  const rows = [measured("a", { dcaf: [3], floor: [2] }), measured("b", { dcaf: [5], floor: [4] })];
  assert.deepEqual(cellsOf(toTable(rows, ["dcaf", "floor"])), [
    ["", "dcaf", "bare `node:http`"],
    ["---", "---:", "---:"],
    ["row a", "3 µs", "2 µs"],
    ["row b", "5 µs", "4 µs"],
  ]);
});

test("who was not measured has a dash", () => {
  const table = toTable([measured("invoke-1", { floor: [1] })], ["floor", "dcaf", "ai-sdk"]);
  assert.deepEqual(cellsOf(table)[2], ["row invoke-1", "1 µs", "–", "–"]);
});

test("who does not take part has no column, whatever was measured", () => {
  const table = toTable([measured("invoke-1", { dcaf: [7], strands: [1] })], ["dcaf"]);
  assert.deepEqual(cellsOf(table)[2], ["row invoke-1", "7 µs"]);
});

test("a cell is the median and the ratio to the floor, round by round; the floor has none", () => {
  const row = measured("invoke-1", { floor: [1, 2, 10], dcaf: [3, 20, 2] });
  const [, , line] = cellsOf(toTable([row], ["floor", "dcaf"]));
  assert.deepEqual(line, ["row invoke-1", "2 µs", "3 µs (3.0 ×)"]);
});

test("without a floor there is no ratio, and none where the floor does not do the work", () => {
  const rows = [
    measured("invoke-1", { dcaf: [3] }),
    measured("cold-start", { floor: [40], dcaf: [60] }, { unit: "ms" }),
    measured("connections", { floor: [0], dcaf: [0] }, { unit: "count" }),
  ];
  const lines = cellsOf(toTable(rows, ["floor", "dcaf"])).slice(2);
  assert.deepEqual(lines, [
    ["row invoke-1", "–", "3 µs"],
    ["row cold-start", "40 ms", "60 ms"],
    ["row connections", "0", "0"],
  ]);
});

test("the rows and clients of a whole run make a table without a hole", () => {
  const samples = Object.fromEntries(ALL.map((name, index) => [name, [index + 1, index + 2]]));
  const rows = createRows().map(({ id, title, unit }) => measured(id, samples, { title, unit }));
  const lines = cellsOf(toTable(rows, ALL));
  assert.equal(lines.length, rows.length + 2);
  assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
  assert.doesNotMatch(toTable(rows, ALL), /NaN|undefined|Infinity|–/);
  assert.deepEqual(
    lines.slice(2).map(([title]) => title),
    rows.map(({ title }) => title),
  );
});

const CURVE: Curve = {
  title: "`invoke` over the length of the history",
  axis: "messages",
  points: new Map([
    ["floor", [1, 100, 1000, 10_000].map((size) => ({ size, cost: 5 * size }))],
    ["dcaf", [1, 100, 1000, 10_000].map((size) => ({ size, cost: size ** 1.5 }))],
  ]),
};

test("the growth has a line for each size, and the exponents last", () => {
  const [title, table = ""] = toGrowthTable([CURVE]).split("\n\n");
  assert.equal(title, "CPU of `invoke` over the length of the history:");
  assert.deepEqual(cellsOf(table), [
    ["messages", "bare `node:http`", "dcaf"],
    ["---", "---:", "---:"],
    ["1", "5 µs", "1 µs"],
    ["100", "500 µs", "1,000 µs"],
    ["1,000", "5,000 µs", "31.6 ms"],
    ["10,000", "50 ms", "1,000 ms"],
    ["grows with", "n^1.00", "n^1.50"],
  ]);
});

test("each curve has a table of its own, and no curves have none", () => {
  const parts = toGrowthTable([CURVE, { ...CURVE, axis: "events" }]).split("\n\n");
  assert.deepEqual(
    [1, 3].map((index) => cellsOf(parts[index] ?? "")[0]?.[0]),
    ["messages", "events"],
  );
  assert.equal(toGrowthTable([]), "");
});

test("a fixed cost of small calls does not hide the growth of large ones", () => {
  const sizes = [1, 10, 100, 1000];
  const points = sizes.map((size) => ({ size, cost: Math.max(1e5, size * 1000) }));
  const table = toGrowthTable([{ ...CURVE, points: new Map([["dcaf", points]]) }]);
  assert.match(table, /n\^1\.00/);
});

test("what a stream keeps is told in bytes for each character", () => {
  assert.match(toKeptLine(1.0349), / 1\.03 bytes for each character/);
  assert.doesNotMatch(toKeptLine(2), /\n/);
});
