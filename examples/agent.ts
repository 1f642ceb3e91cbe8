// The complete tool loop: an agent asks the model, runs the tools it calls, hands back the results, and ends
// with the answer. The tool's input is typed by its schema, here a plain JSON Schema.

import { Agent, BedrockLLM, defineTool } from "dcaf";

// #region tool
const getWeather = defineTool({
  name: "get_weather",
  description: "Get current weather for a location",
  inputSchema: {
    type: "object",
    properties: {
      location: { type: "string", description: "City and state, e.g. San Francisco, CA" },
      unit: { type: "string", enum: ["celsius", "fahrenheit"] },
    },
    required: ["location"],
  },
  // `location` is a string here, and `unit` one of the two or undefined.
  execute: async ({ location, unit = "celsius" }) => {
    return `Weather in ${location}: ${unit === "celsius" ? "22 °C" : "72 °F"}, sunny`;
  },
});
// #endregion

// #region run
const agent = new Agent({
  llm: new BedrockLLM(),
  modelId: "fast",
  systemPrompt: "You are a helpful assistant.",
  tools: [getWeather],
});

const result = await agent.run("What's the weather in NYC?");
console.log(result.text);
console.log(`${result.stopReason} after ${result.turns} turns, ${result.usage.totalTokens} tokens`);
// #endregion
