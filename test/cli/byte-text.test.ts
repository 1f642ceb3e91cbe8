import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { decodeBytes, encodeText } from "../../src/cli/env-file/byte-text.ts";

test("any bytes come back as they were", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      assert.deepEqual([...encodeText(decodeBytes(bytes))], [...bytes]);
    }),
    { numRuns: 5_000 },
  );
});

test("well-formed text is decoded as UTF-8, its byte order mark kept", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.equal(decodeBytes(Buffer.from(`\ufeff${text}`)), `\ufeff${text}`);
    }),
  );
});

test("bytes that are not UTF-8 stay apart from the text around them", () => {
  const cutCharacter = [0xe2, 0x82];
  const encodedSurrogate = [0xed, 0xa0, 0x80];
  const overlong = [0xc0, 0xaf];
  for (const bad of [cutCharacter, encodedSurrogate, overlong, [0xff]]) {
    const text = decodeBytes(Buffer.from([0x61, ...bad, 0xc3, 0xa9]));
    assert.equal(text.length, bad.length + 2);
    assert.ok(text.startsWith("a") && text.endsWith("é"));
  }
});
