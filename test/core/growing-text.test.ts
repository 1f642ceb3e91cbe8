import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { GrowingText } from "../../src/core/growing-text.ts";

test("is its pieces joined, whenever it is looked at", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ unit: "binary" }), fc.boolean()), { maxLength: 700 }),
      (steps) => {
        const text = new GrowingText();
        let expected = "";
        for (const [piece, isLookedAt] of steps) {
          text.add(piece);
          expected += piece;
          if (isLookedAt) assert.equal(text.toString(), expected);
        }
        assert.equal(text.toString(), expected);
      },
    ),
  );
});
