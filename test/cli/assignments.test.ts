import assert from "node:assert/strict";
import test from "node:test";
import { parse } from "dotenv";
import fc from "fast-check";
import { assignmentsOf } from "../../src/cli/env-file/assignments.ts";
import { envText } from "./env-file-samples.ts";

test("each assignment is found with its value, its place and its quotes", () => {
  const text = "# A=0\r\nexport A = 'x y' # note\r\nB=\r\nC: p\\n\r\nD=\"1\r\n2\\n\"\r\n";
  const found = assignmentsOf(text).map((assignment) => ({
    ...assignment,
    written: text.slice(assignment.start, assignment.end),
  }));
  assert.deepEqual(
    found.map(({ key, value, quote, written }) => [key, value, quote, written]),
    [
      ["A", "x y", "'", "'x y'"],
      ["B", "", "", ""],
      ["C", "p\\n", "", "p\\n"],
      ["D", "1\n2\n", '"', '"1\r\n2\\n"'],
    ],
  );
});

test("an empty value stands right behind its sign", () => {
  for (const text of ["A=", "A=  ", "A= # note", "A =\t#", "export A=\n\nB=1"]) {
    assert.equal(assignmentsOf(text)[0]?.start, text.indexOf("=") + 1, text);
  }
});

test("on any text the assignments, the last of each key winning, are what dotenv reads", () => {
  fc.assert(
    fc.property(fc.oneof(envText, fc.string({ unit: "binary" })), (text) => {
      const values = Object.fromEntries(assignmentsOf(text).map(({ key, value }) => [key, value]));
      assert.deepEqual(values, { ...parse(text) });
    }),
    { numRuns: 10_000 },
  );
});

test("the text between start and end is the whole value and nothing else", () => {
  fc.assert(
    fc.property(envText, (text) => {
      for (const { start, end, value, quote } of assignmentsOf(text)) {
        const written = text.slice(start, end);
        assert.equal(written, written.trim());
        const bare = quote === "" ? written : written.slice(1, -1);
        if (!/[\\\r\u2028\u2029]/.test(bare)) assert.equal(bare, value);
      }
    }),
    { numRuns: 10_000 },
  );
});
