import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { loneSurrogatesIn } from "../../src/messages/rules/lone-surrogates.ts";

/** Any sequence of UTF-16 code units, half of them surrogates. */
const text = fc
  .array(fc.oneof(fc.nat(0xffff), fc.integer({ min: 0xd800, max: 0xdfff })), { maxLength: 4 })
  .map((units) => String.fromCharCode(...units));

const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    text,
    fc.integer(),
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(text, tie("tree"), { maxKeys: 3 }),
  ),
}));

/** JSON writes a lone surrogate as an escape, and nothing else that begins with `\ud`. */
const countEscaped = (json: string): number => {
  const texts = json.match(/"(?:[^"\\]|\\.)*"/g) ?? [];
  return texts.filter((written) => /(?:^|[^\\])(?:\\\\)*\\ud[89a-f]/.test(written)).length;
};

test("every text that JSON would have to escape is found, and no other", () => {
  fc.assert(
    fc.property(tree, (value) => {
      const paths = loneSurrogatesIn(value);
      assert.equal(paths.length, countEscaped(JSON.stringify(value)));
      assert.ok(paths.every((path) => path.isWellFormed()));
    }),
    { numRuns: 2_000 },
  );
});

test("a name, a value and both are told in their order, and bytes are left alone", () => {
  assert.deepEqual(loneSurrogatesIn({ "a\ud800": 1 }), ["a\ufffd"]);
  assert.deepEqual(
    loneSurrogatesIn({ b: ["\udc00"], "\ud800": "\ud800", bytes: Uint8Array.of(0xd8, 0) }),
    ["b.0", "\ufffd", "\ufffd"],
  );
  assert.deepEqual(loneSurrogatesIn("\ud83d\ude00"), []);
  assert.deepEqual(loneSurrogatesIn("\ud83d"), [""]);
});
