// An agent as the tool of another one: it has a model, instructions and tools of its own, and its answer is
// the result of the call.

import { Agent, BedrockLLM, defineTool } from "dcaf";

const llm = new BedrockLLM();

const lookUp = defineTool({
  name: "look_up",
  description: "Look up a term in the encyclopedia",
  inputSchema: {
    type: "object",
    properties: { term: { type: "string" } },
    required: ["term"],
  },
  execute: ({ term }) => `${term}: a small plant without roots.`,
});

// #region agents
const researcher = new Agent({
  llm,
  modelId: "fast",
  systemPrompt: "Look things up, and report in one sentence.",
  tools: [lookUp],
});

const writer = new Agent({
  llm,
  modelId: "general",
  tools: [researcher.asTool({ name: "research", description: "Research a topic for an article" })],
});
// #endregion

// #region progress
const run = writer.stream('Research "look up the term moss" for an article.');
for await (const event of run) {
  // The events of the agent below are the progress of the call above.
  if (event.type === "tool_progress") {
    const below = event.progress as { type: string; name?: string };
    if (below.type === "tool_call_start") console.log(`${event.name} → ${below.name}`);
  }
}
const { text, usage } = await run.result();
// #endregion
console.log(text);
console.log(`${usage.totalTokens} tokens, in both`);
