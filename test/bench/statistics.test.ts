// The arithmetic that every figure of the comparison goes through.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { growthExponent, median, medianRatio } from "../../bench/statistics.ts";

const positive = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
const values = fc.array(positive, { minLength: 1, maxLength: 40 });
/** Rounds, each with a value of both sides and the speed of the machine in it. */
const rounds = fc.array(fc.tuple(positive, positive, positive), { minLength: 1, maxLength: 40 });

function assertClose(actual: number, expected: number): void {
  const allowed = 1e-9 * Math.max(1, Math.abs(expected));
  assert.ok(Math.abs(actual - expected) <= allowed, `${actual} is not ${expected}`);
}

test("the median is the middle value, of an even number the mean of the two, NaN of none", () => {
  assert.equal(median([7]), 7);
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([10, 1, 4, 2]), 3);
  assert.equal(median([100, 20, 3]), 20);
  assert.equal(median([]), Number.NaN);
});

test("half of the values are at most the median, and half at least, in whatever order they come", () => {
  fc.assert(
    fc.property(values, (list) => {
      const middle = median(list);
      assert.ok(list.filter((value) => value <= middle).length >= list.length / 2);
      assert.ok(list.filter((value) => value >= middle).length >= list.length / 2);
      assert.equal(median(list.toReversed()), middle);
      assert.equal(median(list.toSorted()), middle);
    }),
  );
});

test("the values are left as they were", () => {
  const list = [3, 1, 2];
  median(list);
  medianRatio(list, list);
  assert.deepEqual(list, [3, 1, 2]);
});

test("the ratio is taken round by round: one of the medians would be another", () => {
  assert.equal(medianRatio([3, 20, 2], [1, 2, 10]), 3);
  assert.equal(median([3, 20, 2]) / median([1, 2, 10]), 1.5);
});

test("a side that is so many times as large makes the ratio so many times as large", () => {
  fc.assert(
    fc.property(rounds, positive, (list, times) => {
      const [ours, theirs] = [list.map(([one]) => one), list.map(([, other]) => other)];
      const ratio = medianRatio(ours, theirs);
      const scale = (side: readonly number[]) => side.map((value) => value * times);
      assertClose(medianRatio(scale(ours), theirs) / times / ratio, 1);
      assertClose((medianRatio(ours, scale(theirs)) * times) / ratio, 1);
    }),
  );
});

test("what slows both sides of a round down leaves the ratio as it is", () => {
  fc.assert(
    fc.property(rounds, (list) => {
      const [ours, theirs] = [list.map(([one]) => one), list.map(([, other]) => other)];
      const [ourSlow, theirSlow] = [
        list.map(([one, , slowness]) => one * slowness),
        list.map(([, other, slowness]) => other * slowness),
      ];
      assertClose(medianRatio(ourSlow, theirSlow) / medianRatio(ours, theirs), 1);
    }),
  );
});

test("one mad round of an odd number does not decide", () => {
  assert.equal(medianRatio([2, 2, 2e6, 2, 2], [1, 1, 1, 1, 1]), 2);
});

test("points of c·n^e have the exponent e", () => {
  const sizes = fc.uniqueArray(fc.integer({ min: 1, max: 1_000_000 }), {
    minLength: 2,
    maxLength: 12,
  });
  const exponent = fc.double({ min: -3, max: 3, noNaN: true });
  fc.assert(
    fc.property(sizes, exponent, positive, (list, power, factor) => {
      const points = list.map((size) => ({ size, cost: factor * size ** power }));
      const found = growthExponent(points);
      assert.ok(Math.abs(found - power) < 1e-6, `${found} is not ${power}`);
    }),
  );
});

test("a single size has no growth", () => {
  assert.equal(growthExponent([{ size: 10, cost: 3 }]), Number.NaN);
  assert.equal(growthExponent([]), Number.NaN);
});
