// Models differ in what they take. What one would refuse is left out or said in other words before it
// is sent, and you are told.

import { BedrockLLM } from "dcaf";

const llm = new BedrockLLM();

// #region warnings
const modelId = "global.anthropic.claude-opus-5"; // takes no sampling parameters
const response = await llm.invoke({ modelId, messages: "Name a colour.", temperature: 0.2 });

for (const { path, rule, message } of response.$metadata?.warnings ?? []) {
  console.log(`${path}: ${message} (${rule})`);
}
// #endregion

// #region explain
const { operation, request, changes } = llm.explainRequest(
  {
    modelId: "us.meta.llama4-maverick-17b-instruct-v1:0",
    messages: "What's the weather in Rome?",
    tools: [{ name: "weather.now", parameters: { type: "object" } }],
  },
  "converse-stream",
);

console.log(`sent as ${operation}`); // this model calls tools in whole answers only
console.log(`tool: ${request.toolConfig?.tools[0]?.toolSpec?.name}`);
for (const { kind, path, message } of changes) console.log(`${kind}: ${path}: ${message}`);
// #endregion
