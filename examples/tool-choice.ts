// Whether the model may, must or must not call a tool.

import { BedrockLLM, type PlainTool, toolUsesOf } from "dcaf";

const llm = new BedrockLLM({ modelId: "fast" });
const tools: PlainTool[] = [
  {
    name: "get_weather",
    description: "Get current weather for a location",
    inputSchema: { type: "object", properties: { location: { type: "string" } } },
  },
  {
    name: "get_time",
    description: "Get the local time of a location",
    inputSchema: { type: "object", properties: { location: { type: "string" } } },
  },
];
const messages = "What's the weather in Oslo?";

// #region choices
const auto = await llm.invoke({ messages, tools, toolChoice: "auto" }); // the default
const any = await llm.invoke({ messages, tools, toolChoice: "any" }); // some tool
const one = await llm.invoke({ messages, tools, toolChoice: { type: "tool", name: "get_time" } });
const none = await llm.invoke({ messages, tools, toolChoice: "none" }); // words only
// #endregion

for (const [choice, response] of Object.entries({ auto, any, one, none })) {
  const names = toolUsesOf(response).map(({ name }) => name);
  console.log(`${choice}: ${names.join(", ") || "no tool"} (${response.stopReason})`);
}
