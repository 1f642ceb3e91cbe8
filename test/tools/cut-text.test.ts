import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cutAfter, cutText, MARKER_BYTES, MAX_OUTPUT_BYTES } from "../../src/tools/cut-text.ts";

const MARKER = /\n\[Cut: the first (\d+) of (\d+) characters are shown\.\]$/;

/** Whole characters of every width, and halves of some. */
const text = fc
  .array(fc.constantFrom("a", "\n", "é", "漢", "👩‍👩‍👧", "\ud83d", "\ude00", "\ufffd"), {
    maxLength: 300,
  })
  .map((characters) => characters.join(""));

test("a text within the limit is left as it is, and any other is cut to it and says so", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: MARKER_BYTES, max: 700 }), (given, maxBytes) => {
      const cut = cutText(given, maxBytes);
      assert.ok(Buffer.byteLength(cut) <= maxBytes, cut);
      if (Buffer.byteLength(given) <= maxBytes) return assert.equal(cut, given);
      const [marker, shown, all] = MARKER.exec(cut) ?? assert.fail("There is no marker.");
      const kept = cut.slice(0, -marker.length);
      assert.equal(kept.length, Number(shown));
      assert.equal(given.length, Number(all));
    }),
  );
});

test("what is kept is the longest beginning that fits, without half of a character", () => {
  fc.assert(
    fc.property(text, fc.nat({ max: 300 }), (given, maxBytes) => {
      const cut = cutAfter(given, maxBytes, given.length);
      const kept = cut.slice(0, cut.lastIndexOf("\n[Cut"));
      // A half that was there before is visible as one.
      assert.equal(kept, given.slice(0, kept.length).toWellFormed());
      const [next = ""] = given.slice(kept.length);
      const isAll = kept.length === given.length;
      assert.ok(isAll || Buffer.byteLength(kept + next) > maxBytes, kept);
      assert.ok(Buffer.byteLength(kept) <= maxBytes, kept);
    }),
  );
});

for (const [what, given, isCut] of [
  ["the limit in characters of one byte", "a".repeat(MAX_OUTPUT_BYTES), false],
  ["one character more", "a".repeat(MAX_OUTPUT_BYTES + 1), true],
  ["the limit in characters of three bytes", "漢".repeat(MAX_OUTPUT_BYTES / 3), false],
  ["a third of the limit and one character", "漢".repeat(MAX_OUTPUT_BYTES / 3 + 1), true],
  ["no character at all", "", false],
] as const) {
  test(`256 KiB of UTF-8 are shown: ${what} is ${isCut ? "cut" : "whole"}`, () => {
    const cut = cutText(given);
    assert.equal(MARKER.test(cut), isCut);
    const bytes = Buffer.byteLength(cut);
    assert.ok(bytes <= MAX_OUTPUT_BYTES, `${bytes} bytes`);
    if (isCut) assert.ok(bytes > MAX_OUTPUT_BYTES - MARKER_BYTES, `${bytes} bytes`);
    else assert.equal(cut, given);
  });
}

test("the marker tells how much there is only where that is known", () => {
  assert.equal(cutAfter("abcdef", 4, 6), "abcd\n[Cut: the first 4 of 6 characters are shown.]");
  assert.equal(cutAfter("abcdef", 4), "abcd\n[Cut: the first 4 characters are shown.]");
});

test("the marker fits into the room it is given, whatever the numbers", () => {
  const marker = cutAfter("", 0, Number.MAX_SAFE_INTEGER);
  assert.ok(Buffer.byteLength(marker) + 2 * 16 <= MARKER_BYTES, marker);
});
