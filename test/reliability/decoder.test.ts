// The decoder under damage: no flip of a bit and no random change passes for an answer, however the
// bytes are cut into chunks.

import assert from "node:assert/strict";
import { test } from "node:test";
import { array, assert as assertLaw, constantFrom, double, property, record } from "fast-check";
import { ANSWER, ANSWER_CONTENT, METADATA_OFFSET } from "../../reliability/answer.ts";
import {
  decode,
  isJudgedRightly,
  MUTATION_KINDS,
  mutate,
  tryAllFlips,
} from "../../reliability/decoder.ts";

const fraction = double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** Cuts bytes at fractions of their length. */
function cutInto(bytes: Buffer, fractions: readonly number[]): Buffer[] {
  const cuts = fractions.map((each) => Math.floor(each * bytes.length)).sort((a, b) => a - b);
  return [0, ...cuts].map((start, index) => bytes.subarray(start, cuts[index] ?? bytes.length));
}

test("the answer itself is complete, in any chunks", () => {
  assertLaw(
    property(array(fraction, { maxLength: 20 }), (fractions) => {
      const { verdict, response } = decode(cutInto(ANSWER, fractions));
      assert.equal(verdict, "complete");
      assert.deepEqual((response as { output: object }).output, {
        message: { role: "assistant", content: ANSWER_CONTENT },
      });
    }),
  );
});

test("every single-bit flip is refused", () => {
  assert.deepEqual(tryAllFlips(), { tried: ANSWER.length * 8, wrong: 0 });
});

test("every cut is refused but the one before what the answer cost", () => {
  const complete = [];
  for (let cut = 0; cut < ANSWER.length; cut++) {
    const { verdict } = decode([ANSWER.subarray(0, cut)]);
    assert.notEqual(verdict, "crashed", `cut at ${cut}`);
    if (verdict === "complete") complete.push(cut);
  }
  assert.deepEqual(complete, [METADATA_OFFSET]);
});

test("random changes are refused, in any chunks", () => {
  const mutation = record({
    kind: constantFrom(...MUTATION_KINDS),
    at: fraction,
    length: fraction,
    value: fraction,
  });
  const mutations = array(mutation, { minLength: 1, maxLength: 5 });
  assertLaw(
    property(mutations, array(fraction, { maxLength: 5 }), (changes, fractions) => {
      const damaged = changes.reduce(mutate, ANSWER);
      return isJudgedRightly(damaged, cutInto(damaged, fractions));
    }),
    { numRuns: 5000 },
  );
});
