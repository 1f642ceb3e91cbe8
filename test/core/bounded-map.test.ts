import assert from "node:assert/strict";
import { test } from "node:test";
import { BoundedMap } from "../../src/core/bounded-map.ts";

test("what was set first is forgotten first", () => {
  const map = new BoundedMap<string, number>(2);
  map.set("a", 1).set("b", 2).set("a", 3).set("c", 4);
  assert.deepEqual(
    [...map],
    [
      ["b", 2],
      ["c", 4],
    ],
  );
});
