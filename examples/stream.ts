// The answer while it is being written. The request is under way as soon as `invokeStream` returns.

import { BedrockLLM } from "dcaf";

const llm = new BedrockLLM();

// #region stream
const stream = llm.invokeStream({
  modelId: "fast",
  messages: "Tell me a story in five sentences.",
  maxTokens: 500,
});

for await (const text of stream.text()) process.stdout.write(text);
// #endregion

// #region response
const response = await stream.response(); // the same shape as from invoke()
console.log(`\n${response.stopReason}, ${response.usage.outputTokens} tokens`);
// #endregion
