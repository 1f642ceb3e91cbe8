// One's own code under test, without an account: the embedded endpoint on a free port, with a
// function in place of the model. Runs as a script or under `node --test`.

// #region test
import assert from "node:assert/strict";
import { test } from "node:test";
import { BedrockError, BedrockLLM, textOf } from "dcaf";
import { startLocalBedrock } from "dcaf/local";

test("the summary is asked for in one sentence", async () => {
  const local = await startLocalBedrock({ model: () => "Rivers flow." });
  const llm = new BedrockLLM({ endpoint: local.url, modelId: "fast" });

  assert.equal(await summarize(llm, "a long text"), "Rivers flow.");
  const [request] = local.requests;
  assert.deepEqual(request?.body, {
    messages: [{ role: "user", content: [{ text: "a long text" }] }],
    system: [{ text: "Summarize in one sentence." }],
    inferenceConfig: { maxTokens: 100 },
  });
  await local.close();
});

test("a throttled summary is an error that may pass", async () => {
  const model = () => {
    throw Object.assign(new Error("Too many requests"), { name: "ThrottlingException" });
  };
  const local = await startLocalBedrock({ model });
  const llm = new BedrockLLM({ endpoint: local.url, modelId: "fast", retry: { mode: "off" } });

  await assert.rejects(summarize(llm, "a long text"), (error) => {
    return error instanceof BedrockError && error.name === "ThrottlingException" && error.retryable;
  });
  await local.close();
});
// #endregion

async function summarize(llm: BedrockLLM, text: string): Promise<string> {
  const systemPrompt = "Summarize in one sentence.";
  return textOf(await llm.invoke({ systemPrompt, messages: text, maxTokens: 100 }));
}
