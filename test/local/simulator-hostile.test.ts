// Schemas that demand more than can be made: each is answered, without a hang and within bounds.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { UnknownRecord } from "../../src/core/json.ts";
import { toArguments } from "../../src/local/simulator-arguments.ts";
import { Budget } from "../../src/local/simulator-budget.ts";
import { toMentions } from "../../src/local/simulator-mentions.ts";

/** Twice the budget, as JSON escapes and punctuates. */
const MAX_JSON_CHARACTERS = 2 * 1024 * 1024;

function argue(schema: UnknownRecord, prompt = "Go"): Record<string, unknown> {
  const made = toArguments(schema, toMentions(prompt), new Budget());
  assert.ok(JSON.stringify(made).length <= MAX_JSON_CHARACTERS);
  return made;
}

function argueOne(schema: UnknownRecord, prompt?: string): unknown {
  return argue({ type: "object", required: ["q"], properties: { q: schema } }, prompt)["q"];
}

const times = <Value>(count: number, make: (index: number) => Value) =>
  Array.from({ length: count }, (_, index) => make(index));
const BACKTRACKING = { type: "string", pattern: "^(a|aa)+$" };
const BACKTRACKED = `x ${"a".repeat(60)}.b`;

test("a pattern that backtracks without end is given up", () => {
  assert.equal(argueOne(BACKTRACKING, BACKTRACKED), "a");
  assert.equal(argueOne({ type: "string", pattern: "^(a+)+$" }, BACKTRACKED), "a");
});

test("many patterns that backtrack have one time limit", () => {
  const names = times(20_000, (index) => `q${index}`);
  const properties = Object.fromEntries(names.map((name) => [name, BACKTRACKING]));
  const made = argue({ type: "object", required: names, properties }, BACKTRACKED);
  assert.equal(Object.keys(made).length, names.length);
});

test("a pattern that only a huge text fits gets another text", () => {
  for (const pattern of ["(((z{256}){256}){256}){16}", "^((x{256}){256}){256}$"]) {
    assert.equal(argueOne({ type: "string", pattern }), "example");
  }
  const deep = `${"(".repeat(3_000)}a${")".repeat(3_000)}`;
  assert.equal(typeof argueOne({ type: "string", pattern: deep }), "string");
});

test("lists of long texts end with the budget", () => {
  const texts = { type: "array", minItems: 1_000, items: { type: "string", minLength: 100_000 } };
  const list = argueOne(texts) as string[];
  assert.ok(list.length < 1_000);
  assert.equal(list[0]?.length, 100_000);
  argueOne({ type: "array", minItems: 10, items: texts });
  argueOne({ type: "array", minItems: 1_000, items: { const: "y".repeat(10_000) } });
});

test("unique items are found without trying any twice", () => {
  const unique = (items: UnknownRecord) =>
    argueOne({ type: "array", minItems: 1_000, uniqueItems: true, items }) as unknown[];
  for (const items of [
    { type: "string" },
    { type: "string", minLength: 500 },
    { type: "integer" },
  ]) {
    const list = unique(items);
    assert.equal(list.length, 1_000);
    assert.equal(new Set(list).size, 1_000);
  }
  unique({ type: "string", minLength: 2_000 });
  unique({ const: "y".repeat(10_000) });
  assert.equal(new Set(unique({ enum: times(100_000, (index) => `w${index}`) })).size, 1_000);
});

test("a prompt is searched once, however many properties ask", () => {
  const names = times(20_000, (index) => `file${index}`);
  const emails = names.map((name) => [name, { type: "string", format: "email" }]);
  assert.deepEqual(
    argue({ type: "object", properties: Object.fromEntries(emails) }, `x ${"a.".repeat(4_900)}`),
    {},
  );
  argue({ type: "object", required: names }, "a/".repeat(5_000));
  const queries = times(20_000, (index) => `query${index}`);
  argue({ type: "object", required: queries }, `x${".".repeat(9_990)}y`);
});

test("a list of objects with long names ends with the budget", () => {
  const required = times(10, (index) => `${index}`.repeat(10_000));
  argueOne({ type: "array", minItems: 1_000, items: { type: "object", required } });
});
