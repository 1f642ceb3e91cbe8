// Edges 51 to 55: ids, access and quota, where a library can do little but say what to do. See
// docs/sharp-edges.md.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { BedrockError, findModel } from "../../src/index.ts";
import { TEST_CREDENTIALS, testClient } from "../helpers/client.ts";
import { answerError, answerJson, scriptedServer } from "../helpers/scripted-server.ts";
import { OPUS_4_7, PROFILE_ARN, rulesOf, startAsking } from "./asking.ts";

type Context = Parameters<typeof scriptedServer>[0];

/** What a caller gets for a refusal, and how often was asked. */
async function refusedWith(
  context: Context,
  [status, name, message, headers]: [number, string, string, Record<string, string>?],
): Promise<{ error: BedrockError; requests: number }> {
  const server = await scriptedServer(context, (_, response) =>
    answerError(response, status, name, message, headers),
  );
  const error = await testClient(context, server.url)
    .invoke({ messages: "hi" })
    .then(
      () => assert.fail("was answered"),
      (thrown: unknown) => thrown,
    );
  assert.ok(error instanceof BedrockError);
  assert.equal(error.code, name);
  assert.equal(error.message, message);
  return { error, requests: server.requests.length };
}

test("edge 51: a model that is reached through a profile only: the hint says how to write its id", async (context) => {
  const { error, requests } = await refusedWith(context, [
    400,
    "ValidationException",
    "Invocation of model ID anthropic.claude-sonnet-4-5-20250929-v1:0 with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.",
  ]);
  assert.match(error.hint ?? "", /put a prefix such as `us\.`, `eu\.` or `global\.` before the id/);
  assert.equal(requests, 1);
  const known = findModel("anthropic.claude-sonnet-4-5-20250929-v1:0");
  assert.equal(known?.id, "global.anthropic.claude-sonnet-4-5-20250929-v1:0");
});

describe("an application profile", () => {
  test("edge 52: is fitted to the model that its caller names, and still asked by its ARN", async (context) => {
    const { ask, local } = await startAsking(context, {
      modelId: PROFILE_ARN,
      baseModelId: "anthropic.claude-opus-4-7",
    });
    const { sent, warnings } = await ask({ messages: "hi", temperature: 0 });
    assert.equal(local.requests.at(-1)?.modelId, PROFILE_ARN);
    assert.equal(sent.inferenceConfig?.temperature, undefined);
    assert.deepEqual(rulesOf(warnings), ["sampling-refused"]);
    const other = await ask({ modelId: `${PROFILE_ARN}4`, messages: "hi", temperature: 0 });
    assert.equal(other.sent.inferenceConfig?.temperature, 0, "the client's own id only");
    const stated = await ask({
      modelId: `${PROFILE_ARN}4`,
      baseModelId: OPUS_4_7,
      messages: "hi",
      temperature: 0,
    });
    assert.deepEqual(rulesOf(stated.warnings), ["sampling-refused"]);
  });
});

describe("a model the account may not call yet, or any more", () => {
  const refusals: [title: string, refusal: [number, string, string], hint: RegExp][] = [
    [
      "edge 53: without the first-use form",
      [
        404,
        "ResourceNotFoundException",
        "Model use case details have not been submitted for this account. Fill out the Anthropic use case details form before using the model.",
      ],
      /use-case form once for the account/,
    ],
    [
      "edge 53: that is legacy",
      [
        404,
        "ResourceNotFoundException",
        "This Model is marked by provider as Legacy and you have not been actively using the model in the last 30 days.",
      ],
      /retired/,
    ],
    [
      "edge 53: whose id is no longer known",
      [400, "ValidationException", "The provided model identifier is invalid."],
      /spelling of the model id, its prefix, and that the region offers it/,
    ],
    [
      "edge 53: that wants another data retention",
      [
        400,
        "ValidationException",
        "data retention mode 'default' is not available for this model.",
      ],
      /Sending it again will not help/,
    ],
  ];
  for (const [title, refusal, hint] of refusals) {
    test(`${title}: the hint says what to do, and nothing is repeated`, async (context) => {
      const { error, requests } = await refusedWith(context, refusal);
      assert.match(error.hint ?? "", hint);
      assert.deepEqual([error.retryable, requests], [false, 1]);
    });
  }
});

describe("a throttle", () => {
  const MINUTE = "Too many tokens, please wait before trying again.";

  test("edge 54: is met with another attempt, not before the time the service asked for", async (context) => {
    const server = await scriptedServer(context, (_, response, index) => {
      if (index > 0) answerJson(response, "ok");
      else answerError(response, 429, "ThrottlingException", MINUTE, { "retry-after": "1" });
    });
    const { $metadata } = await testClient(context, server.url).invoke({ messages: "hi" });
    // Jitter alone stays below a second.
    assert.deepEqual([$metadata?.attempts, $metadata?.totalRetryDelay], [2, 1000]);
  });

  test("edge 54: that asks for more than a minute of patience is told with the time", async (context) => {
    const { error, requests } = await refusedWith(context, [
      429,
      "ThrottlingException",
      MINUTE,
      { "retry-after": "61" },
    ]);
    assert.deepEqual([error.retryable, error.retryAfterMs, requests], [true, 61_000, 1]);
    assert.match(error.hint ?? "", /lower maxTokens \(it is reserved up front\)/);
  });

  test("edge 54: for the day is not met with another attempt", async (context) => {
    const { error, requests } = await refusedWith(context, [
      429,
      "ThrottlingException",
      "Too many tokens per day, please wait before trying again.",
    ]);
    assert.deepEqual([error.retryable, requests], [false, 1]);
    assert.match(error.hint ?? "", /daily token quota is used up/);
  });
});

test("edge 55: a key the service does not know: the hint lists the causes and the source, and no key is shown", async (context) => {
  const { error, requests } = await refusedWith(context, [
    403,
    "UnrecognizedClientException",
    "The security token included in the request is invalid.",
  ]);
  assert.deepEqual([error.retryable, requests], [false, 1]);
  assert.match(error.hint ?? "", /unknown, expired or of another partition/);
  assert.match(error.hint ?? "", /The keys came from the option credentials\.$/);
  const shown = inspect(error, { showHidden: true, depth: 9 });
  for (const secret of Object.values(TEST_CREDENTIALS)) assert.ok(!shown.includes(secret));
});
