// An application inference profile, for instance one for each team, hides its model in its ARN. Say
// which it is, and requests are fitted to it.

import { BedrockLLM, textOf } from "dcaf";

// #region base-model
const llm = new BedrockLLM({
  modelId: "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4e5f6",
  baseModelId: "anthropic.claude-opus-5",
});
// #endregion

const response = await llm.invoke({ messages: "What is the capital of Italy?", temperature: 0 });
console.log(textOf(response));
console.log(`warnings: ${response.$metadata?.warnings?.length}`);
