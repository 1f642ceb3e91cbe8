import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { priceTableText, TABLE_URL } from "../../scripts/update-prices.ts";
import { parseModelId } from "../../src/models/model-id.ts";
import { priceKeyOf } from "../../src/models/price-list.ts";
import { PRICE_GROUPS, PRICES_AS_OF } from "../../src/models/price-table.ts";

test("the table is what the installed package says", () => {
  const table = readFileSync(TABLE_URL, "utf8");
  assert.ok(
    table === priceTableText(PRICES_AS_OF),
    "src/models/price-table.ts is not what scripts/update-prices.ts makes. Run: npx tsx scripts/update-prices.ts",
  );
  assert.ok(Buffer.byteLength(table) < 10_000, `${Buffer.byteLength(table)} bytes`);
});

test("every price stands once, under a prefix and a key that ids are read into", () => {
  const seen = new Set<string>();
  for (const { prefixes, rows } of PRICE_GROUPS) {
    for (const prefix of prefixes) {
      for (const [key, , , , , , fromTokens, fromDay] of rows) {
        const id = prefix === "" ? key : `${prefix}.${key}`;
        const price = `${id} ${fromTokens} ${fromDay}`;
        assert.ok(!seen.has(price), price);
        seen.add(price);
        const read = parseModelId(id);
        assert.deepEqual([read.prefix ?? "", priceKeyOf(read.baseId ?? "")], [prefix, key]);
      }
    }
  }
});

test("a row gives finite prices in rising order of day and length", () => {
  for (const { rows } of PRICE_GROUPS) {
    for (const [index, row] of rows.entries()) {
      const [key, ...values] = row;
      for (const price of values.slice(0, 5)) {
        assert.ok(price === null || (Number.isFinite(price) && Number(price) >= 0), key);
      }
      const [beforeKey, , , , , , beforeTokens, beforeDay] = rows[index - 1] ?? [""];
      const [, , , , , , tokens, day] = row;
      assert.ok(beforeKey <= key, `${beforeKey}, ${key}`);
      if (beforeKey !== key) continue;
      assert.ok((beforeDay ?? "") <= (day ?? ""), key);
      if (beforeDay === day) assert.ok((beforeTokens ?? 0) < (tokens ?? 0), key);
    }
  }
});
