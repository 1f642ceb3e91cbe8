import assert from "node:assert/strict";
import test from "node:test";
import { toJson } from "../../src/cli/output.ts";

test("bytes are base64 in JSON, wherever they stand", () => {
  const value = { a: [new Uint8Array([1, 2, 255])], b: { c: Buffer.from("hi") }, d: null, e: "ü" };
  assert.deepEqual(JSON.parse(toJson(value)), {
    a: ["AQL/"],
    b: { c: "aGk=" },
    d: null,
    e: "ü",
  });
});
