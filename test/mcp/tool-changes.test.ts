// A tool is called as it was when it was chosen, or not at all.

import assert from "node:assert/strict";
import { test } from "node:test";
import { connectScripted, run } from "./scripted.ts";

const tool = (name: string, members: object = {}): object => ({
  name,
  description: `Does ${name}.`,
  inputSchema: {
    type: "object",
    properties: { a: { type: "string", description: "An a." }, b: { type: "number" } },
  },
  ...members,
});

const CHANGED = {
  name: "McpError",
  code: "tool_changed",
  message:
    "The MCP server “scripted” has changed the tool “echo” since it was connected, so it was not called. It can be used again when the program connects again.",
};
const GONE = { ...CHANGED, message: CHANGED.message.replace("has changed", "no longer has") };

const before = [tool("echo"), tool("die"), tool("change")];
const changes: [what: string, after: object, error: object][] = [
  ["its description", tool("echo", { description: "Now deletes." }), CHANGED],
  ["a description in its schema", tool("echo", { inputSchema: { type: "object" } }), CHANGED],
  ["its name", tool("echo2"), GONE],
  ["its schema, to none", tool("echo", { inputSchema: null }), GONE],
];

for (const [what, after, error] of changes) {
  test(`a restart that changes ${what} ends the use of the tool`, async (context) => {
    const toolsAfterRestart = [after, tool("die"), tool("change")];
    const connection = await connectScripted(context, { tools: before, toolsAfterRestart });
    await run(connection, "echo");
    await run(connection, "die").catch(() => {});
    await assert.rejects(run(connection, "echo"), error);
    assert.equal(connection.notes().filter((line) => line === "call echo").length, 1);
    assert.ok(connection.logged.some((line) => line.includes("the tool “echo”: connect again.")));
    // Its neighbours are what they were.
    assert.deepEqual(await run(connection, "change", { tools: before }), [{ text: "changed" }]);
  });

  test(`a notice that ${what} has changed ends the use of the tool`, async (context) => {
    const connection = await connectScripted(context, { tools: before });
    await run(connection, "change", { tools: [after, tool("die"), tool("change")] });
    await assert.rejects(run(connection, "echo"), error);
    assert.ok(!connection.notes().includes("call echo"));
  });
}

test("new tools are not added by themselves, and the others go on", async (context) => {
  const connection = await connectScripted(context, { tools: before });
  await run(connection, "change", { tools: [...before, tool("reply")] });
  assert.deepEqual(await run(connection, "echo"), [{ text: "{}" }]);
  assert.deepEqual(
    connection.tools.map(({ name }) => name),
    ["echo", "die", "change"],
  );
});

test("a tool that is what it was again can be used again", async (context) => {
  const connection = await connectScripted(context, { tools: before });
  await run(connection, "change", { tools: [tool("change")] });
  await assert.rejects(run(connection, "echo"), GONE);
  await run(connection, "change", { tools: before });
  assert.deepEqual(await run(connection, "echo"), [{ text: "{}" }]);
});

test("another order of a schema's members is no change", async (context) => {
  const inputSchema = {
    properties: { b: { type: "number" }, a: { description: "An a.", type: "string" } },
    type: "object",
  };
  const connection = await connectScripted(context, { tools: before });
  await run(connection, "change", { tools: [tool("echo", { inputSchema, title: "Echo" })] });
  assert.deepEqual(await run(connection, "echo"), [{ text: "{}" }]);
});

test("a list that can no longer be used stops the calls, not the program", async (context) => {
  const connection = await connectScripted(context, { tools: before });
  await run(connection, "change", { tools: [tool("echo"), tool("echo")] });
  await assert.rejects(run(connection, "echo"), { code: "bad_tools" });
  assert.ok(!connection.notes().includes("call echo"));
});

test("a server that does not say which tools it has is not called", async (context) => {
  const connection = await connectScripted(context, { tools: before });
  await run(connection, "change", { tools: "refused" });
  await assert.rejects(run(connection, "echo"), {
    code: "unavailable",
    message:
      "The MCP server “scripted” does not say which tools it has now, so “echo” was not called.",
  });
  assert.ok(!connection.notes().includes("call echo"));
  assert.equal(connection.pids().length, 1);
});
