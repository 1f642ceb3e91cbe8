// Reading what `costOf` is given. Its usage comes from the wire or out of somebody's store, so nothing
// about it is taken for granted; what else it may hold is not looked at.

import { isRecord } from "../core/json.ts";
import { assertKnownOptions, kindOf, readNumber, readString } from "../core/options.ts";
import type { CostOptions } from "./cost-of.ts";
import type { ModelPrice } from "./price-list.ts";

/** Tokens by what they cost. */
export type PaidTokens = Readonly<Record<keyof ModelPrice, number>>;

/** Options with their defaults. */
export interface ResolvedCostOptions {
  readonly at: Date;
  readonly prices: ReadonlyMap<string, ModelPrice>;
  readonly region: string | undefined;
}

const OPTION_NAMES: readonly (keyof CostOptions)[] = ["at", "prices", "region"];
const PRICE_NAMES: readonly (keyof ModelPrice)[] = [
  "input",
  "output",
  "cacheRead",
  "cacheWrite5m",
  "cacheWrite1h",
];

/**
 * The tokens of a usage. Undefined when what it tells of cache writes contradicts itself, or tells of
 * a time to live that has no price. Throws `TypeError` for what is no usage.
 */
export function readPaidTokens(usage: unknown): PaidTokens | undefined {
  if (!isRecord(usage)) {
    throw new TypeError(`costOf: usage must be the usage of an answer; got ${kindOf(usage)}.`);
  }
  const read = (name: string, byDefault?: number): number =>
    readAmount(usage[name] ?? byDefault, `costOf: usage.${name}`);
  const written = read("cacheWriteInputTokens", 0);
  const { told, cacheWrite1h, others } = readCacheDetails(usage["cacheDetails"]);
  const tokens = {
    input: read("inputTokens"),
    output: read("outputTokens"),
    cacheRead: read("cacheReadInputTokens", 0),
    // What is told of no time to live has the default one.
    cacheWrite5m: written - cacheWrite1h,
    cacheWrite1h,
  };
  return told > written || others > 0 ? undefined : tokens;
}

interface WrittenTokens {
  readonly told: number;
  readonly cacheWrite1h: number;
  /** With a time to live that is not known. */
  readonly others: number;
}

function readCacheDetails(details: unknown = []): WrittenTokens {
  if (!Array.isArray(details)) {
    throw new TypeError(`costOf: usage.cacheDetails must be a list; got ${kindOf(details)}.`);
  }
  const sums = { told: 0, cacheWrite1h: 0, others: 0 };
  for (const [index, detail] of details.entries()) {
    const where = `costOf: usage.cacheDetails[${index}]`;
    if (!isRecord(detail)) {
      throw new TypeError(`${where} must be an object; got ${kindOf(detail)}.`);
    }
    const tokens = readAmount(detail["inputTokens"], `${where}.inputTokens`);
    sums.told += tokens;
    if (detail["ttl"] === "1h") sums.cacheWrite1h += tokens;
    else if (detail["ttl"] !== "5m") sums.others += tokens;
  }
  return sums;
}

/** Throws `TypeError` when it is missing or empty. */
export function readModelId(modelId: unknown): string {
  const id = readString(modelId, "costOf: modelId");
  if (id !== undefined) return id;
  throw new TypeError("costOf: modelId must be a non-empty string; it is missing.");
}

/** Throws `TypeError` for an option that is not known or of a wrong type, in each of the prices too. */
export function readCostOptions(options: unknown): ResolvedCostOptions {
  assertKnownOptions(options, OPTION_NAMES, "costOf");
  const at = options["at"] ?? new Date();
  if (!(at instanceof Date) || Number.isNaN(at.getTime())) {
    const got = at instanceof Date ? "an invalid one" : kindOf(at);
    throw new TypeError(`costOf: at must be a Date; got ${got}.`);
  }
  const region = readString(options["region"], "costOf: region");
  return { at, prices: readPrices(options["prices"]), region };
}

function readPrices(prices: unknown = {}): ReadonlyMap<string, ModelPrice> {
  if (!isRecord(prices)) {
    throw new TypeError(`costOf: prices must be an object of prices; got ${kindOf(prices)}.`);
  }
  return new Map(Object.entries(prices).map(([id, price]) => [id, readPrice(price, id)]));
}

function readPrice(price: unknown, id: string): ModelPrice {
  const where = `costOf: prices["${id}"]`;
  assertKnownOptions(price, PRICE_NAMES, where);
  const read = (name: keyof ModelPrice): number => readAmount(price[name], `${where}.${name}`);
  const readOptional = (name: keyof ModelPrice): number | undefined =>
    price[name] === undefined ? undefined : read(name);
  return {
    input: read("input"),
    output: read("output"),
    cacheRead: readOptional("cacheRead"),
    cacheWrite5m: readOptional("cacheWrite5m"),
    cacheWrite1h: readOptional("cacheWrite1h"),
  };
}

function readAmount(value: unknown, name: string): number {
  const amount = readNumber(value, name, { min: 0, max: Number.MAX_SAFE_INTEGER });
  if (amount !== undefined) return amount;
  throw new TypeError(`${name} must be a number of at least 0; it is missing.`);
}
