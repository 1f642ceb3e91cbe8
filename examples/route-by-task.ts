// The right model for each task: a fast one sorts, a capable one works.

import { BedrockLLM, textOf } from "dcaf";

const llm = new BedrockLLM();
const question = "How do I roll back a deployment?";

// #region route
const routing = await llm.invoke({
  modelId: "fast",
  systemPrompt: "Answer with one word, kubernetes or billing.",
  messages: question,
  maxTokens: 10,
});
const topic = textOf(routing).trim().toLowerCase();

const answer = await llm.invoke({
  modelId: "general",
  systemPrompt: `You are an expert for ${topic === "billing" ? "billing" : "Kubernetes"}.`,
  messages: question,
  maxTokens: 1000,
});
// #endregion

console.log(textOf(answer));
