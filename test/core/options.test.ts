import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { assertKnownOptions, kindOf, nearestName, readNumber } from "../../src/core/options.ts";

const NAMES = [
  "messages",
  "modelId",
  "maxTokens",
  "temperature",
  "topP",
  "systemPrompt",
  "toolChoice",
];

for (const [given, expected] of [
  ["message", "messages"],
  ["model", "modelId"],
  ["model_id", "modelId"],
  ["max_tokens", "maxTokens"],
  ["maxtokens", "maxTokens"],
  ["top_p", "topP"],
  ["system", "systemPrompt"],
  ["tool_choice", "toolChoice"],
  ["temprature", "temperature"],
  ["xyzzyxyzzy", undefined],
  ["", undefined],
] as const) {
  test(`“${given}” most probably means ${expected ?? "nothing known"}`, () => {
    assert.equal(nearestName(given, NAMES), expected);
  });
}

test("one or two typing mistakes in a long name still find it", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...NAMES.filter((name) => name.length > 6)),
      fc.nat(),
      fc.constantFrom("x", ""),
      (name, position, replacement) => {
        const at = position % name.length;
        const misspelt = name.slice(0, at) + replacement + name.slice(at + 1);
        assert.equal(nearestName(misspelt, NAMES), name);
      },
    ),
  );
});

test("a huge name costs no more than a long one", () => {
  assert.equal(nearestName("x".repeat(1_000_000), NAMES), undefined);
});

test("names inherited from Object.prototype are unknown", () => {
  const options = JSON.parse('{"__proto__":1}') as unknown;
  assert.throws(
    () => assertKnownOptions(options, NAMES, "here"),
    /here: “__proto__” is not a known option/,
  );
  assert.doesNotThrow(() => assertKnownOptions({}, NAMES, "here"));
});

test("kinds are named, values never", () => {
  assert.deepEqual([null, undefined, [], {}, "secret", 1, new Uint8Array(), () => {}].map(kindOf), [
    "null",
    "undefined",
    "a list",
    "an object",
    "a string",
    "a number",
    "bytes",
    "a function",
  ]);
});

test("numbers are held to their bounds", () => {
  assert.equal(readNumber(undefined, "n"), undefined);
  assert.equal(readNumber(0, "n", { min: 0 }), 0);
  for (const value of [Number.NaN, "1", 1.5, -1, Number.POSITIVE_INFINITY]) {
    assert.throws(
      () => readNumber(value, "n", { min: 0, max: 9, integer: true }),
      /n must be a whole number from 0 to 9/,
    );
  }
});
