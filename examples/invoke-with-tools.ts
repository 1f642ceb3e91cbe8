// A tool is a name, a description and a JSON Schema. The model answers with the calls it wants made;
// making them is yours, see tool-loop.ts.

import { BedrockLLM, type PlainTool, textOf, toolUsesOf } from "dcaf";

const llm = new BedrockLLM();

// #region define
const getWeather: PlainTool = {
  name: "get_weather",
  description: "Get current weather for a location",
  inputSchema: {
    type: "object",
    properties: {
      location: { type: "string", description: "City and state, e.g. San Francisco, CA" },
      unit: { type: "string", enum: ["celsius", "fahrenheit"], description: "Temperature unit" },
    },
    required: ["location"],
  },
};
// #endregion

// #region invoke
const response = await llm.invoke({
  modelId: "fast",
  messages: "What's the weather in Tokyo?",
  tools: [getWeather],
});

for (const { name, input } of toolUsesOf(response)) {
  console.log(`Tool: ${name}`);
  console.log(`Input: ${JSON.stringify(input)}`);
}
// #endregion

if (response.stopReason !== "tool_use") console.log(`No tool was called: ${textOf(response)}`);
