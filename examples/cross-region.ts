// One model under two ids: with a prefix the request goes to whichever region of that geography has
// room, without one it stays in the client's region.

import { BedrockLLM, textOf } from "dcaf";

const llm = new BedrockLLM({ region: "us-east-1" });

// #region prefix
const crossRegion = "us.amazon.nova-lite-v1:0";
const singleRegion = "amazon.nova-lite-v1:0";
// #endregion

for (const modelId of [crossRegion, singleRegion]) {
  const response = await llm.invoke({ modelId, messages: "Say yes.", maxTokens: 10 });
  console.log(`${modelId}: ${textOf(response)}`);
}
