// Counting tokens: what is sent, and what comes back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { startLocalBedrock } from "../../src/local/index.ts";
import { testClient } from "../helpers/client.ts";
import { answerJson, scriptedServer } from "../helpers/scripted-server.ts";

test("what weighs in the prompt is sent to the model itself, and nothing else", async (context) => {
  const server = await scriptedServer(context, (_, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ inputTokens: 42 }));
  });
  const counted = await testClient(context, server.url).countTokens({
    modelId: "us.anthropic.claude-haiku-4-5-20251001-v1:0",
    messages: ["hi", { image: { format: "png", source: { bytes: new Uint8Array([1]) } } }].map(
      (content) => ({ role: "user", content }),
    ),
    systemPrompt: "Be brief.",
    tools: [{ name: "a", parameters: { type: "object" } }],
  });
  assert.deepEqual(counted, { inputTokens: 42 });
  const [request] = server.requests;
  assert.equal(request?.path, "/model/anthropic.claude-haiku-4-5-20251001-v1%3A0/count-tokens");
  assert.deepEqual(JSON.parse(request?.body ?? ""), {
    input: {
      converse: {
        messages: [
          {
            role: "user",
            content: [{ text: "hi" }, { image: { format: "png", source: { bytes: "AQ==" } } }],
          },
        ],
        system: [{ text: "Be brief." }],
        toolConfig: {
          tools: [{ toolSpec: { name: "a", inputSchema: { json: { type: "object" } } } }],
        },
      },
    },
  });
});

test("the embedded endpoint counts, and the same prompt always the same", async (context) => {
  const local = await startLocalBedrock();
  context.after(() => local.close());
  const llm = testClient(context, local.url);
  const [first, second] = await Promise.all([
    llm.countTokens({ messages: "How long is this?" }),
    llm.countTokens({ messages: "How long is this?" }),
  ]);
  assert.ok(first.inputTokens > 0);
  assert.deepEqual(first, second);
});

test("an answer without a count is refused", async (context) => {
  const server = await scriptedServer(context, (_, response) => answerJson(response, "no count"));
  await assert.rejects(testClient(context, server.url).countTokens({ messages: "hi" }), {
    name: "StreamError",
    reason: "protocol",
  });
});

test("what does not weigh is not known here", async (context) => {
  const llm = testClient(context, "http://127.0.0.1:1");
  await assert.rejects(llm.countTokens({ messages: "hi", maxTokens: 5 } as object), {
    name: "TypeError",
    message: /countTokens: “maxTokens” is not a known option/,
  });
});
