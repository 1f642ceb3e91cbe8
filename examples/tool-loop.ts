// The complete loop: ask, run the tools that were called, hand back the results, and again until the
// model has no more calls. A limit keeps a confused model from calling for ever.

import { BedrockLLM, type MessageInput, type PlainTool, textOf, toolUsesOf } from "dcaf";

const llm = new BedrockLLM({ modelId: "fast" });

// #region loop
type ToolFunction = (input: Record<string, unknown>) => string | Promise<string>;

async function processWithTools(
  question: string,
  tools: PlainTool[],
  functions: ReadonlyMap<string, ToolFunction>,
  maxTurns = 10,
): Promise<string> {
  const messages: MessageInput[] = [{ role: "user", content: question }];
  for (let turn = 0; turn < maxTurns; turn++) {
    const response = await llm.invoke({ messages, tools });
    const calls = toolUsesOf(response);
    if (response.stopReason !== "tool_use") return textOf(response);

    messages.push(response.output.message);
    const results = calls.map(async ({ toolUseId, name, input }) => {
      try {
        const run = functions.get(name);
        if (run === undefined) throw new Error(`There is no tool ${name}.`);
        const text = await run(input as Record<string, unknown>);
        return { toolResult: { toolUseId, content: text } };
      } catch (error) {
        // The model is told, and can try something else.
        return { toolResult: { toolUseId, content: String(error), status: "error" as const } };
      }
    });
    messages.push({ role: "user", content: await Promise.all(results) });
  }
  throw new Error(`No answer after ${maxTurns} turns.`);
}
// #endregion

// #region use
const getWeather: PlainTool = {
  name: "get_weather",
  description: "Get current weather for a location",
  inputSchema: {
    type: "object",
    properties: { location: { type: "string" } },
    required: ["location"],
  },
};

const functions = new Map<string, ToolFunction>([
  ["get_weather", ({ location }) => `Weather in ${location}: 72°F, sunny`],
]);

const answer = await processWithTools("What's the weather in NYC?", [getWeather], functions);
console.log(answer);
// #endregion
