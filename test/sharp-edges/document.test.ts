// docs/sharp-edges.md is held to what it says: its rows are the tests of this folder, one for one.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const FOLDER = "test/sharp-edges";
const EDGES = 67;

/** What a row without a test must say. */
const NEEDS_NO_TEST = /does not apply|left to the caller/;

const DOCUMENT = readFileSync("docs/sharp-edges.md", "utf8");

/** The rows of all tables, in order: number, edge, answer, references. */
const ROWS = DOCUMENT.split("\n")
  .filter((line) => /^\| +\d+ +\|/.test(line))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

const TESTS = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => readFileSync(`${FOLDER}/${name}`, "utf8"))
  .join("\n");

/** The numbers that names of tests begin with. */
const TESTED = new Set(
  [...TESTS.matchAll(/["'`]edge (\d+): \S/g)].map(([, number]) => Number(number)),
);

test("the rows are numbered from 1 to 67, and each has all of its cells", () => {
  assert.deepEqual(
    ROWS.map(([, number]) => Number(number)),
    Array.from({ length: EDGES }, (_, index) => index + 1),
  );
  for (const [, number, ...cells] of ROWS) {
    assert.equal(cells.length, 4, `row ${number} has a cell too many or too few`);
    for (const cell of cells.slice(0, 3)) assert.notEqual(cell, "", `row ${number}`);
  }
});

test("each row has a test of its number, or says why it has none", () => {
  const missing = ROWS.filter(
    ([, number, , answer = ""]) => !TESTED.has(Number(number)) && !NEEDS_NO_TEST.test(answer),
  );
  assert.deepEqual(
    missing.map(([, number]) => number),
    [],
  );
});

test("each test has its row", () => {
  const rows = new Set(ROWS.map(([, number]) => Number(number)));
  assert.deepEqual(
    [...TESTED].filter((number) => !rows.has(number)),
    [],
  );
});

test("each reference is a link to a public place that reads like one", () => {
  for (const [, number, , , references = ""] of ROWS) {
    const links = [...references.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)];
    assert.ok(links.length > 0, `row ${number}`);
    for (const [, text = "", url = ""] of links) {
      const issue = /^https:\/\/github\.com\/([\w.-]+\/[\w.-]+)\/issues\/(\d+)$/.exec(url);
      if (issue !== null) assert.equal(text, `${issue[1]}#${issue[2]}`);
      else assert.match(url, /^https:\/\/docs\.aws\.amazon\.com\//, `row ${number}`);
    }
  }
});

test("each rule it names is shown by a test", () => {
  const rules = [...DOCUMENT.matchAll(/\(`([a-z]+(?:-[a-z]+)+)`\)/g)].map(([, rule]) => rule);
  assert.ok(rules.length > 0);
  assert.deepEqual(
    rules.filter((rule) => !TESTS.includes(`"${rule}"`)),
    [],
  );
});
