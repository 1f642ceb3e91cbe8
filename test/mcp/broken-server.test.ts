// Servers that are there but out of order: they are noticed and replaced, and neither block this process
// nor fill its memory.

import assert from "node:assert/strict";
import { test } from "node:test";
import { connectScripted, run } from "./scripted.ts";

const broken: [tool: string, reason: string][] = [
  ["bad-json", "wrote a message that is not JSON"],
  ["huge-line", "wrote a line of more than 10485760 bytes"],
  ["stdout-flood", "floods its standard output"],
  ["close-stdout", "closed its standard output"],
];

for (const [tool, reason] of broken) {
  test(`a server that ${reason} is replaced`, async (context) => {
    const connection = await connectScripted(context);
    await assert.rejects(run(connection, tool), { code: "outcome_unknown" });
    assert.deepEqual(await run(connection, "echo"), [{ text: "{}" }]);
    assert.equal(connection.pids().length, 2);
    assert.ok(connection.logged.includes(`MCP server “scripted” ${reason}.`));
    assert.equal(connection.notes().filter((line) => line === `call ${tool}`).length, 1);
  });
}

test("lines that are no messages do no harm to a call", async (context) => {
  const connection = await connectScripted(context);
  assert.deepEqual(await run(connection, "chatter"), [{ text: "done" }]);
  assert.equal(connection.pids().length, 1);
});

test("64 MiB on standard error go nowhere and stop nothing", async (context) => {
  const connection = await connectScripted(context);
  global.gc?.();
  const before = process.memoryUsage().rss;
  assert.deepEqual(await run(connection, "stderr-flood"), [{ text: "done" }]);
  assert.ok(process.memoryUsage().rss - before < 32 * 1024 * 1024);
});

test("a server that does not read what it is sent is replaced before memory is full", async (context) => {
  const connection = await connectScripted(context);
  await run(connection, "stop-reading", {}, { signal: AbortSignal.timeout(500) }).catch(() => {});
  const megabyte = "x".repeat(1024 * 1024);
  const calls = Array.from({ length: 80 }, () => run(connection, "echo", { megabyte }));
  const ends = await Promise.allSettled(calls);
  assert.ok(ends.some(({ status }) => status === "rejected"));
  assert.ok(
    connection.logged.includes("MCP server “scripted” does not read its standard input."),
    connection.logged.join("\n"),
  );
  assert.deepEqual(await run(connection, "echo"), [{ text: "{}" }]);
  assert.equal(connection.pids().length, 2);
});
