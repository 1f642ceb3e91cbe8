// A run told as it goes: text as it comes, calls as they begin and end.

import { Agent, BedrockLLM, defineTool } from "dcaf";

const countWords = defineTool({
  name: "count_words",
  description: "Count the words of a text",
  inputSchema: {
    type: "object",
    properties: { text: { type: "string" } },
    required: ["text"],
  },
  execute: ({ text }, { progress }) => {
    progress("counting");
    return text.split(/\s+/).length;
  },
});

const agent = new Agent({ llm: new BedrockLLM(), modelId: "fast", tools: [countWords] });

// #region events
const run = agent.stream('Count the words of "to be or not to be".');
for await (const event of run) {
  switch (event.type) {
    case "text_delta":
      process.stdout.write(event.text);
      break;
    case "tool_call_start":
      console.log(`→ ${event.name} ${JSON.stringify(event.input)}`);
      break;
    case "tool_progress":
      console.log(`  ${event.progress}`);
      break;
    case "tool_call_end":
      console.log(`← ${event.status} after ${event.durationMs} ms`);
      break;
    case "turn_retry":
      // What was shown since turn_start is withdrawn: the answer comes again.
      console.log(`\n[${event.reason}, asking again]`);
      break;
  }
}
const { stopReason, cost } = await run.result();
// #endregion
console.log(`\n${stopReason}, ${cost === undefined ? "price unknown" : `$${cost.usd.toFixed(6)}`}`);
