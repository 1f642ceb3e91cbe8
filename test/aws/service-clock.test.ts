import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ServiceClock } from "../../src/aws/service-clock.ts";

const MINUTE_MS = 60_000;
const NOW = Date.parse("2026-05-01T12:00:00Z");

test("a clock that is off is corrected to the second, whichever way", () => {
  fc.assert(
    fc.property(fc.integer({ min: -86_400, max: 86_400 }), (seconds) => {
      const clock = new ServiceClock(() => NOW);
      const date = new Date(NOW + seconds * 1000).toUTCString();
      const isFarOff = Math.abs(seconds * 1000) >= 4 * MINUTE_MS;
      assert.equal(clock.correct(date, 0), isFarOff);
      assert.equal(clock.now(), isFarOff ? NOW + seconds * 1000 : NOW);
    }),
  );
});

test("a call that was signed with the wrong time may go again after another has corrected it", () => {
  const clock = new ServiceClock(() => NOW);
  const date = new Date(NOW + 60 * MINUTE_MS).toUTCString();
  assert.equal(clock.correct(date, 0), true);
  assert.equal(clock.correct(date, 0), true);
  assert.equal(clock.correct(date, clock.offsetMs), false);
});

for (const date of [undefined, "", "soon", "Thu, 99 Foo 2026"]) {
  test(`a date of ${JSON.stringify(date)} corrects nothing`, () => {
    const clock = new ServiceClock(() => NOW);
    assert.equal(clock.correct(date, 0), false);
    assert.equal(clock.now(), NOW);
  });
}
