// One request with everything in it that some model refuses, sent to all models of the catalogue and
// one of each other family: the embedded endpoint, which refuses what they refuse, takes it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type InvokeOptions, listModels } from "../../src/index.ts";
import { startLocalBedrock } from "../../src/local/index.ts";
import { testClient } from "../helpers/client.ts";

const OTHERS = [
  "us.amazon.nova-2-lite-v1:0",
  "us.meta.llama4-maverick-17b-instruct-v1:0",
  "mistral.mistral-large-3-675b-instruct",
  "openai.gpt-oss-120b-1:0",
  "us.deepseek.r1-v1:0",
  "writer.palmyra-x5-v1:0",
  "qwen.qwen3-32b-v1:0",
  "unknown.model",
];

const PNG = { bytes: Uint8Array.of(0x89, 0x50, 0x4e, 0x47) };
const SCHEMA = {
  type: "object",
  properties: { count: { type: "integer", minimum: 1 } },
} as const;

const EVERYTHING: InvokeOptions = {
  systemPrompt: "Be brief. ".repeat(900),
  temperature: 0.5,
  topP: 0.9,
  maxTokens: 200_000,
  tools: [{ name: "gh.create-issue", description: "", parameters: SCHEMA, strict: true }],
  toolChoice: "required",
  outputConfig: {
    effort: "xhigh",
    textFormat: {
      type: "json_schema",
      structure: { jsonSchema: { schema: JSON.stringify(SCHEMA) } },
    },
  },
  additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 2000 }, top_k: 5 },
  messages: [
    { role: "system", content: "Speak up." },
    { role: "assistant", content: "Hello" },
    {
      role: "user",
      content: [
        "",
        { image: { format: "jpg", source: PNG } },
        { document: { format: "pdf", name: "a_b.pdf", source: PNG } },
      ],
    },
    {
      role: "assistant",
      content: [
        { reasoningContent: { reasoningText: { text: "Hm." } } },
        { toolUse: { toolUseId: "call 1", name: "gh.create-issue", input: "[1]" } },
        { toolUse: { toolUseId: "call 1", name: "other/tool", input: null } },
      ],
    },
    { role: "system", content: "Speak lower." },
    {
      role: "user",
      content: [
        { toolResult: { toolUseId: "call 1", content: "", status: "error" } },
        { text: "And \ud800" },
        { cachePoint: { type: "default", ttl: "1h" } },
      ],
    },
  ],
};

test("a request that every model refuses for some reason is accepted by all", async (context) => {
  const local = await startLocalBedrock();
  context.after(() => local.close());
  const llm = testClient(context, local.url);
  const models = [...listModels().map(({ id }) => id), ...OTHERS];
  for (const modelId of models) {
    const whole = await llm.invoke({ ...EVERYTHING, modelId });
    assert.equal(whole.$metadata?.attempts, 1, modelId);
    const streamed = await llm.invokeStream({ ...EVERYTHING, modelId }).response();
    assert.equal(streamed.$metadata?.attempts, 1, modelId);
  }
  assert.equal(local.requests.length, 2 * models.length);
});
