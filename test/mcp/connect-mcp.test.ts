// The tools of a real process, as tools of an agent: chosen, named, asked, answered.

import assert from "node:assert/strict";
import { test } from "node:test";
import { connectMcp, McpError, type McpTool } from "../../src/mcp/index.ts";
import { toResultContent } from "../../src/tools/result-content.ts";
import { connectScripted, run, scriptedOptions } from "./scripted.ts";

const names = (connection: { readonly tools: readonly McpTool[] }): string[] =>
  connection.tools.map(({ name }) => name);

const tool = (name: string, members: object = {}): object => ({
  name,
  description: `Does ${name}.`,
  inputSchema: { type: "object" },
  ...members,
});

test("a tool is what its server says, and runs there", async (context) => {
  const inputSchema = { type: "object", properties: { a: { type: "integer" } }, required: ["a"] };
  const connection = await connectScripted(context, { tools: [tool("echo", { inputSchema })] });
  assert.equal(connection.name, "scripted");
  assert.deepEqual(names(connection), ["echo"]);
  const [echo] = connection.tools;
  assert.deepEqual(echo?.toolSpec, {
    name: "echo",
    description: "Does echo.",
    inputSchema: { json: inputSchema },
  });
  assert.equal(echo.timeoutMs, 60_000);
  assert.equal(echo.requiresApproval, false);
  assert.notEqual((await echo.check({ a: "no" })).issues, undefined);
  assert.deepEqual(await run(connection, "echo", { a: 1 }), [{ text: '{"a":1}' }]);
});

test("a tool without description is called by its name", async (context) => {
  const tools = [tool("echo", { description: undefined }), tool("reply", { description: " " })];
  const connection = await connectScripted(context, { tools });
  assert.deepEqual(
    connection.tools.map(({ description }) => description),
    ["echo", "reply"],
  );
});

test("a list in pages is read to its end; an endless one is not", async (context) => {
  const connection = await connectScripted(context, { pageSize: 3 });
  assert.equal(connection.tools.length, 17);
  await assert.rejects(connectMcp(scriptedOptions({ tools: "endless" })), {
    name: "McpError",
    code: "bad_tools",
    message: "The list of tools of the MCP server “scripted” has more than 100 pages.",
  });
});

test("a list that leads nowhere or is far too long is an error", async () => {
  const bad: [object, string][] = [
    [{ tools: "circle" }, "leads from a page to the same page"],
    [{ tools: "nothing" }, "is no list"],
    [
      { tools: Array.from({ length: 1001 }, (_, index) => ({ name: `t${index}` })) },
      "has more than 1000 entries",
    ],
  ];
  for (const [script, what] of bad) {
    await assert.rejects(connectMcp(scriptedOptions(script as never)), {
      code: "bad_tools",
      message: `The list of tools of the MCP server “scripted” ${what}.`,
    });
  }
});

test("tools are chosen by name and pattern, and prefixed", async (context) => {
  const tools = ["read_file", "read_folder", "write_file", "delete_file"].map((name) => tool(name));
  const connection = await connectScripted(
    context,
    { tools },
    { includeTools: ["read_*", "write_file"], excludeTools: ["*_folder"], toolNamePrefix: "files" },
  );
  assert.deepEqual(names(connection), ["files_read_file", "files_write_file"]);
  assert.deepEqual(connection.skipped, []);
});

test("the server's own name of a tool is asked for, whatever its prefix", async (context) => {
  const options = { toolNamePrefix: "s" };
  const connection = await connectScripted(context, { tools: [tool("echo")] }, options);
  assert.deepEqual(await run(connection, "s_echo"), [{ text: "{}" }]);
});

test("a name that no tool has is an error, for an exclusion would be void", async () => {
  const tools = [tool("delete_file"), tool("read_file")];
  for (const option of ["includeTools", "excludeTools"]) {
    const options = { ...scriptedOptions({ tools }), [option]: ["delete_flie"] };
    await assert.rejects(connectMcp(options), {
      code: "bad_tools",
      message: `${option}: the MCP server “scripted” has no tool “delete_flie”. Did you mean “delete_file”?`,
    });
  }
});

test("two tools of one name are an error", async () => {
  const options = scriptedOptions({ tools: [tool("echo"), tool("echo")] });
  await assert.rejects(connectMcp(options), {
    code: "bad_tools",
    message: "The list of tools of the MCP server “scripted” has two tools named “echo”.",
  });
});

test("a tool that cannot be used is left out, and told with its reason", async (context) => {
  const tools = [
    tool("echo"),
    tool("text", { inputSchema: { type: "string" } }),
    tool("none", { inputSchema: undefined }),
    { description: "nameless" },
    tool("hidden", { inputSchema: 7 }),
  ];
  const connection = await connectScripted(context, { tools }, { excludeTools: ["hidden"] });
  assert.deepEqual(names(connection), ["echo"]);
  const reasons = new Map(connection.skipped.map(({ name, reason }) => [name, reason]));
  assert.equal(reasons.size, 3);
  assert.match(reasons.get("text") ?? "", /inputSchema/);
  assert.equal(reasons.get("none"), "Its inputSchema is no object.");
  assert.equal(reasons.get(""), "It has no name.");
  for (const name of ["text", "none"]) {
    assert.ok(connection.logged.some((line) => line.includes(`the tool “${name}” is left out`)));
  }
});

test("names of a server cannot forge a line of the log", async (context) => {
  const tools = [tool("a\nERROR all is lost", { inputSchema: null })];
  const { logged } = await connectScripted(context, { tools });
  assert.equal(logged.length, 1);
  assert.ok(!logged[0]?.includes("\n"));
});

test("a server without tools has none", async (context) => {
  const connection = await connectScripted(context, { tools: [] });
  assert.deepEqual(connection.tools, []);
});

test("approval is the caller's to say, by the server's own name of the tool", async (context) => {
  const asked: unknown[] = [];
  const options = {
    toolNamePrefix: "s",
    requiresApproval: (input: unknown, given: unknown, toolName: string) => {
      asked.push([input, given, toolName]);
      return true;
    },
  };
  const tools = [tool("echo", { annotations: { readOnlyHint: true } })];
  const connection = await connectScripted(context, { tools }, options);
  const [echo] = connection.tools;
  assert.ok(typeof echo?.requiresApproval === "function");
  assert.equal(await echo.requiresApproval({ a: 1 }, "context"), true);
  assert.deepEqual(asked, [[{ a: 1 }, "context", "echo"]]);
  const always = await connectScripted(context, { tools }, { requiresApproval: true });
  assert.equal(always.tools[0]?.requiresApproval, true);
});

test("results come as content, failures as errors in the tool's words", async (context) => {
  const connection = await connectScripted(context);
  const reply = (result: object): Promise<unknown> => run(connection, "reply", { result });
  const data = Buffer.from("pixels").toString("base64");
  const content = [
    { type: "text", text: "A picture:" },
    { type: "image", data, mimeType: "image/png" },
  ];
  assert.deepEqual(await reply({ content }), [
    { text: "A picture:" },
    { image: { format: "png", source: { bytes: new TextEncoder().encode("pixels") } } },
  ]);
  assert.deepEqual(await reply({ content: [], structuredContent: { a: 1 } }), [{ json: { a: 1 } }]);
  assert.equal(await reply({ content: [] }), undefined);
  await assert.rejects(
    reply({ isError: true, content: [{ type: "text", text: "No such file." }] }),
    {
      name: "McpError",
      code: "tool_failed",
      message: "No such file.",
    },
  );
  await assert.rejects(reply({ content: "all" }), /is not one that MCP allows/);
});

test("an answer that is nested too deep harms nobody", async (context) => {
  const connection = await connectScripted(context);
  const end = await run(connection, "deep").catch((error: unknown) => error);
  assert.equal(toResultContent(end).status, "error");
  assert.deepEqual(await run(connection, "echo"), [{ text: "{}" }]);
});

test("progress is handed on", async (context) => {
  const connection = await connectScripted(context);
  const updates: unknown[] = [];
  const progress = (update: unknown): void => void updates.push(update);
  assert.deepEqual(await run(connection, "progress", {}, { progress }), [{ text: "done" }]);
  assert.deepEqual(
    updates,
    [1, 2, 3].map((step) => ({ progress: step, total: 3, message: `step ${step}` })),
  );
});

test("progress that never ends is not handed on for ever", async (context) => {
  const connection = await connectScripted(context);
  let count = 0;
  const progress = (): void => {
    count += 1;
  };
  assert.deepEqual(await run(connection, "progress", { steps: 5000 }, { progress }), [
    { text: "done" },
  ]);
  assert.equal(count, 1000);
});

test("what a server asks of its client is declined", async (context) => {
  const connection = await connectScripted(context);
  assert.deepEqual(await run(connection, "ask-me"), [
    {
      text: JSON.stringify([
        { id: "q1", code: -32601 },
        { id: "q2", code: -32601 },
      ]),
    },
  ]);
  assert.ok(connection.notes().includes("initialize {}"));
});

test("an aborted call ends at once, and the server is told without the reason", async (context) => {
  const connection = await connectScripted(context);
  const controller = new AbortController();
  const call = run(connection, "hang", {}, { signal: controller.signal });
  while (!connection.notes().includes("call hang")) await run(connection, "echo");
  const reason = new Error("secret-reason");
  controller.abort(reason);
  await assert.rejects(call, { name: "AbortError", cause: reason });
  while (!connection.notes().some((line) => line.startsWith("cancelled"))) {
    await run(connection, "echo");
  }
  assert.ok(!connection.notes().join("\n").includes("secret-reason"));
});

test("a call that was aborted before it began is not sent", async (context) => {
  const connection = await connectScripted(context);
  await assert.rejects(run(connection, "echo", {}, { signal: AbortSignal.abort() }), {
    name: "AbortError",
  });
  await run(connection, "reply", { result: { content: [] } });
  assert.ok(!connection.notes().includes("call echo"));
});

test("a call that gets no answer ends with its time", async (context) => {
  const connection = await connectScripted(context, {}, { timeoutMs: 1500 });
  assert.equal(connection.tools[0]?.timeoutMs, 1500);
  await assert.rejects(run(connection, "hang"), {
    code: "timeout",
    message:
      "“hang” of the MCP server “scripted” had no answer within 1500 ms. It was sent, and whether it was carried out is unknown.",
  });
  assert.deepEqual(await run(connection, "echo"), [{ text: "{}" }]);
});

test("calls run side by side", async (context) => {
  const connection = await connectScripted(context);
  const calls = Array.from({ length: 50 }, (_, index) => run(connection, "echo", { index }));
  assert.deepEqual(
    await Promise.all(calls),
    calls.map((_, index) => [{ text: `{"index":${index}}` }]),
  );
});

test("arguments, results and secrets are in no log line", async (context) => {
  const secret = "canary-0d1f";
  const options = { env: { TOKEN: secret } };
  const connection = await connectScripted(context, { toolsAfterRestart: [] }, options);
  await run(connection, "echo", { secret });
  await run(connection, "die", { secret }).catch(() => {});
  const error = await run(connection, "echo", { secret }).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof McpError);
  assert.equal(error.code, "tool_changed");
  assert.ok(connection.logged.length > 1);
  assert.ok(!`${connection.logged.join("\n")}${error.stack}`.includes(secret));
});

test("closed twice, used after: errors, no exceptions", async (context) => {
  const connection = await connectScripted(context);
  await Promise.all([connection.close(), connection.close()]);
  await assert.rejects(run(connection, "echo"), {
    code: "closed",
    message: "The connection to the MCP server “scripted” was closed.",
  });
});

test("it ends with its block", async () => {
  let kept: McpTool | undefined;
  {
    await using connection = await connectMcp(scriptedOptions());
    kept = connection.tools.find(({ name }) => name === "echo");
    assert.deepEqual(await run(connection, "echo"), [{ text: "{}" }]);
  }
  await assert.rejects(run({ tools: kept === undefined ? [] : [kept] }, "echo"), {
    code: "closed",
  });
});
