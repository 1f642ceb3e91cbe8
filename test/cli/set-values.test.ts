import assert from "node:assert/strict";
import test from "node:test";
import { parseEnv } from "node:util";
import { parse } from "dotenv";
import fc from "fast-check";
import { assignmentsOf } from "../../src/cli/env-file/assignments.ts";
import { decodeBytes, encodeText } from "../../src/cli/env-file/byte-text.ts";
import { setValues } from "../../src/cli/env-file/set-values.ts";
import { CommandError } from "../../src/cli/failures.ts";
import { awsValue, envBytes, NAMED_KEYS } from "./env-file-samples.ts";

const table: [title: string, text: string, values: Record<string, string>, expected: string][] = [
  ["an empty file gets the keys in the order given", "", { B: "1", A: "2" }, "B=1\nA=2\n"],
  [
    "quotes are kept",
    `A='x'\nB="x"\nC=\`x\`\n`,
    { A: "1", B: "2", C: "3" },
    `A='1'\nB="2"\nC=\`3\`\n`,
  ],
  [
    "quotes change only if they must",
    `A='x'\nB=x\n`,
    { A: "it's", B: "a b" },
    `A="it's"\nB='a b'\n`,
  ],
  [
    "export, blanks and a note stay",
    "  export A = x  # note\n",
    { A: "1" },
    "  export A = 1  # note\n",
  ],
  ["an empty value is filled", "A=\nB= # note\n", { A: "1", B: "2" }, "A=1\nB=2 # note\n"],
  ["every duplicate is set", "A=1\nB=2\nA='3'\n", { A: "4" }, "A=4\nB=2\nA='4'\n"],
  ["a comment is no key", "# A=1\n#A=2\n", { A: "3" }, "# A=1\n#A=2\nA=3\n"],
  ["a line inside a value is no key", 'K="\nA=1\n"\n', { A: "3" }, 'K="\nA=1\n"\nA=3\n'],
  ["a multi-line value can be set", 'K="a\nb" # c\nL=1\n', { K: "x" }, 'K="x" # c\nL=1\n'],
  ["a last line gets its end first", "# x\r\nA=1", { B: "2" }, "# x\r\nA=1\r\nB=2\r\n"],
  [
    "the most frequent line end is used",
    "A=1\nB=2\r\nC=3\r\n",
    { D: "4" },
    "A=1\nB=2\r\nC=3\r\nD=4\r\n",
  ],
  ["a byte order mark stays first", "\ufeffA=1", { A: "2", B: "3" }, "\ufeffA=2\nB=3\n"],
  ["the colon form is known", "A: 1\n", { A: "2" }, "A: 2\n"],
  ["a last line that would take the new one is left last", "A:", { B: "2" }, "B=2\nA:"],
  ["an equal value is not touched", `A='x'\nB="x"`, { A: "x", B: "x" }, `A='x'\nB="x"`],
];

for (const [title, text, values, expected] of table) {
  test(title, () => {
    assert.equal(setValues(text, values), expected);
    assert.deepEqual({ ...parse(expected) }, { ...parse(text), ...values });
  });
}

test("an open quote further up does not swallow the edited line", () => {
  const text = `X="open\nA="old"\nY=2"\n`;
  const edited = setValues(text, { A: "new" });
  assert.deepEqual({ ...parse(edited) }, { ...parse(text), A: "new" });
});

test("a value with control characters is refused without being shown", () => {
  for (const value of ["canary\nB=1", "canary\r", "canary\0", "canary\u2028", "canary\ud800"]) {
    assert.throws(
      () => setValues("", { A: value }),
      (error) => error instanceof CommandError && !error.message.includes("canary"),
    );
  }
  assert.throws(() => setValues("", { "A B": "1" }), CommandError);
});

test("Node reads typical files after an edit as dotenv does", () => {
  const text = `# keys\nexport A="1"\nB='2' # two\nC=3\n\nK="-----BEGIN\nabc\n-----END"\n`;
  const edited = setValues(text, { A: "a+/=", C: "c+/=", D: "d+/=" });
  assert.deepEqual({ ...parseEnv(edited) }, { ...parse(edited) });
});

const namedValues = fc
  .tuple(fc.subarray([...NAMED_KEYS], { minLength: 1 }), awsValue, awsValue, awsValue)
  .map(([keys, ...values]) => Object.fromEntries(keys.map((key, i) => [key, values[i] as string])));

test("dotenv reads the new values and all others unchanged, and a second edit changes nothing", () => {
  fc.assert(
    fc.property(envBytes, namedValues, (bytes, values) => {
      const edited = setValues(decodeBytes(bytes), values);
      const after = Buffer.from(encodeText(edited));
      assert.deepEqual({ ...parse(after) }, { ...parse(Buffer.from(bytes)), ...values });
      assert.equal(setValues(edited, values), edited);
    }),
    { numRuns: 12_000 },
  );
});

test("outside the named values no byte differs", () => {
  fc.assert(
    fc.property(envBytes, namedValues, (bytes, values) => {
      const text = decodeBytes(bytes);
      const present = new Set(assignmentsOf(text).map(({ key }) => key));
      const entries = Object.entries(values);
      const known = Object.fromEntries(entries.filter(([key]) => present.has(key)));
      const edited = setValues(text, known);
      assert.deepEqual(withoutValues(edited, known), withoutValues(text, known));
      const extended = setValues(edited, values);
      assert.ok(extended.startsWith(edited) || extended.endsWith(edited.replace(/^\ufeff/, "")));
    }),
    { numRuns: 12_000 },
  );
});

function withoutValues(text: string, values: Record<string, string>): Buffer {
  const kept: string[] = [];
  let position = 0;
  for (const { key, start, end } of assignmentsOf(text)) {
    if (!(key in values)) continue;
    kept.push(text.slice(position, start));
    position = end;
  }
  return Buffer.from(encodeText(kept.join("\0") + text.slice(position)));
}
