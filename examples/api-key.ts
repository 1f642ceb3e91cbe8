// A Bedrock API key instead of AWS keys. `AWS_BEARER_TOKEN_BEDROCK` is read without the option too.

import { BedrockLLM, textOf } from "dcaf";

// #region api-key
const llm = new BedrockLLM({
  region: "us-east-1",
  apiKey: process.env["AWS_BEARER_TOKEN_BEDROCK"],
});
// #endregion

const response = await llm.invoke({ modelId: "fast", messages: "Name an island." });
console.log(textOf(response));
