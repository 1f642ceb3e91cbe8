import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { faultOfInput } from "../../src/tools/input-limits.ts";

const MIB = 1024 * 1024;

/** An object nested `depth` deep, in objects and lists by turns. */
function nested(depth: number): unknown {
  return JSON.parse(
    Array.from({ length: depth }, (_, level) => (level % 2 === 0 ? '{"a":' : "[")).join("") +
      "1" +
      Array.from({ length: depth }, (_, level) => ((depth - level) % 2 === 1 ? "}" : "]")).join(""),
  );
}

/** An input whose JSON text has so many bytes. */
function sized(bytes: number, character = "a"): { a: string } {
  const room = bytes - '{"a":""}'.length;
  const each = Buffer.byteLength(character);
  return { a: character.repeat(Math.floor(room / each)) + "b".repeat(room % each) };
}

const CUT = /not complete JSON, or no object: it was cut off or is malformed/;
const NO_OBJECT = /must be a JSON object/;
const DEEP = /nested more than 64 deep/;
const LARGE = /at most 1048576 bytes \(1 MiB\) are accepted/;
const NUMBER = /holds a number that is too large/;

for (const [what, input, expected] of [
  ["an empty object", {}, undefined],
  ["an object", { a: [1, "two", { three: null }], b: true }, undefined],
  ["a fragment of JSON", '{"a":', CUT],
  ["the empty fragment of a broken stream", "", CUT],
  ["a list", [{ a: 1 }], NO_OBJECT],
  ["null", null, NO_OBJECT],
  ["a number", 7, NO_OBJECT],
  ["a boolean", true, NO_OBJECT],
  ["nothing", undefined, NO_OBJECT],
  ["1e999", JSON.parse('{"a":[{"b":1e999}]}'), NUMBER],
  ["-1e999", JSON.parse('{"a":-1e999}'), NUMBER],
  ["the largest number there is", { a: Number.MAX_VALUE }, undefined],
  ["64 levels", nested(64), undefined],
  ["65 levels", nested(65), DEEP],
  ["1 MiB", sized(MIB), undefined],
  ["1 MiB and a byte", sized(MIB + 1), LARGE],
  ["1 MiB in characters of three bytes", sized(MIB, "漢"), undefined],
  ["1 MiB and a byte in characters of three bytes", sized(MIB + 1, "漢"), LARGE],
  ["a lone surrogate", JSON.parse('{"a":"\\ud800"}'), undefined],
  ["a key named __proto__", JSON.parse('{"__proto__":{"polluted":true}}'), undefined],
  ["a number too large below a key named __proto__", JSON.parse('{"__proto__":[1e999]}'), NUMBER],
] as const) {
  test(`${what} is ${expected === undefined ? "accepted" : "told to be at fault"}`, () => {
    const before = structuredClone(input);
    const fault = faultOfInput(input);
    if (expected === undefined) assert.equal(fault, undefined);
    else assert.match(fault ?? "", expected);
    assert.deepEqual(input, before);
    assert.equal(Object.hasOwn(Object.prototype, "polluted"), false);
  });
}

/** A list that holds a list twice, that holds a list twice …: few objects, and 2^60 ways through them. */
function shared(): unknown {
  let list: unknown[] = [];
  for (let level = 0; level < 60; level++) list = [list, list];
  return list;
}

function cyclic(): unknown {
  const list: unknown[] = [];
  list.push(list);
  return list;
}

const HOSTILE: readonly (readonly [what: string, make: () => unknown, expected: RegExp])[] = [
  ["100,000 lists inside of each other", () => nested(100_000), DEEP],
  ["10 million members", () => new Array(10_000_000).fill(0), LARGE],
  [
    "200,000 keys",
    () => Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`key${index}`, 1])),
    LARGE,
  ],
  ["a text of 200 million characters that all need escaping", () => "\u0000".repeat(2e8), LARGE],
  ["a list of four thousand million holes", () => new Array(2 ** 32 - 1), LARGE],
  ["objects that stand at very many places", shared, LARGE],
  ["something that holds itself", cyclic, DEEP],
];

for (const [what, make, expected] of HOSTILE) {
  test(`${what}: no more is looked at than an input may hold`, () => {
    assert.match(faultOfInput({ a: make() }) ?? "", expected);
  });
}

test("an input is accepted exactly when its JSON has at most 1 MiB", () => {
  const piece = fc.constantFrom("a", "漢", '"', "\u0000", "😀", "\ud800");
  const input = fc.record({
    near: fc.integer({ min: -40, max: 40 }),
    pieces: fc.array(piece, { maxLength: 20 }),
    values: fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 5 }),
  });
  fc.assert(
    fc.property(input, ({ near, pieces, values }) => {
      const inner = { [pieces.join("")]: values, text: "" };
      const rest = Buffer.byteLength(JSON.stringify(inner));
      const given = { ...inner, text: "x".repeat(MIB - rest + near) };
      const bytes = Buffer.byteLength(JSON.stringify(given));
      assert.equal(faultOfInput(given) === undefined, bytes <= MIB);
    }),
    { numRuns: 40 },
  );
});
