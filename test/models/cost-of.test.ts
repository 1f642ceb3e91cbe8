import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type CostOptions, costOf, type PaidUsage } from "../../src/models/cost-of.ts";
import { PRICES_AS_OF, PRICES_SOURCE } from "../../src/models/price-table.ts";

const M = 1_000_000;

/** A million tokens of each kind. */
const EACH: PaidUsage = {
  inputTokens: M,
  outputTokens: M,
  cacheReadInputTokens: M,
  cacheWriteInputTokens: 2 * M,
  cacheDetails: [
    { ttl: "1h", inputTokens: M },
    { ttl: "5m", inputTokens: M },
  ],
};
const PLAIN: PaidUsage = { inputTokens: M, outputTokens: M };
const APPLICATION_PROFILE =
  "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123";

function partsOf(id: string, usage: PaidUsage = EACH, options?: CostOptions): number[] | undefined {
  const cost = costOf(usage, id, options);
  return cost && [cost.parts.input, cost.parts.output, cost.parts.cacheRead, cost.parts.cacheWrite];
}

describe("Claude on Bedrock", () => {
  // Written by hand, where the table is made by a script. The writes: of five minutes and of an hour.
  for (const [id, parts] of [
    ["global.anthropic.claude-opus-5-5", [4, 20, 0.2, 5 + 8]],
    ["us.anthropic.claude-opus-5-5", [4.4, 22, 0.22, 5.5 + 8.8]],
    ["global.anthropic.claude-opus-5", [5, 25, 0.5, 6.25 + 10]],
    ["jp.anthropic.claude-opus-5", [5.5, 27.5, 0.55, 6.875 + 11]],
    ["global.anthropic.claude-fable-5-1", [10, 50, 0.25, 12.5 + 20]],
    ["us.anthropic.claude-fable-5-1", [11, 55, 0.275, 13.75 + 22]],
    ["global.anthropic.claude-sonnet-5", [2, 10, 0.2, 2.5 + 4]],
    ["global.anthropic.claude-opus-4-6-v1", [5, 25, 0.5, 6.25 + 10]],
    ["global.anthropic.claude-sonnet-4-6", [3, 15, 0.3, 3.75 + 6]],
    ["global.anthropic.claude-opus-4-5-20251101-v1:0", [5, 25, 0.5, 6.25 + 10]],
    ["us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0", [3.3, 16.5, 0.33, 4.125 + 6.6]],
    ["au.anthropic.claude-haiku-4-5-20251001-v1:0", [1.1, 5.5, 0.11, 1.375 + 2.2]],
  ] as const) {
    test(id, () => assert.deepEqual(partsOf(id), parts));
  }
});

test("a cost tells its parts, what was priced, and how old the price is", () => {
  assert.deepEqual(costOf(EACH, "global.anthropic.claude-opus-4-5-20251101-v1:0"), {
    usd: 46.75,
    parts: { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 16.25 },
    modelId: "global.anthropic.claude-opus-4-5",
    source: PRICES_SOURCE,
    asOf: PRICES_AS_OF,
  });
});

test("a model is found by its alias and by an ARN that tells it", () => {
  const cost = costOf(PLAIN, "global.anthropic.claude-sonnet-5");
  assert.equal(cost?.usd, 12);
  const profile = "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/";
  for (const id of ["general", `${profile}global.anthropic.claude-sonnet-5`]) {
    assert.deepEqual(costOf(PLAIN, id), cost);
  }
  const model = "arn:aws:bedrock:us-west-2::foundation-model/amazon.nova-lite-v1:0";
  assert.deepEqual(costOf(PLAIN, model), costOf(PLAIN, "amazon.nova-lite-v1:0"));
});

describe("what is not known has no cost", () => {
  for (const [why, id] of [
    ["another model with a name that begins alike", "us.anthropic.claude-sonnet-5-5"],
    ["a model without a price", "global.anthropic.claude-haiku-5-5"],
    ["a later revision", "anthropic.claude-opus-4-5-20251101-v2:0"],
    ["a snapshot of another day", "us.anthropic.claude-haiku-4-5-20260101-v1:0"],
    ["digits that are no date", "us.anthropic.claude-opus-4-8-20261301-v1:0"],
    ["a prefix with prices of its own", "eu.amazon.nova-pro-v1:0"],
    ["a prefix nobody named", "ca.anthropic.claude-sonnet-4-6"],
    ["a prefix the model does not have", "global.amazon.nova-lite-v1:0"],
    ["an id that needs a prefix", "amazon.nova-2-lite-v1:0"],
    ["provisioned throughput", "amazon.nova-lite-v1:0:300k"],
    ["speech", "amazon.nova-sonic-v1:0"],
    ["embeddings", "amazon.titan-embed-text-v2:0"],
    ["an ARN that hides its model", APPLICATION_PROFILE],
    ["a prompt", "arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1"],
    ["no model at all", "constructor"],
  ] as const) {
    test(`${why}: ${id}`, () => assert.equal(costOf(PLAIN, id), undefined));
  }

  test("tokens of a kind without a price", () => {
    const nova = "us.amazon.nova-pro-v1:0";
    const read = { ...PLAIN, cacheReadInputTokens: M };
    assert.deepEqual(partsOf(nova, read), [0.8, 3.2, 0.2, 0]);
    assert.equal(costOf({ ...read, cacheWriteInputTokens: 1 }, nova), undefined);
    assert.equal(costOf(read, "us.meta.llama3-3-70b-instruct-v1:0"), undefined);
    const long = {
      ...PLAIN,
      cacheWriteInputTokens: 1,
      cacheDetails: [{ ttl: "1h", inputTokens: 1 }],
    };
    assert.equal(costOf(long, "us.anthropic.claude-opus-4-1-20250805-v1:0"), undefined);
  });
});

describe("an id without prefix", () => {
  const nova = "amazon.nova-lite-v1:0";
  const haiku = "anthropic.claude-3-haiku-20240307-v1:0";
  for (const [id, region, usd] of [
    [nova, undefined, 0.3],
    [nova, "us-west-2", 0.3],
    [nova, "eu-west-1", undefined],
    [nova, "us-gov-west-1", undefined],
    [haiku, "eu-west-1", 1.5],
    [haiku, "ap-northeast-1", 1.5],
    [haiku, "us-gov-west-1", undefined],
    [haiku, "sa-east-1", undefined],
    [`us.${nova}`, "ca-central-1", 0.3],
  ] as const) {
    test(`${id} in ${region} costs ${usd}`, () => {
      assert.equal(costOf(PLAIN, id, { region })?.usd, usd);
    });
  }

  test("has its region in an ARN, unless the option says otherwise", () => {
    const arn = `arn:aws:bedrock:eu-west-1::foundation-model/${nova}`;
    assert.equal(costOf(PLAIN, arn), undefined);
    assert.equal(costOf(PLAIN, arn, { region: "us-east-1" })?.usd, 0.3);
  });
});

describe("cache writes", () => {
  const sonnet = "global.anthropic.claude-sonnet-4-6";
  const written = { inputTokens: 0, outputTokens: 0, cacheWriteInputTokens: M };

  test("are of five minutes where nothing else is told", () => {
    assert.equal(costOf(written, sonnet)?.usd, 3.75);
    assert.equal(costOf({ ...written, cacheDetails: [] }, sonnet)?.usd, 3.75);
    const half = [{ ttl: "1h", inputTokens: M / 2 }];
    assert.equal(costOf({ ...written, cacheDetails: half }, sonnet)?.usd, 3 + 1.875);
  });

  test("of a time to live from tomorrow have no price", () => {
    const cacheDetails = [{ ttl: "30m", inputTokens: 1 }];
    assert.equal(costOf({ ...written, cacheDetails }, sonnet), undefined);
  });

  test("that contradict their sum have none either", () => {
    const cacheDetails = [{ ttl: "5m", inputTokens: M + 1 }];
    assert.equal(costOf({ ...written, cacheDetails }, sonnet), undefined);
  });
});

describe("prices that change", () => {
  const sol = "global.openai.gpt-5.6-sol";

  test("with the length of the prompt, cached or not, for all tokens of the call", () => {
    const at = new Date("2026-11-01");
    const usage = { inputTokens: 1000, outputTokens: 100_000, cacheReadInputTokens: 270_999 };
    const longer = { ...usage, inputTokens: 1001 };
    assert.equal(costOf(usage, sol, { at })?.parts.output, 2);
    assert.equal(costOf(longer, sol, { at })?.parts.output, 3);
  });

  test("on a day, at midnight UTC", () => {
    const usage = { inputTokens: 0, outputTokens: M };
    assert.equal(costOf(usage, sol, { at: new Date("2026-08-20T23:59:59.999Z") })?.usd, 30);
    assert.equal(costOf(usage, sol, { at: new Date("2026-08-21T00:00:00Z") })?.usd, 20);
    assert.equal(costOf(usage, sol)?.usd, 20);
  });
});

describe("prices of one's own", () => {
  const prices = {
    [APPLICATION_PROFILE]: { input: 1, output: 2 },
    "us.anthropic.claude-sonnet-5-5": { input: 3, output: 4, cacheRead: 5 },
    "global.anthropic.claude-sonnet-5": { input: 0, output: 0.5 },
  };

  test("are found by what was passed, by what an alias stands for, and by what an ARN tells", () => {
    assert.deepEqual(costOf(PLAIN, APPLICATION_PROFILE, { prices }), {
      usd: 3,
      parts: { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 },
      modelId: APPLICATION_PROFILE,
      source: "options.prices",
    });
    const profile = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/";
    assert.equal(costOf(PLAIN, "general", { prices })?.usd, 0.5);
    assert.equal(costOf(PLAIN, `${profile}us.anthropic.claude-sonnet-5-5`, { prices })?.usd, 7);
    assert.equal(costOf(PLAIN, "eu.anthropic.claude-sonnet-5-5", { prices }), undefined);
  });

  test("stand alone: what they leave out is not taken from the table", () => {
    const id = "global.anthropic.claude-sonnet-5";
    assert.equal(costOf(EACH, id)?.usd, 18.7);
    assert.equal(costOf(EACH, id, { prices }), undefined);
  });

  test("are kept for any name", () => {
    const own = Object.fromEntries([["__proto__", { input: 1, output: 1 }]]);
    assert.equal(costOf(PLAIN, "__proto__", { prices: own })?.usd, 2);
    assert.equal(costOf(PLAIN, "toString", { prices: own }), undefined);
  });
});

describe("bad input is told by name", () => {
  const given =
    (usage: unknown, id: unknown = "fast", options?: unknown) =>
    () =>
      costOf(usage as PaidUsage, id as string, options as CostOptions);

  for (const [bad, message] of [
    [given(undefined), "costOf: usage must be the usage of an answer; got undefined."],
    [given([]), "costOf: usage must be the usage of an answer; got a list."],
    [given({}), "costOf: usage.inputTokens must be a number of at least 0; it is missing."],
    [
      given({ inputTokens: "1", outputTokens: 1 }),
      "costOf: usage.inputTokens must be a number from 0 to 9007199254740991; got a string.",
    ],
    [
      given({ inputTokens: 1, outputTokens: -1 }),
      "costOf: usage.outputTokens must be a number from 0 to 9007199254740991; got -1.",
    ],
    [
      given({ ...PLAIN, cacheReadInputTokens: Number.NaN }),
      "costOf: usage.cacheReadInputTokens must be a number from 0 to 9007199254740991; got NaN.",
    ],
    [
      given({ ...PLAIN, cacheDetails: {} }),
      "costOf: usage.cacheDetails must be a list; got an object.",
    ],
    [
      given({ ...PLAIN, cacheDetails: [null] }),
      "costOf: usage.cacheDetails[0] must be an object; got null.",
    ],
    [
      given({ ...PLAIN, cacheDetails: [{ ttl: "5m" }] }),
      "costOf: usage.cacheDetails[0].inputTokens must be a number of at least 0; it is missing.",
    ],
    [given(PLAIN, ""), "costOf: modelId must be a non-empty string; got an empty string."],
    [given(PLAIN, null), "costOf: modelId must be a non-empty string; got null."],
    [
      given(PLAIN, "fast", { when: 1 }),
      "costOf: “when” is not a known option. Known: at, prices, region.",
    ],
    [
      given(PLAIN, "fast", { price: {} }),
      "costOf: “price” is not a known option. Did you mean “prices”?",
    ],
    [given(PLAIN, "fast", { at: "2026" }), "costOf: at must be a Date; got a string."],
    [given(PLAIN, "fast", { at: new Date("?") }), "costOf: at must be a Date; got an invalid one."],
    [
      given(PLAIN, "fast", { region: 1 }),
      "costOf: region must be a non-empty string; got a number.",
    ],
    [
      given(PLAIN, "fast", { prices: [] }),
      "costOf: prices must be an object of prices; got a list.",
    ],
    [
      given(PLAIN, "fast", { prices: { other: { input: 1 } } }),
      'costOf: prices["other"].output must be a number of at least 0; it is missing.',
    ],
    [
      given(PLAIN, "fast", { prices: { a: { input: 1, output: 1, cacheWrite: 1 } } }),
      'costOf: prices["a"]: “cacheWrite” is not a known option. Did you mean “cacheWrite5m”?',
    ],
  ] as const) {
    test(message, () => assert.throws(bad, { name: "TypeError", message }));
  }

  test("a model that is not named", () => {
    const noModel: string[] = [];
    assert.throws(() => costOf(PLAIN, noModel[0] as string), {
      name: "TypeError",
      message: "costOf: modelId must be a non-empty string; it is missing.",
    });
  });
});

test("usage in the types of the AWS SDK is taken as it is, and what else it holds is not looked at", () => {
  const usage: {
    inputTokens: number | undefined;
    outputTokens: number | undefined;
    totalTokens: number | undefined;
    cacheDetails?: { ttl: string | undefined; inputTokens: number | undefined }[] | undefined;
    tomorrow: string;
  } = { inputTokens: M, outputTokens: M, totalTokens: 5, cacheDetails: [], tomorrow: "?" };
  assert.equal(costOf(usage, "fast")?.usd, 6);
});
