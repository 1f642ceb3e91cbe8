// The tools of an MCP server, used by an agent. The server is the small one beside this file; any other that
// speaks over standard input and output is started in the same way, and one elsewhere is reached by its `url`.

import { fileURLToPath } from "node:url";
import { Agent, BedrockLLM } from "dcaf";
import { connectMcp } from "dcaf/mcp";

// #region connect
const notes = await connectMcp({
  command: process.execPath,
  args: [fileURLToPath(new URL("mcp-server.mjs", import.meta.url))],
  // Two servers may well have a tool of the same name.
  toolNamePrefix: "notes",
  excludeTools: ["delete_*"],
});
// #endregion

try {
  for (const { name, description } of notes.tools) console.log(`${name}: ${description}`);

  // #region run
  const agent = new Agent({ llm: new BedrockLLM(), modelId: "fast", tools: [...notes.tools] });
  const result = await agent.run("Read the note moss, and tell me what it says.");
  console.log(result.text);
  // #endregion
} finally {
  // Ends the server, and what it started.
  await notes.close();
}
