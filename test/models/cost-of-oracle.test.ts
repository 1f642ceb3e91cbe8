// Costs against the package the table was made from, wherever its way of finding a price is sound.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { calcPrice, findProvider } from "@pydantic/genai-prices";
import fc from "fast-check";
import { costOf } from "../../src/models/cost-of.ts";
import { PRICE_GROUPS } from "../../src/models/price-table.ts";

const PREFIXES = ["", "us", "eu", "apac", "ap", "jp", "au", "ca", "in", "us-gov", "global"];
const NOTHING = { inputTokens: 0, outputTokens: 0 };

/** Every id that can be made of the package's entries and has a price here. */
const IDS = (findProvider({ providerId: "aws" })?.models ?? []).flatMap(({ id }) => {
  const base = id.replace(/^(?:global|regional)\./, "");
  const ids = PREFIXES.map((prefix) => (prefix === "" ? base : `${prefix}.${base}`));
  return ids.filter((candidate) => costOf(NOTHING, candidate) !== undefined);
});

/** Claude that takes cache points of an hour; there the package mostly lacks their price. */
const LONG_WRITES = /claude-(?:(?:opus|sonnet|haiku)-(?:4-[5-8]|5)|fable)/;

const tokens = fc.oneof(
  fc.constant(0),
  fc.nat(2_000_000),
  // Where the price of a long prompt begins.
  fc.integer({ min: 271_990, max: 272_010 }),
);

const call = fc.record({
  id: fc.constantFrom(...IDS),
  input: tokens,
  output: tokens,
  read: fc.oneof(fc.constant(0), tokens),
  short: fc.oneof(fc.constant(0), tokens),
  long: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: tokens }),
  at: fc.oneof(
    fc.date({ min: new Date("2026-07-01"), max: new Date("2027-07-01"), noInvalidDate: true }),
    fc.constantFrom(
      ...["2026-07-30", "2026-08-21"].flatMap((day) => [
        new Date(`${day}T00:00:00Z`),
        new Date(Date.parse(day) - 1),
      ]),
    ),
  ),
});

describe("costs are those of the package", () => {
  test("its entries are priced, each by the ids it is meant for", () => {
    assert.ok(IDS.length > 200, `${IDS.length} ids`);
    const priced = new Set(PRICE_GROUPS.flatMap(({ rows }) => rows.map(([key]) => key)));
    assert.ok(priced.size > 70, `${priced.size} models`);
  });

  test("for any usage, at any time", () => {
    fc.assert(
      fc.property(call, ({ id, input, output, read, short, long, at }) => {
        const usage = {
          inputTokens: input,
          outputTokens: output,
          cacheReadInputTokens: read,
          cacheWriteInputTokens: short + long,
          cacheDetails: [
            { ttl: "1h" as const, inputTokens: long },
            { ttl: "5m" as const, inputTokens: short },
          ],
        };
        const cost = costOf(usage, id, { at });
        const counted = {
          input_tokens: input + read + short + long,
          output_tokens: output,
          cache_read_tokens: read,
          cache_write_tokens: short + long,
          cache_write_1h_tokens: long,
        };
        const expected = calcPrice(counted, id, { providerId: "aws", timestamp: at });
        assert.ok(expected !== null, id);
        const price = expected.model_price;
        const isLongKnown = price["cache_write_1h_mtok"] !== undefined || LONG_WRITES.test(id);
        const isKnown =
          (read === 0 || price["cache_read_mtok"] !== undefined) &&
          (short === 0 || price["cache_write_mtok"] !== undefined) &&
          (long === 0 || isLongKnown);
        if (!isKnown) {
          assert.equal(cost, undefined);
          return;
        }
        assert.ok(cost !== undefined, id);
        let usd = expected.total_price;
        if (price["cache_write_1h_mtok"] === undefined && long > 0) {
          // It takes them for short ones; an hour costs twice the input.
          const [base, short] = [Number(price["input_mtok"]), Number(price["cache_write_mtok"])];
          usd += (long * (2 * base - short)) / 1e6;
        }
        assert.ok(Math.abs(cost.usd - usd) <= 1e-12 * Math.max(usd, 1), `${cost.usd}, ${usd}`);
        const { parts } = cost;
        assert.equal(cost.usd, parts.input + parts.output + parts.cacheRead + parts.cacheWrite);
        assert.ok(Math.abs(parts.output - expected.output_price) <= 1e-12 * Math.max(usd, 1));
      }),
      { numRuns: 3000 },
    );
  });
});

test("an id that only begins like one that is known has no price", () => {
  const keys = PRICE_GROUPS.flatMap(({ prefixes, rows }) =>
    prefixes.flatMap((prefix) => rows.map(([key]) => (prefix === "" ? key : `${prefix}.${key}`))),
  );
  const known = new Set(keys);
  const suffix = fc.oneof(
    fc.constantFrom("-5", "-1", "-mini", "-v2", "-v1:1", ":1", "x", "-2026", ".1"),
    fc.stringMatching(/^[-.:a-z0-9]{1,12}$/),
  );
  fc.assert(
    fc.property(fc.constantFrom(...keys), suffix, fc.boolean(), (key, added, hasRevision) => {
      const id = `${key}${added}${hasRevision ? "-v1:0" : ""}`;
      const name = id.replace(/(?:-v1)?(?::0)?$/, "");
      fc.pre(!known.has(name) && !known.has(name.replace(/-20\d{6}$/, "")));
      assert.equal(costOf(NOTHING, id), undefined, id);
    }),
    { numRuns: 3000 },
  );
});
