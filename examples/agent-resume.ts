// Work that outlives its process: the state is kept after each step, and another process goes on from the
// last one. No tool that has run is run again.

import { readFile, writeFile } from "node:fs/promises";
import { Agent, BedrockLLM, defineTool, FileOnceStore } from "dcaf";

const charge = defineTool({
  name: "charge_card",
  description: "Charge a customer's card",
  inputSchema: {
    type: "object",
    properties: { customer: { type: "string" } },
    required: ["customer"],
  },
  // Whoever charges can tell by the key that he has charged before.
  execute: ({ customer }, { idempotencyKey }) => `charged ${customer} (${idempotencyKey.length})`,
});

const agent = new Agent({
  llm: new BedrockLLM(),
  modelId: "fast",
  tools: [charge],
  approvals: {
    key: process.env["APPROVAL_KEY"] ?? "an example, and no secret at all",
    store: new FileOnceStore("once"),
  },
});

// #region keep
const controller = new AbortController();
const first = await agent.run('Charge the card of customer "Ada".', {
  signal: controller.signal,
  onState: async (state) => {
    // In earnest: into a database, or into a file beside it that is then renamed.
    await writeFile("run.json", JSON.stringify(state));
    // The tool has run, and now the machine goes away.
    if (JSON.stringify(state).includes("charged Ada")) controller.abort();
  },
});
console.log(first.stopReason); // aborted
// #endregion

// #region resume
const result = await agent.resume(await readFile("run.json", "utf8"));
console.log(result.stopReason, result.toolCalls.length); // end_turn 1
// #endregion
