// Generated `.env` files: everything people and tools write into them, well formed or not.

import fc from "fast-check";

/** The keys the tests set; generated files hold some of them, some twice, some only in comments. */
export const NAMED_KEYS: readonly string[] = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
];

const OTHER_KEYS = ["A", "FOO", "foo.bar", "x-y", "export", "AWS_REGION", "_1"];

const blanks = fc.constantFrom("", "", "", " ", "  ", "\t", "\u00a0");
const lineEnd = fc.constantFrom("\n", "\n", "\n", "\r\n", "\r\n", "\r");
const word = fc.constantFrom(
  "abc",
  "a b",
  "p+q/r==",
  "#",
  "$X",
  "\\n",
  "\\",
  "é",
  "😀",
  "=",
  ":",
  "",
);
const quote = fc.constantFrom("'", '"', "`");

const plainValue = fc.array(word, { maxLength: 3 }).map((words) => words.join(""));
const quotedValue = fc
  .tuple(
    quote,
    fc.array(fc.oneof(word, lineEnd, fc.constantFrom("\\'", '\\"', "A=1")), { maxLength: 5 }),
  )
  .map(([mark, words]) => mark + words.join("") + mark);
const brokenValue = fc
  .tuple(fc.oneof(quote, quotedValue), plainValue, fc.oneof(quote, fc.constant("")))
  .map((parts) => parts.join(""));

const assignment = fc
  .tuple(
    blanks,
    fc.constantFrom("", "", "", "export ", "export\t", "# ", "#"),
    fc.constantFrom(...NAMED_KEYS, ...NAMED_KEYS, ...OTHER_KEYS),
    fc.constantFrom("=", "=", "=", " = ", " =", "= ", ": ", ":", " ", "=\n"),
    fc.oneof(plainValue, plainValue, quotedValue, quotedValue, brokenValue),
    blanks,
    fc.constantFrom("", "", "", "# note", "#'", '# "A=1"'),
  )
  .map((parts) => parts.join(""));

const line = fc.oneof(
  { weight: 6, arbitrary: assignment },
  { weight: 1, arbitrary: fc.constantFrom("", "  ", "# a comment", "#AWS_ACCESS_KEY_ID=no") },
  { weight: 1, arbitrary: fc.string({ maxLength: 12, unit: "binary" }) },
  { weight: 1, arbitrary: brokenValue },
);

/** The text of a file: lines with mixed ends, perhaps a byte order mark, perhaps no last line end. */
export const envText: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("", "", "", "\ufeff"),
    fc.array(fc.tuple(line, lineEnd), { maxLength: 8 }),
    fc.oneof(fc.constant(""), line),
  )
  .map(([mark, lines, last]) => mark + lines.flat().join("") + last);

/** Such a file as bytes, now and then with bytes that are not UTF-8. */
export const envBytes: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    envText,
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(new Uint8Array()) },
      { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 3, min: 0x80 }) },
    ),
    fc.nat(),
  )
  .map(([text, bad, position]) => {
    const bytes = Buffer.from(text, "utf8");
    const cut = position % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, cut), bad, bytes.subarray(cut)]);
  });

/** What AWS hands out: base64 and the like. */
export const awsValue: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(..."AZaz09+/=".split("")), { minLength: 1, maxLength: 12 })
  .map((letters) => letters.join(""));
