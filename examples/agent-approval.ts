// An approval across two processes. Run it once: the agent stops before it deletes anything, and its state is
// kept in a file. Run it again, with "approve" or "reject": another process goes on from there.

import { readFile, writeFile } from "node:fs/promises";
import { Agent, ApprovalError, BedrockLLM, defineTool, FileOnceStore } from "dcaf";

const [decision] = process.argv.slice(2);

// #region tool
const deleteFile = defineTool({
  name: "delete_file",
  description: "Delete a file by its path",
  inputSchema: {
    type: "object",
    properties: { path: { type: "string" } },
    required: ["path"],
  },
  requiresApproval: true,
  execute: ({ path }) => `deleted ${path}`,
});
// #endregion

// #region agent
const agent = new Agent({
  llm: new BedrockLLM(),
  modelId: "fast",
  tools: [deleteFile],
  approvals: {
    // At least 32 bytes, from your secret store, and the same in every process.
    key: process.env["APPROVAL_KEY"] ?? "an example, and no secret at all",
    // What was decided once is decided, in whichever process it was.
    store: new FileOnceStore("approvals"),
  },
});
// #endregion

if (decision === undefined) {
  // #region ask
  const result = await agent.run('Delete the file "/tmp/old.log".');
  for (const { toolUseId, name, input } of result.pendingApprovals) {
    console.log(`May it run ${name} ${JSON.stringify(input)}? (${toolUseId})`);
  }
  await writeFile("state.json", JSON.stringify(result.state));
  // #endregion
} else {
  // #region decide
  const { pendingApprovals, state } = await agent.resume(await readFile("state.json", "utf8"));
  const yes = { approve: true } as const;
  const no = { approve: false, reason: "Keep that file." } as const;
  const decisions = Object.fromEntries(
    pendingApprovals.map(({ toolUseId }) => [toolUseId, decision === "approve" ? yes : no]),
  );
  const result = await agent.resume(state, decisions);
  for (const { name, status } of result.toolCalls) console.log(`${name}: ${status}`);
  console.log(result.text);
  // #endregion

  // #region replay
  try {
    await agent.resume(state, decisions);
  } catch (error) {
    if (!(error instanceof ApprovalError)) throw error;
    console.log(`${error.name}: ${error.reason}`); // ApprovalError: replayed
  }
  // #endregion
}
