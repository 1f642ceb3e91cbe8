import assert from "node:assert/strict";
import { test } from "node:test";
import { findModel, listModels } from "../../src/index.ts";
import { costOf } from "../../src/models/cost-of.ts";

const GUIDE_IDS = [
  "us.anthropic.claude-3-5-sonnet-20240620-v1:0",
  "us.anthropic.claude-3-sonnet-20240229-v1:0",
  "us.anthropic.claude-3-5-haiku-20241022-v1:0",
  "us.anthropic.claude-opus-4-20250514-v1:0",
];

test("the four ids of older guides are known, with their status", () => {
  for (const id of GUIDE_IDS) {
    assert.deepEqual([findModel(id)?.id, findModel(id)?.status], [id, "legacy"]);
  }
});

test("a model is found by any prefix, without one, and by an ARN that tells it", () => {
  const base = "anthropic.claude-haiku-4-5-20251001-v1:0";
  const model = findModel(base);
  assert.equal(model?.family, "anthropic");
  for (const id of [`eu.${base}`, `arn:aws:bedrock:us-east-1::foundation-model/${base}`, "fast"]) {
    assert.equal(findModel(id), model);
  }
});

test("every alias names a model of the table that is not legacy", () => {
  for (const alias of ["fast", "general", "complex"]) {
    assert.equal(findModel(alias)?.status, "active", alias);
  }
});

test("a model is never mistaken for another whose id begins alike", () => {
  assert.equal(findModel("us.anthropic.claude-sonnet-5-5"), undefined);
  assert.notEqual(findModel("anthropic.claude-opus-5-5"), findModel("anthropic.claude-opus-5"));
});

test("an unknown id, a name from Object.prototype and an ARN that hides its model are not found", () => {
  const hidden = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc";
  for (const id of ["x.y", "constructor", "__proto__", "", hidden]) {
    assert.equal(findModel(id), undefined);
  }
});

test("models are listed by family, status and features", () => {
  assert.ok(listModels().length > 10);
  assert.ok(listModels({ family: "amazon" }).every(({ id }) => id.includes("amazon.")));
  assert.equal(listModels({ status: "legacy" }).length, GUIDE_IDS.length);
  assert.ok(listModels({ features: ["video"] }).every(({ family }) => family === "amazon"));
  assert.deepEqual(listModels({ family: "nobody" }), []);
  assert.throws(() => listModels({ famly: "amazon" } as object), /Did you mean “family”/);
});

test("every row is dated and consistent", () => {
  for (const model of listModels()) {
    assert.match(model.asOf, /^\d{4}-\d\d-\d\d$/);
    assert.ok(model.maxOutput <= model.context && model.maxOutput > 0, model.id);
  }
});

test("a price is that of the id it stands by", () => {
  assert.deepEqual(findModel("complex")?.price, {
    input: 5,
    output: 25,
    cacheRead: 0.5,
    cacheWrite5m: 6.25,
    cacheWrite1h: 10,
  });
  assert.deepEqual(findModel("amazon.nova-lite-v1:0")?.price, {
    input: 0.06,
    output: 0.24,
    cacheRead: 0.015,
  });
  const million = { inputTokens: 1_000_000, outputTokens: 1_000_000 };
  for (const { id, price } of listModels()) {
    const parts = costOf(million, id)?.parts;
    assert.deepEqual([price?.input, price?.output], [parts?.input, parts?.output], id);
  }
});
