// What a call cost, from the tokens Bedrock counted and a table of list prices. Never a guess: tokens
// of a kind without a known price leave the whole unknown.

import type { TokenUsage } from "../core/converse-response.ts";
import type { Input } from "../core/open.ts";
import { resolveAlias } from "./catalogue.ts";
import { type PaidTokens, readCostOptions, readModelId, readPaidTokens } from "./cost-input.ts";
import { parseModelId } from "./model-id.ts";
import { findListedPrice, type ModelPrice } from "./price-list.ts";
import { PRICES_AS_OF, PRICES_SOURCE } from "./price-table.ts";

/** What is paid for: the `usage` of an answer, with or without its total. */
export type PaidUsage = Input<Omit<TokenUsage, "totalTokens">> & {
  readonly totalTokens?: number | undefined;
};

/** What `costOf` can be told besides. */
export interface CostOptions {
  /** When the call was made, for prices that changed. Default: now. */
  readonly at?: Date | undefined;
  /**
   * Prices of yours by model id or ARN, as it is passed or as its alias or ARN tells it. Each stands
   * alone: what it leaves out is not known, and not taken from the table.
   */
  readonly prices?: Readonly<Record<string, ModelPrice>> | undefined;
  /**
   * Where the call was made, which decides for ids without a prefix: many have a price in the US only.
   * Default: the region of an ARN, else one in the US.
   */
  readonly region?: string | undefined;
}

/** What a call cost, in USD. */
export interface Cost {
  /** The sum of `parts`. */
  readonly usd: number;
  readonly parts: {
    readonly input: number;
    readonly output: number;
    readonly cacheRead: number;
    readonly cacheWrite: number;
  };
  /** What was priced: an id without revision, or the name it has in `options.prices`. */
  readonly modelId: string;
  /** `options.prices`, or the name and version of the data the table was made from. */
  readonly source: string;
  /** The day the table was made from, `YYYY-MM-DD`; absent for prices of yours. */
  readonly asOf?: string;
}

const TOKENS_PER_PRICE = 1_000_000;

/**
 * What one call cost in USD: on demand, in the standard tier, before taxes and discounts. `flex`,
 * `priority`, batches, provisioned throughput and guardrails cost otherwise, which is not in the table.
 *
 * Pass the usage of one call, then add the costs: some models charge more for all tokens of a long
 * prompt, and a sum over calls looks like one. Usage of an answer marked `$metadata.usageMissing` is
 * not known; its zeros would cost nothing. Cache writes without `cacheDetails` are taken for the
 * default, five minutes.
 *
 * `modelId` may be an id, an ARN that tells its model, or an alias. Undefined when a price is not
 * known: of the model, of its prefix, or of one kind of the tokens; or when the counts of cache writes
 * contradict each other. Throws `TypeError` for counts that are no numbers of at least 0, and for
 * options that are not known.
 */
export function costOf(
  usage: PaidUsage,
  modelId: string,
  options: CostOptions = {},
): Cost | undefined {
  const { at, prices, region } = readCostOptions(options);
  const id = resolveAlias(readModelId(modelId));
  const tokens = readPaidTokens(usage);
  if (tokens === undefined) return undefined;
  const own = findOwnPrice(prices, modelId, id);
  const promptTokens = tokens.input + tokens.cacheRead + tokens.cacheWrite5m + tokens.cacheWrite1h;
  const where = region ?? /^arn:[^:]*:bedrock:([^:]+):/.exec(id)?.[1];
  const known = own ?? findListedPrice(id, { at, promptTokens, region: where });
  if (known === undefined) return undefined;
  const parts = priceParts(tokens, known.price);
  if (parts === undefined) return undefined;
  return {
    usd: parts.input + parts.output + parts.cacheRead + parts.cacheWrite,
    parts,
    modelId: known.id,
    ...(own === undefined
      ? { source: PRICES_SOURCE, asOf: PRICES_AS_OF }
      : { source: "options.prices" }),
  };
}

function priceParts(tokens: PaidTokens, price: ModelPrice): Cost["parts"] | undefined {
  const input = usdOf(tokens.input, price.input);
  const output = usdOf(tokens.output, price.output);
  const cacheRead = usdOf(tokens.cacheRead, price.cacheRead);
  const shortWrite = usdOf(tokens.cacheWrite5m, price.cacheWrite5m);
  const longWrite = usdOf(tokens.cacheWrite1h, price.cacheWrite1h);
  if (
    input === undefined ||
    output === undefined ||
    cacheRead === undefined ||
    shortWrite === undefined ||
    longWrite === undefined
  ) {
    return undefined;
  }
  return { input, output, cacheRead, cacheWrite: shortWrite + longWrite };
}

/** What was not used costs nothing, whatever its price. */
function usdOf(tokens: number, price: number | undefined): number | undefined {
  if (tokens === 0) return 0;
  return price === undefined ? undefined : (tokens * price) / TOKENS_PER_PRICE;
}

function findOwnPrice(
  prices: ReadonlyMap<string, ModelPrice>,
  modelId: string,
  id: string,
): { readonly id: string; readonly price: ModelPrice } | undefined {
  const { baseId, prefix } = parseModelId(id);
  const told = prefix === undefined ? baseId : `${prefix}.${baseId}`;
  for (const name of [modelId, id, told]) {
    const price = name === undefined ? undefined : prices.get(name);
    if (name !== undefined && price !== undefined) return { id: name, price };
  }
  return undefined;
}
