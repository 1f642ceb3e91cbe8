// How the model picks its words. Parameters that are not given are not sent: Claude since 4.1 takes
// temperature or topP but not both, and its newest models take neither.

import { BedrockLLM, textOf } from "dcaf";

const llm = new BedrockLLM();

// #region parameters
const response = await llm.invoke({
  modelId: "us.amazon.nova-lite-v1:0",
  messages: "Write a creative story in three sentences.",
  maxTokens: 1000, // most tokens of the answer
  temperature: 0.8, // 0 to 1: higher is more varied
  topP: 0.9, // 0 to 1: only the likeliest words that make up this share
  stopSequences: ["THE END"], // the answer ends before any of these
  additionalModelRequestFields: { inferenceConfig: { topK: 50 } }, // of this model alone
});
// #endregion

console.log(textOf(response));
console.log(`stopped by: ${response.stopReason}`);
