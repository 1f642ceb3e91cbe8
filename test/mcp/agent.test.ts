// An agent with the tools of a server: what the model reads when all goes well, and when the server is lost.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Agent } from "../../src/index.ts";
import { scriptedLLM } from "../helpers/scripted-llm.ts";
import { connectScripted, until } from "./scripted.ts";

test("a lost server is an error that the model reads, and the run goes on", async (context) => {
  const options = { toolNamePrefix: "s", requiresApproval: false };
  const connection = await connectScripted(context, {}, options);
  const llm = scriptedLLM([
    [
      { id: "t1", name: "s_die", input: {} },
      { id: "t2", name: "s_echo", input: { a: 1 } },
    ],
    [{ id: "t3", name: "s_echo", input: { a: 2 } }],
    "Done.",
  ]);
  const agent = new Agent({ llm, tools: [...connection.tools] });

  const result = await agent.run("Go.");

  assert.equal(result.text, "Done.");
  const [died, , echoed] = result.toolCalls;
  assert.deepEqual(died?.result, {
    toolUseId: "t1",
    status: "error",
    content: [
      {
        text: "Error: The MCP server “scripted” was lost during this call. Whether “die” was carried out is unknown: check before calling it again.",
      },
    ],
  });
  assert.deepEqual(echoed?.result, { toolUseId: "t3", content: [{ text: '{"a":2}' }] });
  assert.equal(connection.notes().filter((line) => line === "call die").length, 1);
});

test("an agent's time for a call ends it, and the server hears of it", async (context) => {
  const connection = await connectScripted(context, {}, { timeoutMs: 200 });
  const llm = scriptedLLM([[{ id: "t1", name: "hang", input: {} }], "Done."]);
  const agent = new Agent({ llm, tools: [...connection.tools] });
  const { toolCalls } = await agent.run("Go.");
  assert.equal(toolCalls[0]?.status, "error");
  await until(() => connection.notes().some((line) => line.startsWith("cancelled")));
});
