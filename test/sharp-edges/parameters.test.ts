// Edges 27 to 32: sampling, thinking, effort and length. See docs/sharp-edges.md.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { testClient } from "../helpers/client.ts";
import { answerError, answerJson, scriptedServer } from "../helpers/scripted-server.ts";
import {
  HAIKU_4_5,
  OPUS_4_6,
  OPUS_4_7,
  OPUS_5,
  OPUS_5_5,
  PROFILE_ARN,
  rulesOf,
  SONNET_4_5,
  startAsking,
  stoppedFor,
} from "./asking.ts";

test("edge 27: of temperature and topP the temperature goes to a model that takes one", async (context) => {
  const { ask } = await startAsking(context, { modelId: SONNET_4_5 });
  const { sent, warnings } = await ask({ messages: "hi", temperature: 0.2, topP: 0.9 });
  assert.deepEqual(sent.inferenceConfig, { maxTokens: 4096, temperature: 0.2 });
  assert.deepEqual(
    warnings.map(({ path, rule, kind }) => [path, rule, kind]),
    [["inferenceConfig.topP", "sampling-exclusive", "warning"]],
  );
  const alone = await ask({ messages: "hi", topP: 0.9 });
  assert.deepEqual(alone.sent.inferenceConfig, { maxTokens: 4096, topP: 0.9 });
  assert.deepEqual(alone.warnings, []);
});

describe("sampling that a model has given up", () => {
  test("edge 28: none is sent unasked, and none to a model that refuses it", async (context) => {
    const { ask } = await startAsking(context, { modelId: OPUS_4_7 });
    const plain = await ask({ messages: "hi" });
    assert.deepEqual(plain.sent.inferenceConfig, { maxTokens: 4096 });
    const { sent, warnings } = await ask({
      messages: "hi",
      temperature: 0,
      additionalModelRequestFields: { top_k: 40 },
    });
    assert.deepEqual(sent.inferenceConfig, { maxTokens: 4096 });
    assert.equal(sent.additionalModelRequestFields, undefined);
    assert.deepEqual(rulesOf(warnings), ["sampling-refused", "sampling-refused"]);
  });

  test("edge 28: behind a profile it is learnt from the refusal, once for all calls", async (context) => {
    const server = await scriptedServer(context, ({ body }, response) => {
      if (!body.includes("temperature")) return answerJson(response, "ok");
      const message =
        "The model returned the following errors: `temperature` is deprecated for this model.";
      answerError(response, 400, "ValidationException", message);
    });
    const llm = testClient(context, server.url, { modelId: PROFILE_ARN });
    const first = await llm.invoke({ messages: "hi", temperature: 0.3 });
    assert.deepEqual(rulesOf(first.$metadata?.warnings), ["sampling-refused"]);
    const second = await llm.invoke({ messages: "hello", temperature: 0.3 });
    assert.equal(second.$metadata?.attempts, 1);
    assert.deepEqual(
      server.requests.map(({ body }) => body.includes("temperature")),
      [true, false, false],
    );
  });
});

describe("thinking", () => {
  const budget = (budget_tokens: number) => ({ thinking: { type: "enabled", budget_tokens } });
  const adaptive = { thinking: { type: "adaptive" } };

  test("edge 29: a budget becomes adaptive thinking, and the other way round", async (context) => {
    const { ask } = await startAsking(context);
    const newer = await ask({
      modelId: OPUS_5,
      messages: "hi",
      additionalModelRequestFields: budget(8000),
    });
    assert.deepEqual(newer.sent.additionalModelRequestFields, adaptive);
    assert.deepEqual(newer.sent.outputConfig, { effort: "medium" });
    const older = await ask({
      modelId: HAIKU_4_5,
      messages: "hi",
      additionalModelRequestFields: adaptive,
    });
    assert.deepEqual(older.sent.additionalModelRequestFields, budget(16_384));
    assert.ok((older.sent.inferenceConfig?.maxTokens ?? 0) > 16_384);
    for (const { warnings } of [newer, older]) {
      assert.deepEqual(rulesOf(warnings), ["thinking-shape"]);
    }
  });

  test("edge 29: a model that always thinks is not told to stop", async (context) => {
    const { ask } = await startAsking(context, { modelId: OPUS_5_5 });
    const { sent, warnings } = await ask({
      messages: "hi",
      additionalModelRequestFields: { thinking: { type: "disabled" } },
    });
    assert.equal(sent.additionalModelRequestFields, undefined);
    assert.deepEqual(rulesOf(warnings), ["thinking-shape"]);
  });

  test("edge 29: beside a budget there is room for the answer and no sampling", async (context) => {
    const { ask } = await startAsking(context, { modelId: SONNET_4_5 });
    const { sent, warnings } = await ask({
      messages: "hi",
      temperature: 0.2,
      additionalModelRequestFields: { ...budget(10_000), top_k: 40 },
    });
    assert.deepEqual(sent.inferenceConfig, { maxTokens: 14_096 });
    assert.deepEqual(sent.additionalModelRequestFields, budget(10_000));
    assert.deepEqual(rulesOf(warnings), ["thinking-sampling", "thinking-sampling"]);
  });

  test("edge 29: a budget above the caller's own maxTokens is his to settle", async (context) => {
    const asking = await startAsking(context, { modelId: SONNET_4_5 });
    const options = {
      messages: "hi",
      maxTokens: 2000,
      additionalModelRequestFields: budget(4000),
    };
    assert.deepEqual(await stoppedFor(asking, options), [
      ["additionalModelRequestFields.thinking.budget_tokens", "thinking-budget"],
    ]);
  });

  test("edge 30: an effort is lowered to the highest the model takes", async (context) => {
    const { ask } = await startAsking(context);
    for (const [modelId, asked, sent] of [
      [OPUS_4_6, "xhigh", "high"],
      [OPUS_5, "xhigh", "xhigh"],
      [SONNET_4_5, "high", undefined],
    ] as const) {
      const answer = await ask({ modelId, messages: "hi", outputConfig: { effort: asked } });
      assert.equal(answer.sent.outputConfig?.effort, sent);
      assert.deepEqual(rulesOf(answer.warnings), asked === sent ? [] : ["effort-refused"]);
    }
  });

  test("edge 30: with thinking off there is no effort above high", async (context) => {
    const { ask } = await startAsking(context, { modelId: OPUS_5 });
    const { sent, warnings } = await ask({
      messages: "hi",
      outputConfig: { effort: "max" },
      additionalModelRequestFields: { thinking: { type: "disabled" } },
    });
    assert.equal(sent.outputConfig?.effort, "high");
    assert.deepEqual(rulesOf(warnings), ["effort-refused"]);
  });
});

describe("the length of an answer", () => {
  test("edge 31: a limit is always sent, whatever the model and the way of asking", async (context) => {
    const { ask, llm, local } = await startAsking(context);
    for (const modelId of ["us.test.model-v1:0", PROFILE_ARN, OPUS_5, HAIKU_4_5]) {
      const { sent } = await ask({ modelId, messages: "hi" });
      assert.equal(sent.inferenceConfig?.maxTokens, 4096);
      await llm.invokeStream({ modelId, messages: "hi" }).response();
      assert.deepEqual(local.requests.at(-1)?.body, sent);
    }
    const { sent } = await ask({ messages: "hi", maxTokens: 12 });
    assert.equal(sent.inferenceConfig?.maxTokens, 12);
  });

  test("edge 31: a prompt of Prompt management keeps the limit that it brings", async (context) => {
    const { ask } = await startAsking(context);
    const modelId = "arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1";
    const { sent } = await ask({ modelId, promptVariables: { city: { text: "Oslo" } } });
    assert.deepEqual(sent, { promptVariables: { city: { text: "Oslo" } } });
  });

  test("edge 32: a limit above the model's own is lowered, with a warning", async (context) => {
    const { ask } = await startAsking(context, { modelId: HAIKU_4_5 });
    const { sent, warnings } = await ask({ messages: "hi", maxTokens: 1_000_000 });
    assert.equal(sent.inferenceConfig?.maxTokens, 64_000);
    assert.deepEqual(rulesOf(warnings), ["max-tokens-ceiling"]);
  });

  test("edge 32: the limit of a model that is not known is read from its refusal", async (context) => {
    const server = await scriptedServer(context, ({ body }, response) => {
      if (JSON.parse(body).inferenceConfig.maxTokens <= 5000) return answerJson(response, "ok");
      const message =
        "The maximum tokens you requested exceeds the model limit of 5000. Try again with a maximum tokens value that is lower than 5000.";
      answerError(response, 400, "ValidationException", message);
    });
    const llm = testClient(context, server.url);
    for (const attempts of [2, 1]) {
      const response = await llm.invoke({ messages: "hi", maxTokens: 9000 });
      assert.equal(response.$metadata?.attempts, attempts);
      assert.deepEqual(rulesOf(response.$metadata?.warnings), ["max-tokens-ceiling"]);
    }
  });
});
