// A server that is lost fails the calls it was lost in, at once and with what is known, and is brought back
// a limited number of times. No call reaches a server twice.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { McpStdioOptions } from "../../src/mcp/index.ts";
import { readMcpOptions } from "../../src/mcp/mcp-options.ts";
import { restartDelayMs, Supervisor } from "../../src/mcp/supervisor.ts";
import { connectScripted, run, scriptedOptions, temporaryFolder, until } from "./scripted.ts";

const UNKNOWN = {
  name: "McpError",
  code: "outcome_unknown",
  server: "scripted",
};

test("a server killed in a call fails it within a second; its neighbour notices nothing", async (context) => {
  const [connection, neighbour] = await Promise.all([
    connectScripted(context),
    connectScripted(context),
  ]);
  const waiting = run(neighbour, "hang", {}, { signal: AbortSignal.timeout(1500) });
  const call = run(connection, "hang");
  await until(() => connection.notes().includes("call hang"));
  const [pid = 0] = connection.pids();
  const killedAt = performance.now();
  process.kill(pid, "SIGKILL");
  await assert.rejects(call, {
    ...UNKNOWN,
    message:
      "The MCP server “scripted” was lost during this call. Whether “hang” was carried out is unknown: check before calling it again.",
  });
  assert.ok(performance.now() - killedAt < 1000);
  assert.deepEqual(await run(neighbour, "echo"), [{ text: "{}" }]);
  await assert.rejects(waiting, { name: "AbortError" });
  assert.equal(neighbour.pids().length, 1);
  // Sent to the one that died, and to no other.
  assert.deepEqual(await run(connection, "echo"), [{ text: "{}" }]);
  assert.equal(connection.notes().filter((line) => line === "call hang").length, 1);
  assert.equal(connection.pids().length, 2);
});

test("a call that comes during a restart waits for it", async (context) => {
  const connection = await connectScripted(context, {}, { restart: { baseDelayMs: 200 } });
  await assert.rejects(run(connection, "die"), UNKNOWN);
  const calls = [1, 2, 3].map((index) => run(connection, "echo", { index }));
  assert.deepEqual(
    await Promise.all(calls),
    [1, 2, 3].map((index) => [{ text: `{"index":${index}}` }]),
  );
  assert.equal(connection.pids().length, 2);
});

test("the wait ends with the call's own time and signal", async (context) => {
  const restart = { baseDelayMs: 60_000, maxDelayMs: 60_000 };
  const connection = await connectScripted(context, {}, { timeoutMs: 2000, restart });
  await assert.rejects(run(connection, "die"), UNKNOWN);
  await assert.rejects(run(connection, "echo"), {
    code: "timeout",
    message: "“echo” of the MCP server “scripted” had no answer within 2000 ms. It was not called.",
  });
  const controller = new AbortController();
  const call = run(connection, "echo", {}, { signal: controller.signal });
  controller.abort();
  await assert.rejects(call, { name: "AbortError" });
  assert.equal(connection.pids().length, 1);
});

test("a server that cannot be brought back is given up after five restarts", async (context) => {
  const connection = await connectScripted(context, { crashesFrom: 1 });
  await assert.rejects(run(connection, "die"), UNKNOWN);
  await assert.rejects(run(connection, "echo"), {
    code: "unavailable",
    message: "The MCP server “scripted” was lost and could not be brought back.",
  });
  assert.equal(connection.pids().length, 6);
  await assert.rejects(run(connection, "echo"), { code: "unavailable" });
  assert.equal(connection.pids().length, 6);
  assert.ok(connection.logged.includes("MCP server “scripted” is given up after 5 restarts."));
});

test("restarts in a row are counted until a call goes well", async (context) => {
  const options: Partial<McpStdioOptions> = { restart: { maxRestarts: 2, baseDelayMs: 1 } };
  const connection = await connectScripted(context, {}, options);
  for (let round = 0; round < 3; round++) {
    await assert.rejects(run(connection, "die"), UNKNOWN);
    await assert.rejects(run(connection, "die"), UNKNOWN);
    assert.deepEqual(await run(connection, "echo"), [{ text: "{}" }]);
  }
  for (let death = 0; death < 3; death++) await assert.rejects(run(connection, "die"), UNKNOWN);
  await assert.rejects(run(connection, "echo"), { code: "unavailable" });
});

test("a server that dies while nobody calls is brought back as well", async (context) => {
  const connection = await connectScripted(context);
  process.kill(connection.pids()[0] ?? 0, "SIGKILL");
  await until(() => connection.pids().length === 2);
  assert.deepEqual(await run(connection, "echo"), [{ text: "{}" }]);
  assert.deepEqual(connection.logged, [
    "MCP server “scripted” was ended by SIGKILL.",
    "MCP server “scripted”: restart 1 of 5, in 1 ms.",
  ]);
});

test("a connection that lasted is no sign of a broken server", async (context) => {
  const log = join(temporaryFolder(context), "log");
  const options = { ...scriptedOptions({ log }), restart: { maxRestarts: 1, baseDelayMs: 1 } };
  const supervisor = new Supervisor(readMcpOptions(options), 0);
  context.after(() => supervisor.close());
  await supervisor.start();
  for (let starts = 1; starts <= 4; starts++) {
    const pids = [...readFileSync(log, "utf8").matchAll(/^start (\d+)/gm)].map(([, pid]) => pid);
    assert.equal(pids.length, starts);
    const session = await supervisor.session(AbortSignal.timeout(30_000));
    process.kill(Number(pids.at(-1)), "SIGKILL");
    await until(() => !session.isLive);
    await supervisor.session(AbortSignal.timeout(30_000));
  }
});

test("no restarts are a choice", async (context) => {
  const connection = await connectScripted(context, {}, { restart: { maxRestarts: 0 } });
  await assert.rejects(run(connection, "die"), UNKNOWN);
  await assert.rejects(run(connection, "echo"), { code: "unavailable" });
  assert.equal(connection.pids().length, 1);
});

test("pauses double up to their limit, less up to half by chance", () => {
  const settings = { maxRestarts: 5, baseDelayMs: 500, maxDelayMs: 30_000 };
  const longest = [0, 1, 2, 3, 4, 5, 6, 7].map((index) => restartDelayMs(index, settings, 0));
  assert.deepEqual(longest, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  fc.assert(
    fc.property(fc.nat(1000), fc.double({ min: 0, max: 1, noNaN: true }), (index, random) => {
      const delayMs = restartDelayMs(index, settings, random);
      const mostMs = restartDelayMs(index, settings, 0);
      assert.ok(delayMs <= mostMs && delayMs >= mostMs / 2);
    }),
  );
});
