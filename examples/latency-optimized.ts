// The latency-optimised mode, for the models that offer it.

import { BedrockLLM, textOf } from "dcaf";

const llm = new BedrockLLM({ region: "us-east-2" });

// #region latency
const response = await llm.invoke({
  modelId: "us.amazon.nova-pro-v1:0",
  messages: "Say yes.",
  performanceConfig: { latency: "optimized" },
});
// #endregion

console.log(textOf(response));
console.log(`latency: ${response.metrics.latencyMs} ms`);
