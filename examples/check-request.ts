// What Bedrock would refuse, found before sending: for histories that come from elsewhere, and for
// tests. Takes a request in the form of the wire.

import { checkRequest, normalizeMessages } from "dcaf";

// #region check
const messages = [
  { role: "user", content: [{ text: "What's the weather in Rome?" }] },
  { role: "assistant", content: [{ toolUse: { toolUseId: "t1", name: "weather", input: {} } }] },
  { role: "user", content: [{ text: "Never mind. Tell me a joke." }] },
];
const toolConfig = {
  tools: [{ toolSpec: { name: "weather", inputSchema: { json: { type: "object" } } } }],
};
const inferenceConfig = { temperature: 2 };

for (const { path, rule, message } of checkRequest({ messages, toolConfig, inferenceConfig })) {
  console.log(`${path}: ${message} (${rule})`);
}
// #endregion

// #region repair
const repaired = normalizeMessages(messages); // the call without a result gets one
console.log(`${checkRequest({ messages: repaired, toolConfig }).length} issues after repair`);
// #endregion
