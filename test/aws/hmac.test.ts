// Codes of our own against those of `node:crypto`.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { HmacSha256 } from "../../src/aws/hmac.ts";

test("any text under any key has the code that node:crypto gives it, however often it is asked", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 64 }),
      fc.array(fc.string({ unit: "binary", maxLength: 300 }), { minLength: 1, maxLength: 3 }),
      (key, texts) => {
        const ours = new HmacSha256(key);
        for (const text of texts) {
          const official = createHmac("sha256", key).update(text).digest("hex");
          assert.equal(ours.sign(text), official);
        }
      },
    ),
  );
});

test("a key that would have to be hashed first is refused", () => {
  assert.throws(() => new HmacSha256(new Uint8Array(65)), RangeError);
});
