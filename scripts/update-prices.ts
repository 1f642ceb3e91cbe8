// Makes src/models/price-table.ts of the Bedrock prices in @pydantic/genai-prices. After a newer version
// of that package is installed: npx tsx scripts/update-prices.ts, then read what changed.
//
// The package finds a price by how an id begins or by what it holds. Here each entry is asked which
// ids it is meant for, and the table holds those alone.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  calcPrice,
  findProvider,
  type ModelInfo,
  type ModelPrice,
  type TieredPrices,
} from "@pydantic/genai-prices";
import { traitsOf } from "../src/models/model-traits.ts";
import { type PriceGroup, type PriceRow, priceKeyOf } from "../src/models/price-list.ts";
import { PRICES_AS_OF, PRICES_SOURCE } from "../src/models/price-table.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PACKAGE = "@pydantic/genai-prices";

/** The table's file. */
export const TABLE_URL: URL = new URL("../src/models/price-table.ts", import.meta.url);

/** Of cross-region inference profiles; the empty one is that of an id without prefix. */
const PREFIXES = ["", "apac", "ap", "au", "ca", "eu", "global", "in", "jp", "us", "us-gov"];

/** Rules that know nothing of prefixes take any, this one too. */
const NO_PREFIX = "none";

/** Their entries have the price of US regions, which others do not always share. */
const OF_US_REGIONS = ["", "us"];

/** Models from before prices differed by endpoint: one price for all regions but GovCloud's. */
const OF_ALL_REGIONS = ["", "apac", "eu", "us"];

/** Prices of one token's kind, in the order of a row. */
const PRICE_NAMES = [
  "input_mtok",
  "output_mtok",
  "cache_read_mtok",
  "cache_write_mtok",
  "cache_write_1h_mtok",
] as const;

/**
 * What Claude's cache writes cost, of the price of input, for an hour and for five minutes:
 * https://platform.claude.com/docs/en/about-claude/pricing
 */
const LONG_WRITE_RATIO = 2;
const SHORT_WRITE_RATIO = 1.25;

/** The text of the table for the installed version of the package, published on the day `asOf`. */
export function priceTableText(asOf: string): string {
  const groups = new Map<string, PriceRow[]>();
  for (const model of findProvider({ providerId: "aws" })?.models ?? []) {
    if (!isPricedByTokens(model)) continue;
    const baseId = model.id.replace(/^(?:global|regional)\./, "");
    const prefixes = prefixesOf(model, baseId).join();
    groups.set(prefixes, [...(groups.get(prefixes) ?? []), ...rowsOf(model, baseId)]);
  }
  const sorted = [...groups].sort(byText(([prefixes]) => prefixes));
  const table = sorted.map(([prefixes, rows]): PriceGroup => {
    const byKeyAndDay = byText<PriceRow>(([key, , , , , , , day]) => `${key} ${day ?? ""}`);
    return { prefixes: prefixes.split(","), rows: rows.sort(byKeyAndDay) };
  });
  return format(`// Made by scripts/update-prices.ts from ${PACKAGE} (MIT, Pydantic Services Inc.). Not to be edited by hand.

import type { PriceGroup } from "./price-list.ts";

/** Where the prices come from. */
export const PRICES_SOURCE = ${JSON.stringify(installedSource())};

/** The day that version was published. */
export const PRICES_AS_OF = ${JSON.stringify(asOf)};

/** Rows: id without first revision, then USD per million tokens: input, output, cache read, write of five minutes, of an hour. */
export const PRICE_GROUPS: readonly PriceGroup[] = ${JSON.stringify(table, withoutLastNulls)};
`);
}

/** Converse counts neither seconds nor tokens of speech, and embeds nothing. */
function isPricedByTokens({ prices }: ModelInfo): boolean {
  const all = Array.isArray(prices) ? prices.map((dated) => dated.prices) : [prices];
  return all.every(
    (price) =>
      price["output_mtok"] !== undefined &&
      !Object.keys(price).some((name) => name.includes("audio")),
  );
}

function prefixesOf(model: ModelInfo, baseId: string): string[] {
  const isMeant = (prefix: string): boolean => {
    const id = prefix === "" ? baseId : `${prefix}.${baseId}`;
    return calcPrice({}, id, { providerId: "aws" })?.model.id === model.id;
  };
  if (isMeant(NO_PREFIX)) {
    return model.id.startsWith("regional.") ? OF_ALL_REGIONS : OF_US_REGIONS;
  }
  const prefixes = PREFIXES.filter(isMeant);
  if (prefixes.length === 0) throw new Error(`${model.id}: no id is known that it is meant for.`);
  return prefixes;
}

function rowsOf({ id, prices }: ModelInfo, baseId: string): PriceRow[] {
  const dated = Array.isArray(prices) ? prices : [{ prices }];
  return dated.flatMap(({ constraint, prices: price }) => {
    if (constraint !== undefined && constraint.type !== "start_date") {
      throw new Error(`${id}: its price depends on ${constraint.type}, which a row cannot tell.`);
    }
    return limitsOf(id, price).map((fromTokens): PriceRow => {
      const [input, output, cacheRead, shortWrite, longWrite] = PRICE_NAMES.map((name) =>
        valueFor(price[name], fromTokens),
      );
      if (input == null || output == null)
        throw new Error(`${id} has no price of input or output.`);
      return [
        priceKeyOf(baseId),
        input,
        output,
        cacheRead ?? null,
        shortWrite ?? null,
        longWrite ?? longWriteOf(baseId, input, shortWrite),
        fromTokens === 0 ? null : fromTokens,
        constraint?.start_date ?? null,
      ];
    });
  });
}

/** The lengths of a prompt from which on other prices hold: 0 and those of the tiers. */
function limitsOf(id: string, price: ModelPrice): number[] {
  const limits = new Set([0]);
  for (const [name, value] of Object.entries(price)) {
    if (!PRICE_NAMES.some((known) => known === name)) {
      throw new Error(`${id}: ${name} is a price that a row cannot tell.`);
    }
    if (typeof value === "object") for (const { start } of value.tiers) limits.add(start + 1);
  }
  return [...limits].sort((one, other) => one - other);
}

/** A tier of the package begins after its start. */
function valueFor(value: number | TieredPrices | undefined, tokens: number): number | undefined {
  if (typeof value !== "object") return value;
  const tiers = value.tiers.filter(({ start }) => start < tokens);
  return tiers.sort((one, other) => one.start - other.start).at(-1)?.price ?? value.base;
}

/** The package rarely has this price; Claude's is the same multiple for every model that has one. */
function longWriteOf(baseId: string, input: number, shortWrite: number | undefined): number | null {
  const { cache = false } = traitsOf(baseId);
  const takesLongWrites = cache !== false && cache.ttls.includes("1h");
  if (!takesLongWrites || !baseId.startsWith("anthropic.")) return null;
  if (shortWrite === undefined || Math.abs(shortWrite / input - SHORT_WRITE_RATIO) > 1e-9) {
    throw new Error(`${baseId}: its cache writes do not cost ${SHORT_WRITE_RATIO} of its input.`);
  }
  return input * LONG_WRITE_RATIO;
}

function byText<Item>(textOf: (item: Item) => string): (one: Item, other: Item) => number {
  return (one, other) => {
    const [text, otherText] = [textOf(one), textOf(other)];
    return text === otherText ? 0 : text < otherText ? -1 : 1;
  };
}

/** For JSON: what a row does not know at its end it need not say. */
function withoutLastNulls(_: string, value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.slice(0, value.findLastIndex((item) => item !== null) + 1);
}

function format(text: string): string {
  const path = fileURLToPath(TABLE_URL);
  const args = ["--no-install", "biome", "format", `--stdin-file-path=${path}`];
  return execFileSync("npx", args, { cwd: ROOT, input: text, encoding: "utf8" });
}

function installedSource(): string {
  const manifest = readFileSync(`${ROOT}node_modules/${PACKAGE}/package.json`, "utf8");
  return `${PACKAGE} ${(JSON.parse(manifest) as { version: string }).version}`;
}

/** The registry knows when a version was published, and the package does not. */
function publishedOn(source: string): string {
  if (source === PRICES_SOURCE) return PRICES_AS_OF;
  const answer = execFileSync("npm", ["view", PACKAGE, "time", "--json"], { encoding: "utf8" });
  const time = (JSON.parse(answer) as Record<string, string>)[source.split(" ")[1] ?? ""];
  if (time === undefined) throw new Error(`The registry does not know ${source}.`);
  return time.slice(0, 10);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(TABLE_URL, priceTableText(publishedOn(installedSource())));
}
