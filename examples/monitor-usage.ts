// What an answer took. The request id is what AWS support asks for.

import { BedrockLLM, type TokenUsage } from "dcaf";

const llm = new BedrockLLM({ modelId: "fast" });

// #region usage
const response = await llm.invoke({ messages: "What is the capital of Japan?" });

const { inputTokens, outputTokens, cacheReadInputTokens = 0 }: TokenUsage = response.usage;
console.log(`Input tokens: ${inputTokens}`);
console.log(`Output tokens: ${outputTokens}`);
console.log(`Read from the cache: ${cacheReadInputTokens}`);
console.log(`Latency: ${response.metrics.latencyMs} ms`);
console.log(`Request id: ${response.$metadata?.requestId}`);
// #endregion
