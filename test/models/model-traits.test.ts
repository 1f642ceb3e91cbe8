// What each model accepts, written down a second time from the models' documentation and from
// public reports, so that a slip in the table shows.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { listModels } from "../../src/models/catalogue.ts";
import { type ModelTraits, traitsOf } from "../../src/models/model-traits.ts";

const FIVE_LEVELS = ["low", "medium", "high", "xhigh", "max"];
const BOTH_TTLS = ["5m", "1h"];

/** What every Claude has in common, and all that is known of one that is not in the table. */
const ANY_CLAUDE: ModelTraits = {
  toolUseIds: "word",
  toolResultStatus: true,
  streamingTools: true,
  reasoningReplay: "signed",
  uniformCitations: true,
  blankStopSequences: false,
};

const WITHOUT_SAMPLING = {
  sampling: "none",
  efforts: FIVE_LEVELS,
  prefill: false,
  systemRole: true,
  maxOutput: 128_000,
};
const CALLS_ONLY_FREELY = { ...WITHOUT_SAMPLING, thinking: "always", toolChoices: ["auto"] };
const UNSTRUCTURED = { strictTools: false, textFormat: false };
const STRUCTURED = { strictTools: true, textFormat: true };
const ONE_OF_TWO = {
  sampling: "one",
  thinking: "budget",
  forcesWhileThinking: false,
  prefill: true,
  systemRole: false,
};

/** `undefined`: not known, and so not decided. */
const CLAUDES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "anthropic.claude-haiku-5-5": {
    ...WITHOUT_SAMPLING,
    ...UNSTRUCTURED,
    thinking: "adaptive",
    forcesWhileThinking: true,
    toolChoices: undefined,
  },
  "anthropic.claude-sonnet-5-5": { ...CALLS_ONLY_FREELY, ...UNSTRUCTURED },
  "anthropic.claude-opus-5-5": { ...CALLS_ONLY_FREELY, ...UNSTRUCTURED },
  "anthropic.claude-fable-5-1": { ...CALLS_ONLY_FREELY, ...UNSTRUCTURED },
  "anthropic.claude-fable-5": {
    ...WITHOUT_SAMPLING,
    thinking: "always",
    toolChoices: undefined,
    forcesWhileThinking: undefined,
    strictTools: undefined,
    textFormat: undefined,
    cacheMinimum: 512,
  },
  "anthropic.claude-opus-5": {
    ...WITHOUT_SAMPLING,
    thinking: "adaptive",
    toolChoices: undefined,
    forcesWhileThinking: true,
    strictTools: undefined,
    textFormat: undefined,
    cacheMinimum: 512,
  },
  "anthropic.claude-sonnet-5": {
    ...WITHOUT_SAMPLING,
    ...UNSTRUCTURED,
    thinking: "adaptive",
    toolChoices: undefined,
    forcesWhileThinking: true,
    cacheMinimum: 1024,
  },
  "anthropic.claude-opus-4-8": {
    ...WITHOUT_SAMPLING,
    ...UNSTRUCTURED,
    thinking: "adaptive",
    forcesWhileThinking: true,
    cacheMinimum: 1024,
  },
  "anthropic.claude-opus-4-7": {
    ...WITHOUT_SAMPLING,
    ...UNSTRUCTURED,
    thinking: "adaptive",
    forcesWhileThinking: false,
    systemRole: false,
    cacheMinimum: 2048,
  },
  "anthropic.claude-opus-4-6-v1": {
    ...ONE_OF_TWO,
    ...STRUCTURED,
    thinking: "either",
    efforts: ["low", "medium", "high", "max"],
    prefill: false,
    cacheMinimum: 4096,
    maxOutput: 128_000,
  },
  "anthropic.claude-sonnet-4-6": {
    ...ONE_OF_TWO,
    ...STRUCTURED,
    thinking: "either",
    efforts: ["low", "medium", "high", "max"],
    prefill: false,
    cacheMinimum: 2048,
    maxOutput: 128_000,
  },
  "anthropic.claude-opus-4-5-20251101-v1:0": {
    ...ONE_OF_TWO,
    ...STRUCTURED,
    efforts: ["low", "medium", "high"],
    cacheMinimum: 4096,
    ttls: BOTH_TTLS,
    maxOutput: 64_000,
  },
  "anthropic.claude-sonnet-4-5-20250929-v1:0": {
    ...ONE_OF_TWO,
    ...STRUCTURED,
    efforts: [],
    cacheMinimum: 1024,
    ttls: BOTH_TTLS,
    maxOutput: 64_000,
  },
  "anthropic.claude-haiku-4-5-20251001-v1:0": {
    ...ONE_OF_TWO,
    efforts: [],
    strictTools: undefined,
    textFormat: undefined,
    cacheMinimum: 4096,
    ttls: BOTH_TTLS,
    maxOutput: 64_000,
  },
  "anthropic.claude-opus-4-1-20250805-v1:0": {
    ...ONE_OF_TWO,
    efforts: [],
    cacheMinimum: 1024,
    ttls: ["5m"],
    maxOutput: 32_000,
  },
  "anthropic.claude-opus-4-20250514-v1:0": {
    ...ONE_OF_TWO,
    ...UNSTRUCTURED,
    sampling: "any",
    cacheMinimum: 1024,
    ttls: ["5m"],
    maxOutput: 32_000,
  },
  "anthropic.claude-sonnet-4-20250514-v1:0": {
    ...ONE_OF_TWO,
    ...UNSTRUCTURED,
    sampling: "any",
    cacheMinimum: 1024,
    ttls: ["5m"],
  },
  "anthropic.claude-3-7-sonnet-20250219-v1:0": {
    ...ONE_OF_TWO,
    ...UNSTRUCTURED,
    sampling: "any",
    cacheMinimum: 1024,
    ttls: ["5m"],
  },
  "anthropic.claude-3-5-sonnet-20241022-v2:0": {
    ...UNSTRUCTURED,
    sampling: "any",
    thinking: "none",
    efforts: [],
    prefill: true,
    systemRole: false,
    reasoningReplay: "none",
    maxOutput: 8192,
  },
  "anthropic.claude-3-5-haiku-20241022-v1:0": {
    ...UNSTRUCTURED,
    sampling: "any",
    thinking: "none",
    reasoningReplay: "none",
    cacheMinimum: 2048,
    ttls: ["5m"],
    maxOutput: 8192,
  },
  "anthropic.claude-3-haiku-20240307-v1:0": {
    ...UNSTRUCTURED,
    sampling: "any",
    thinking: "none",
    cache: false,
    reasoningReplay: "none",
    maxOutput: 4096,
  },
};

const WITHOUT_STATUS_AND_CACHE = { toolResultStatus: false, systemRole: false, cache: false };

const OTHERS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "amazon.nova-micro-v1:0": {
    sampling: "any",
    hyphensInToolNames: false,
    reasoningReplay: "none",
    sections: ["system", "messages"],
    ttls: ["5m"],
    cacheMinimum: 1536,
    toolResultStatus: true,
    unboundedAtHighEffort: undefined,
  },
  "amazon.nova-lite-v1:0": { cacheMinimum: 1536, streamingTools: true, maxOutput: 10_000 },
  "amazon.nova-pro-v1:0": { cacheMinimum: 1024, sections: ["system", "messages"] },
  "amazon.nova-premier-v1:0": { reasoningReplay: "none", hyphensInToolNames: false },
  "amazon.nova-2-lite-v1:0": {
    unboundedAtHighEffort: true,
    reasoningReplay: undefined,
    hyphensInToolNames: false,
  },
  "meta.llama3-3-70b-instruct-v1:0": {
    ...WITHOUT_STATUS_AND_CACHE,
    streamingTools: false,
    toolResultsAlone: true,
    reasoningReplay: "none",
  },
  "meta.llama4-maverick-17b-instruct-v1:0": { streamingTools: false, toolResultsAlone: true },
  "mistral.pixtral-large-2502-v1:0": { ...WITHOUT_STATUS_AND_CACHE, toolUseIds: "nine" },
  "deepseek.r1-v1:0": {
    ...WITHOUT_STATUS_AND_CACHE,
    streamingTools: false,
    reasoningReplay: "none",
  },
  "deepseek.v3.2": { ...WITHOUT_STATUS_AND_CACHE, streamingTools: undefined },
  "writer.palmyra-x5-v1:0": { streamingTools: false, cache: false },
  "openai.gpt-oss-120b-1:0": { thinking: "none", reasoningReplay: "none", cache: false },
  "openai.gpt-5.6-sol": { thinking: "none", reasoningReplay: undefined, cache: false },
  "cohere.command-r-plus-v1:0": { ...WITHOUT_STATUS_AND_CACHE, reasoningReplay: "none" },
};

/** The traits with those of the cache beside them, as the tables above have them. */
function flat(id: string): Record<string, unknown> {
  const traits = traitsOf(id);
  const cache = typeof traits.cache === "object" ? traits.cache : undefined;
  const { sections, ttls, minimumTokens: cacheMinimum } = cache ?? {};
  return { ...traits, sections, ttls, cacheMinimum };
}

for (const [id, expected] of [...Object.entries(CLAUDES), ...Object.entries(OTHERS)]) {
  test(`${id} is known for what it takes`, () => {
    const actual = flat(id);
    const asked = Object.fromEntries(Object.keys(expected).map((name) => [name, actual[name]]));
    assert.deepEqual(asked, expected);
  });
}

test("every Claude shares what all have, unless it is older than that", () => {
  for (const [id, expected] of Object.entries(CLAUDES)) {
    const { reasoningReplay = "signed" } = expected;
    const actual: Readonly<Record<string, unknown>> = { ...traitsOf(id) };
    for (const [name, value] of Object.entries({ ...ANY_CLAUDE, reasoningReplay })) {
      assert.deepEqual(actual[name], value, `${id} ${name}`);
    }
  }
});

test("an id is read by itself, with a prefix, and in an ARN", () => {
  const account = "arn:aws:bedrock:us-east-1:123456789012";
  for (const id of [...Object.keys(CLAUDES), ...Object.keys(OTHERS)]) {
    for (const form of [
      ...["us", "eu", "apac", "ap", "jp", "au", "ca", "in", "us-gov", "global"].map(
        (prefix) => `${prefix}.${id}`,
      ),
      `arn:aws:bedrock:us-east-1::foundation-model/${id}`,
      `${account}:inference-profile/us.${id}`,
      `arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:inference-profile/us-gov.${id}`,
    ]) {
      assert.deepEqual(traitsOf(form), traitsOf(id), form);
    }
  }
});

test("a date, a revision and what follows them change nothing", () => {
  for (const id of Object.keys(CLAUDES)) {
    const bare = id.replace(/(?:-\d{8})?(?:-v\d+)?(?::\d+)?$/, "");
    const { maxOutput: _, ...expected } = traitsOf(id);
    for (const end of ["", "-20260101", "-v1", "-v2:0", "-20260101-v1:0", "-20260101-v1:0:200k"]) {
      const { maxOutput: __, ...actual } = traitsOf(bare + end);
      assert.deepEqual(actual, expected, bare + end);
    }
  }
});

test("a model is never taken for another whose id begins alike", () => {
  for (const [one, other] of [
    ["anthropic.claude-sonnet-5", "anthropic.claude-sonnet-5-5"],
    ["anthropic.claude-opus-5", "anthropic.claude-opus-5-5"],
    ["anthropic.claude-fable-5", "anthropic.claude-fable-5-1"],
    ["anthropic.claude-opus-4-20250514-v1:0", "anthropic.claude-opus-4-1-20250805-v1:0"],
    ["anthropic.claude-sonnet-4-20250514-v1:0", "anthropic.claude-sonnet-4-6"],
    ["anthropic.claude-3-5-sonnet-20240620-v1:0", "anthropic.claude-3-sonnet-20240229-v1:0"],
  ] as const) {
    assert.notDeepEqual(traitsOf(one), traitsOf(other), `${one} and ${other}`);
  }
});

test("of a Claude to come only what all share is known", () => {
  for (const id of [
    "anthropic.claude-opus-6",
    "anthropic.claude-sonnet-5-6",
    "anthropic.claude-sonnet-5-55",
    "anthropic.claude-opus-4-9-v1:0",
    "anthropic.claude-opus-4-10",
    "anthropic.claude-epic-1-20270101-v1:0",
    "global.anthropic.claude-opus-6-v1:0",
  ]) {
    assert.deepEqual(traitsOf(id), ANY_CLAUDE, id);
  }
});

test("of an id that hides its model, or that nobody knows, nothing is known", () => {
  for (const id of [
    undefined,
    "",
    "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc",
    "arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc",
    "nobody.model-v1:0",
    "claude-sonnet-5",
    "notanthropic.claude-sonnet-5",
    "__proto__",
    "constructor",
  ]) {
    assert.deepEqual(traitsOf(id), {}, id);
  }
});

test("traits do not contradict the catalogue", () => {
  for (const { id, features, maxOutput } of listModels()) {
    const traits = traitsOf(id);
    const has = (feature: (typeof features)[number]) => features.includes(feature);
    if (traits.sampling !== undefined) {
      assert.equal(traits.sampling !== "none", has("sampling"), `${id} sampling`);
    }
    if (traits.cache !== undefined) {
      assert.equal(traits.cache !== false, has("prompt_cache"), `${id} prompt_cache`);
    }
    if (traits.streamingTools !== undefined) {
      assert.equal(traits.streamingTools, has("streaming_tools"), `${id} streaming_tools`);
    }
    if (traits.thinking !== undefined) {
      assert.equal(traits.thinking !== "none", has("reasoning"), `${id} reasoning`);
    }
    // Where sources differ, the higher figure is used: a lower one would cut answers short.
    assert.ok((traits.maxOutput ?? 0) >= maxOutput, `${id} maxOutput`);
  }
});

test("any text is an id that can be asked about, and asking again gives the same", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (id) => {
      const first = traitsOf(id);
      assert.deepEqual(traitsOf(id), first);
    }),
  );
  for (const long of [
    "anthropic.claude-3-".repeat(5000),
    `anthropic.claude-${"3-".repeat(50_000)}`,
  ]) {
    assert.equal(typeof traitsOf(long), "object");
  }
});
