import assert from "node:assert/strict";
import { test } from "node:test";
import { parseModelId } from "../../src/models/model-id.ts";

const BASE = "anthropic.claude-3-5-sonnet-20240620-v1:0";

for (const [id, expected] of [
  [BASE, { baseId: BASE }],
  [`us.${BASE}`, { prefix: "us", baseId: BASE }],
  [`us-gov.${BASE}`, { prefix: "us-gov", baseId: BASE }],
  [`global.${BASE}`, { prefix: "global", baseId: BASE }],
  [`apac.${BASE}`, { prefix: "apac", baseId: BASE }],
  ["amazon.nova-lite-v1:0", { baseId: "amazon.nova-lite-v1:0" }],
  ["deepseek.v3.2", { baseId: "deepseek.v3.2" }],
  [
    `arn:aws:bedrock:us-east-1::foundation-model/${BASE}`,
    { resource: "foundation-model", baseId: BASE },
  ],
  [
    `arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:inference-profile/us-gov.${BASE}`,
    { resource: "inference-profile", prefix: "us-gov", baseId: BASE },
  ],
  [
    "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123",
    { resource: "application-inference-profile" },
  ],
  ["arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1", { resource: "prompt" }],
  ["", { baseId: "" }],
] as const) {
  test(`“${id}” is read`, () => assert.deepEqual(parseModelId(id), expected));
}
