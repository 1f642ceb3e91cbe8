// Finding a price in the table. An id is found exactly or not at all: never by how it begins, for the
// next model's id begins with the one before, and its price is another.

import { parseModelId } from "./model-id.ts";
import { PRICE_GROUPS } from "./price-table.ts";

/** USD per million tokens. What is absent is not known. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite5m?: number | undefined;
  readonly cacheWrite1h?: number | undefined;
}

/** A price of the table. */
export interface ListedPrice {
  /** Prefix and model without revision, such as `global.anthropic.claude-opus-4-5`. */
  readonly id: string;
  readonly price: ModelPrice;
}

/** What can change a model's price. */
export interface PriceCircumstances {
  readonly at: Date;
  /** All tokens of the prompt, cached or not. */
  readonly promptTokens: number;
  /** Where the model was called; absent: in a US region. */
  readonly region?: string | undefined;
}

/**
 * One price of a model; `null` is not known. It holds for prompts of at least `fromTokens`, from the
 * beginning of `fromDay` (UTC) on, until a later row of the same key holds too.
 */
export type PriceRow = readonly [
  key: string,
  input: number,
  output: number,
  cacheRead?: number | null,
  cacheWrite5m?: number | null,
  cacheWrite1h?: number | null,
  fromTokens?: number | null,
  fromDay?: string | null,
];

/** Rows that hold for the same prefixes; the empty one is that of an id without prefix. */
export interface PriceGroup {
  readonly prefixes: readonly string[];
  /** By key, then by `fromDay` and `fromTokens`, both rising. */
  readonly rows: readonly PriceRow[];
}

const FIRST_REVISION = /(?:-v1)?(?::0)?$/;
const DATE = /-20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/;

/** A call without prefix costs what the profile of its own part of the world costs. */
const PREFIX_BY_REGION: readonly (readonly [start: string, prefix: string])[] = [
  ["us-east-", ""],
  ["us-west-", ""],
  ["us-gov-", "us-gov"],
  ["eu-", "eu"],
  ["ap-", "apac"],
];

/** The id of a model without its revision, where that is the first one. */
export function priceKeyOf(baseId: string): string {
  return baseId.replace(FIRST_REVISION, "");
}

/**
 * What a model costs, by id or by an ARN that tells it. Undefined when that is not known: of the
 * model, for its prefix, or, for an id without prefix, in its region.
 */
export function findListedPrice(
  id: string,
  { at, promptTokens, region = "us-east-1" }: PriceCircumstances,
): ListedPrice | undefined {
  const { baseId, prefix = "" } = parseModelId(id);
  const place =
    prefix === "" ? PREFIX_BY_REGION.find(([start]) => region.startsWith(start))?.[1] : prefix;
  if (baseId === undefined || place === undefined) return undefined;
  const rows = PRICE_GROUPS.flatMap((group) =>
    group.prefixes.includes(prefix) && group.prefixes.includes(place) ? group.rows : [],
  );
  const day = at.toISOString().slice(0, 10);
  const key = priceKeyOf(baseId);
  // A date makes no other model, but where the table has one it must be that one.
  for (const name of [key, key.replace(DATE, "")]) {
    const row = rows.findLast(
      ([rowKey, , , , , , fromTokens, fromDay]) =>
        rowKey === name && promptTokens >= (fromTokens ?? 0) && day >= (fromDay ?? ""),
    );
    if (row !== undefined) {
      return { id: prefix === "" ? name : `${prefix}.${name}`, price: toPrice(row) };
    }
  }
  return undefined;
}

function toPrice([, input, output, cacheRead, cacheWrite5m, cacheWrite1h]: PriceRow): ModelPrice {
  return {
    input,
    output,
    ...(cacheRead != null && { cacheRead }),
    ...(cacheWrite5m != null && { cacheWrite5m }),
    ...(cacheWrite1h != null && { cacheWrite1h }),
  };
}
