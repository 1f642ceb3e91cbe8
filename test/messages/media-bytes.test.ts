import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  base64LengthOf,
  byteLengthOf,
  imageFormatOf,
} from "../../src/messages/rules/media-bytes.ts";

const SIGNATURES = [
  ["png", "\x89PNG\r\n\x1a\n0000"],
  ["jpeg", "\xff\xd8\xff\xe000000000"],
  ["gif", "GIF87a000000"],
  ["gif", "GIF89a000000"],
  ["webp", "RIFF\x01\x02\x03\x04WEBPVP8 "],
  [undefined, "RIFF\x01\x02\x03\x04WAVEfmt "],
  [undefined, "%PDF-1.7"],
  [undefined, "G"],
  [undefined, ""],
] as const;

test("bytes and their base64 have the same length", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const base64 = Buffer.from(bytes).toString("base64");
      assert.equal(byteLengthOf(bytes), bytes.length);
      assert.equal(byteLengthOf(base64), bytes.length);
      assert.equal(base64LengthOf(bytes.length), base64.length);
    }),
  );
});

test("an image is known by its first bytes, in either form and however short", () => {
  for (const [format, head] of SIGNATURES) {
    const bytes = Buffer.from(head, "latin1");
    assert.equal(imageFormatOf(bytes), format, head);
    assert.equal(imageFormatOf(bytes.toString("base64")), format, head);
    assert.equal(imageFormatOf(Buffer.concat([bytes, bytes]).toString("base64")), format, head);
  }
});

test("what is neither bytes nor text has no length and no format", () => {
  for (const value of [undefined, null, 1, {}, [1]]) {
    assert.equal(byteLengthOf(value), undefined);
    assert.equal(imageFormatOf(value), undefined);
  }
});
