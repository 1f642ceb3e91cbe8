// Streaming and tools together: show the text as it comes, then take the finished calls from the
// response, where the pieces of their input have been joined and parsed.

import { BedrockLLM, type PlainTool, toolUsesOf } from "dcaf";

const llm = new BedrockLLM();
const getWeather: PlainTool = {
  name: "get_weather",
  description: "Get current weather for a location",
  inputSchema: {
    type: "object",
    properties: { location: { type: "string" } },
    required: ["location"],
  },
};

// #region stream
const stream = llm.invokeStream({
  modelId: "fast",
  messages: "What's the weather in Lisbon?",
  tools: [getWeather],
});

for await (const event of stream) {
  const started = event.contentBlockStart?.start.toolUse;
  if (started) console.log(`calling ${started.name} …`);
  const delta = event.contentBlockDelta?.delta;
  if (delta?.text) process.stdout.write(delta.text);
}

for (const { name, input } of toolUsesOf(await stream.response())) {
  console.log(`Tool call: ${name} ${JSON.stringify(input)}`);
}
// #endregion
