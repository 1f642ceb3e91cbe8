import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { CacheDetail, TokenUsage } from "../../src/core/converse-response.ts";
import { addUsage } from "../../src/core/usage.ts";

const ZERO: TokenUsage = { inputTokens: 0, outputTokens: 0, totalTokens: 0 };

const count = fc.nat(1_000_000_000);
const detail = fc.record({
  // The service may add times to live that nobody knows yet.
  ttl: fc.constantFrom("5m", "1h", "30m", "24h") as fc.Arbitrary<CacheDetail["ttl"]>,
  inputTokens: count,
});
const usage: fc.Arbitrary<TokenUsage> = fc.record(
  {
    inputTokens: count,
    outputTokens: count,
    totalTokens: count,
    cacheReadInputTokens: count,
    cacheWriteInputTokens: count,
    // As the service tells them: each time to live once, the longest first.
    cacheDetails: fc
      .uniqueArray(detail, { selector: ({ ttl }) => ttl })
      .map((details) => addUsage(ZERO, { ...ZERO, cacheDetails: details }).cacheDetails ?? []),
  },
  { requiredKeys: ["inputTokens", "outputTokens", "totalTokens"], noNullPrototype: true },
);

test("the order of the calls does not matter, nor what is added first", () => {
  fc.assert(
    fc.property(usage, usage, usage, (a, b, c) => {
      assert.deepStrictEqual(addUsage(a, b), addUsage(b, a));
      assert.deepStrictEqual(addUsage(addUsage(a, b), c), addUsage(a, addUsage(b, c)));
    }),
  );
});

test("nothing adds nothing, and neither usage is changed", () => {
  fc.assert(
    fc.property(usage, usage, (a, b) => {
      assert.deepStrictEqual(addUsage(a, ZERO), a);
      const [wasA, wasB] = [structuredClone(a), structuredClone(b)];
      addUsage(a, b).cacheDetails?.push({ ttl: "5m", inputTokens: 1 });
      assert.deepStrictEqual([a, b], [wasA, wasB]);
    }),
  );
});

test("every count is the sum, and what both lack stays absent", () => {
  const first: TokenUsage = {
    inputTokens: 1,
    outputTokens: 2,
    totalTokens: 3,
    cacheWriteInputTokens: 30,
    cacheDetails: [{ ttl: "5m", inputTokens: 30 }],
  };
  const second: TokenUsage = {
    inputTokens: 10,
    outputTokens: 20,
    totalTokens: 30,
    cacheWriteInputTokens: 70,
    cacheDetails: [
      { ttl: "1h", inputTokens: 50 },
      { ttl: "5m", inputTokens: 20 },
    ],
  };
  assert.deepStrictEqual(addUsage(first, second), {
    inputTokens: 11,
    outputTokens: 22,
    totalTokens: 33,
    cacheWriteInputTokens: 100,
    cacheDetails: [
      { ttl: "1h", inputTokens: 50 },
      { ttl: "5m", inputTokens: 50 },
    ],
  });
  assert.deepStrictEqual(addUsage(ZERO, ZERO), ZERO);
});
