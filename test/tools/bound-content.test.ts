import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ToolResultContentBlock } from "../../src/core/content.ts";
import { boundContent } from "../../src/tools/bound-content.ts";
import { MARKER_BYTES, MAX_OUTPUT_BYTES } from "../../src/tools/cut-text.ts";

const IMAGE: ToolResultContentBlock = {
  image: { format: "png", source: { bytes: new Uint8Array([1, 2, 3]) } },
};

/** Texts of no use, and others whose size tells most about what becomes of them. */
const text = fc.oneof(
  fc.constantFrom("", " \n\t ", "a", "漢字"),
  fc
    .tuple(fc.constantFrom("a", "é", "漢", "😀"), fc.nat({ max: 90_000 }))
    .map(([character, count]) => character.repeat(count)),
);

const block: fc.Arbitrary<ToolResultContentBlock> = fc.oneof(
  fc.record({ text }),
  fc.record({
    json: fc.oneof(
      fc.record({ a: text }),
      fc.array(text, { maxLength: 3 }),
      text,
      fc.constant(null),
    ),
  }),
  fc.constant(IMAGE),
);

/** What a model is to read of a block. */
function textOf({ text, json }: ToolResultContentBlock): string {
  if (text === undefined && json === undefined) return "";
  const written = text ?? (typeof json === "string" ? json : JSON.stringify(json));
  return written.trim() === "" ? "(no output)" : written;
}

function bytesOf(content: readonly ToolResultContentBlock[]): number {
  return content.reduce((sum, each) => sum + Buffer.byteLength(textOf(each)), 0);
}

test("text and JSON have 256 KiB together; what goes beyond is cut visibly, and media stay", () => {
  fc.assert(
    fc.property(fc.array(block, { minLength: 1, maxLength: 8 }), (blocks) => {
      const content = boundContent(blocks);
      const isCut = bytesOf(blocks) > MAX_OUTPUT_BYTES;
      const whole = blocks.map(textOf).join("");
      const shown = content.map(textOf).join("");
      assert.equal(shown.split("\n[Cut: ").length, isCut ? 2 : 1);
      assert.ok(bytesOf(content) <= MAX_OUTPUT_BYTES, `${bytesOf(content)} bytes`);
      const imagesIn = (list: readonly ToolResultContentBlock[]) =>
        list.filter(({ image }) => image);
      assert.deepEqual(imagesIn(content), imagesIn(blocks));
      if (!isCut) return assert.equal(shown, whole);
      assert.ok(bytesOf(content) > MAX_OUTPUT_BYTES - MARKER_BYTES, `${bytesOf(content)} bytes`);
      const kept = shown.slice(0, shown.indexOf("\n[Cut: "));
      assert.ok(whole.startsWith(kept), "What is shown is not the beginning.");
    }),
    { numRuns: 60 },
  );
});

for (const [what, given, expected] of [
  ["a text", { text: "a" }, { text: "a" }],
  ["no text", { text: "" }, { text: "(no output)" }],
  ["blank text", { text: " \n" }, { text: "(no output)" }],
  ["an object", { json: { a: [1] } }, { json: { a: [1] } }],
  ["an empty object", { json: {} }, { json: {} }],
  ["a list", { json: [1, "a"] }, { text: '[1,"a"]' }],
  ["a text as JSON", { json: "a" }, { text: "a" }],
  ["a number", { json: 0 }, { text: "0" }],
  ["null", { json: null }, { text: "null" }],
  ["an image", IMAGE, IMAGE],
] as const) {
  test(`${what} becomes ${JSON.stringify(expected)}`, () => {
    const content = boundContent([given as ToolResultContentBlock]);
    assert.deepEqual(content, [expected]);
    assert.notEqual(content[0], given);
  });
}

test("a text that is cut tells how much of it is shown", () => {
  const [{ text = "" } = {}] = boundContent([{ text: "a".repeat(300_000) }]);
  assert.match(text, /a\n\[Cut: the first 262016 of 300000 characters are shown\.\]$/);
});

test("of JSON that is cut nobody knows how much there would have been", () => {
  const [{ text = "", json } = {}] = boundContent([{ json: { a: "a".repeat(300_000) } }]);
  assert.equal(json, undefined);
  assert.match(text, /^\{"a":"aaa/);
  assert.match(text, /a\n\[Cut: the first 262016 characters are shown\.\]$/);
});

test("a hundred thousand blocks are no more than the limit", () => {
  const content = boundContent(new Array(100_000).fill({ text: "twelve bytes" }));
  assert.ok(bytesOf(content) <= MAX_OUTPUT_BYTES, `${bytesOf(content)} bytes`);
  assert.match(content.at(-1)?.text ?? "", /characters are shown/);
});

test("what follows a cut is not looked at", () => {
  const json = { toJSON: () => assert.fail("It was looked at.") };
  const content = boundContent([{ text: "a".repeat(300_000) }, { json } as never, IMAGE]);
  assert.equal(content.length, 2);
});

test("bytes of media are a copy", () => {
  const bytes = Buffer.from([1, 2, 3]);
  const [copied] = boundContent([{ image: { format: "png", source: { bytes } } }]);
  bytes.fill(0);
  assert.deepEqual(copied?.image?.source.bytes, new Uint8Array([1, 2, 3]));
});
