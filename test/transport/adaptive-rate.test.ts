// Adaptive mode against the official rate limiter, step by step on one clock.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DefaultRateLimiter } from "@smithy/core/retry";
import fc from "fast-check";
import { AdaptiveRate } from "../../src/transport/adaptive-rate.ts";

const START_MS = 1_000_000;

/** What the official limiter keeps to itself. */
interface Inside {
  enabled: boolean;
  fillRate: number;
  getCurrentTimeInSeconds(): number;
}

/** The official limiter on a clock of ours, with its rate made visible. */
function officialRate(clock: { nowMs: number }): { limiter: DefaultRateLimiter; rate(): number } {
  // Its constructor asks the time too.
  const realNow = Date.now;
  Date.now = () => clock.nowMs;
  try {
    const limiter = new DefaultRateLimiter();
    const inside = limiter as unknown as Inside;
    inside.getCurrentTimeInSeconds = () => clock.nowMs / 1000;
    return { limiter, rate: () => (inside.enabled ? inside.fillRate : Number.POSITIVE_INFINITY) };
  } finally {
    Date.now = realNow;
  }
}

test("any course of answers and throttles leads to the official rate", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ afterMs: fc.nat({ max: 2000 }), throttled: fc.boolean() }), {
        minLength: 1,
        maxLength: 80,
      }),
      (steps) => {
        const clock = { nowMs: START_MS };
        const official = officialRate(clock);
        const ours = new AdaptiveRate(START_MS);
        for (const { afterMs, throttled } of steps) {
          clock.nowMs += afterMs;
          const errorType = throttled ? "THROTTLING" : "TRANSIENT";
          official.limiter.updateClientSendingRate({ errorType, error: new Error() });
          ours.record(throttled, clock.nowMs);
          const difference = Math.abs(ours.requestsPerSecond - official.rate());
          assert.ok(
            ours.requestsPerSecond === official.rate() ||
              difference <= 1e-5 * official.rate() + 1e-6,
            `${ours.requestsPerSecond} is not ${official.rate()}`,
          );
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("nothing waits before the first throttle", () => {
  const rate = new AdaptiveRate(START_MS);
  for (let request = 0; request < 1000; request++) assert.equal(rate.reserve(START_MS), 0);
});

test("after a throttle, requests leave one after the other at the learnt rate", () => {
  const rate = new AdaptiveRate(START_MS);
  let now = START_MS;
  for (let answer = 0; answer < 40; answer++) {
    now += 100;
    rate.record(false, now);
  }
  rate.record(true, now);
  const intervalMs = 1000 / rate.requestsPerSecond;
  const waits = Array.from({ length: 20 }, () => rate.reserve(now)).filter((wait) => wait > 0);
  assert.ok(waits.length > 5, "the bucket runs dry");
  for (const [index, wait] of waits.slice(1).entries()) {
    const gap = wait - (waits[index] ?? 0);
    assert.ok(Math.abs(gap - intervalMs) < 1e-6, `${gap} ms is not ${intervalMs} ms`);
  }
});
