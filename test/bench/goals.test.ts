// Goals, the table of them and the claim of the README: all of them read the same rows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CLIENTS } from "../../bench/clients/client.ts";
import { toClaim } from "../../bench/report/claim.ts";
import { GOALS, type Goal, judge, type Verdict } from "../../bench/report/goals.ts";
import { toGoalTable } from "../../bench/report/table.ts";
import { createRows } from "../../bench/rows/all.ts";
import type { Unit } from "../../bench/rows/row.ts";
import { cellsOf, measured } from "./measured.ts";

/** What is said of a goal where ours has the figure `ours`, over 1 of the other. */
function verdictOn(goal: Goal, ours: number): Verdict {
  const other = goal.over === undefined ? {} : { [goal.over]: [1] };
  const verdicts = judge([measured(goal.row, { dcaf: [ours], ...other })]);
  const verdict = verdicts.find((found) => found.goal === goal);
  assert.ok(verdict !== undefined);
  return verdict;
}

for (const goal of GOALS) {
  const over = goal.over === undefined ? "" : ` over ${goal.over}`;
  test(`the goal of ${goal.row}${over} is met up to its limit, and not by what is no number`, () => {
    assert.deepEqual(
      [goal.atMost, 0, goal.atMost * 1.01 + 0.01, Number.NaN].map(
        (value) => verdictOn(goal, value).isMet,
      ),
      [true, true, false, false],
    );
    assert.equal(verdictOn(goal, goal.atMost).value, goal.atMost);
  });
}

test("every goal is of a row that there is, and no goal stands there twice", () => {
  const ids = new Set(createRows().map(({ id }) => id));
  for (const { row } of GOALS) assert.ok(ids.has(row), row);
  assert.equal(new Set(GOALS.map(({ row, over }) => `${row} ${over}`)).size, GOALS.length);
});

test("goals of rows and clients that did not take part are left out", () => {
  const named = (verdicts: readonly Verdict[]) =>
    verdicts.map(({ goal }) => [goal.row, goal.over ?? "itself"]);
  assert.deepEqual(judge([]), []);
  assert.deepEqual(judge([measured("invoke-1", { floor: [1], "aws-sdk-http1": [1] })]), []);
  assert.deepEqual(judge([measured("no such row", { dcaf: [1], floor: [1] })]), []);
  assert.deepEqual(named(judge([measured("invoke-1", { dcaf: [1], floor: [1] })])), [
    ["invoke-1", "floor"],
  ]);
  assert.deepEqual(named(judge([measured("cold-start", { dcaf: [1] })])), [
    ["cold-start", "itself"],
  ]);
});

test("a goal over another is judged round by round, one without by the median", () => {
  const [verdict] = judge([measured("image", { dcaf: [3, 20, 2], floor: [1, 2, 10] })]);
  assert.equal(verdict?.value, 3);
  const [own] = judge([measured("first-event", { dcaf: [70, 50, 51] })]);
  assert.equal(own?.value, 51);
});

test("the table tells what was to be reached, what was, and what was missed", () => {
  const verdict = (goal: Goal, unit: Unit, value: number, isMet: boolean): Verdict => ({
    goal,
    row: measured(goal.row, {}, { unit }),
    value,
    isMet,
  });
  const table = toGoalTable([
    verdict({ row: "a", over: "floor", atMost: 1.5 }, "µs", 1.2, true),
    verdict({ row: "a", over: "aws-sdk-http1", atMost: 1 / 3 }, "µs", 0.6, false),
    verdict({ row: "b", atMost: 0 }, "count", 0, true),
    verdict({ row: "c", atMost: 40 * 1024 }, "bytes", 50_000, false),
  ]);
  assert.deepEqual(cellsOf(table), [
    ["figure", "goal", "measured", ""],
    ["---", "---:", "---:", "---:"],
    [`row a, over ${CLIENTS.floor.title}`, "≤ 1.50 ×", "1.20 ×", "met"],
    [`row a, over ${CLIENTS["aws-sdk-http1"].title}`, "≤ 0.33 ×", "0.60 ×", "**missed**"],
    ["row b", "≤ 0", "0", "met"],
    ["row c", "≤ 41 kB", "50 kB", "**missed**"],
  ]);
});

test("the table of no goals has a head alone", () => {
  assert.equal(cellsOf(toGoalTable([])).length, 2);
});

const CLAIMED = [
  measured("invoke-1", { dcaf: [10, 30, 20], "aws-sdk-http1": [100, 100, 100] }),
  measured("bulk-stream", { dcaf: [1], "aws-sdk-http1": [8] }),
  measured("first-event", { dcaf: [52.4], "aws-sdk": [104.6] }, { unit: "ms" }),
];

test("the claim is one line in the figures of the run", () => {
  const claim = toClaim(CLAIMED);
  assert.doesNotMatch(claim, /\n|NaN|undefined/);
  assert.match(claim, /\b20 %.*\b13 %.*\b52 ms.*\b105 ms/);
});

test("there is no claim without one of its rows or clients", () => {
  for (const missing of CLAIMED) {
    const others = CLAIMED.filter((row) => row !== missing);
    assert.throws(() => toClaim(others), new RegExp(`needs the row ${missing.id}`));
    const halves = [...others, { ...missing, samples: new Map([["floor" as const, [1]]]) }];
    assert.throws(() => toClaim(halves), new RegExp(`needs the row ${missing.id}`));
  }
});
