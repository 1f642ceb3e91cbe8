// Servers that do not start, or not as servers should: a clear error in time, and nothing left behind.

import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { connectMcp, type McpError } from "../../src/mcp/index.ts";
import {
  connectScripted,
  isRunning,
  run,
  SCRIPTED,
  scriptedOptions,
  temporaryFolder,
  until,
} from "./scripted.ts";

const pidsIn = (log: string): number[] =>
  existsSync(log)
    ? [...readFileSync(log, "utf8").matchAll(/^start (\d+)/gm)].map(([, pid]) => Number(pid))
    : [];

test("a command that is not there is named, without its arguments", async () => {
  const options = { command: "/nowhere/some-server", args: ["canary-a"], env: { A: "canary-b" } };
  const error = await connectMcp(options).catch((thrown: McpError) => thrown);
  assert.ok(error instanceof Error);
  assert.equal(error.code, "not_found");
  assert.equal(error.server, "some-server");
  assert.equal(
    error.message,
    "The MCP server “some-server” could not be started: there is no command “some-server”. Check that it is installed and that PATH leads to it.",
  );
  assert.ok(!JSON.stringify([error.stack, Object.entries(error), error.cause]).includes("canary"));
});

test("a folder that is not there, and a file that is no program, are told apart", async (context) => {
  await assert.rejects(connectMcp({ ...scriptedOptions(), cwd: "/nowhere" }), {
    code: "start_failed",
    message: "The MCP server “scripted” could not be started: there is no such folder as its cwd.",
  });
  const file = join(temporaryFolder(context), "server");
  writeFileSync(file, "");
  chmodSync(file, 0o600);
  await assert.rejects(connectMcp({ command: file }), {
    code: "start_failed",
    message: "The MCP server “server” could not be started: “server” may not be executed.",
  });
});

test("a server that says nothing is given up after its time, and ended", async (context) => {
  const log = join(temporaryFolder(context), "log");
  const options = scriptedOptions({ log, silent: true, ignoresSignals: true });
  const began = performance.now();
  await assert.rejects(connectMcp({ ...options, startTimeoutMs: 2000 }), {
    code: "start_timeout",
    message:
      "The MCP server “scripted” was not ready after 2000 ms. Give startTimeoutMs if it is merely slow, as a program is that has to be fetched first.",
  });
  assert.ok(performance.now() - began < 10_000);
  assert.deepEqual(pidsIn(log).filter(isRunning), []);
});

test("a signal stops connecting, and ends the server", async (context) => {
  const log = join(temporaryFolder(context), "log");
  const controller = new AbortController();
  const options = { ...scriptedOptions({ log, silent: true }), signal: controller.signal };
  const reason = new Error("changed my mind");
  const connecting = connectMcp(options);
  await until(() => pidsIn(log).length > 0);
  controller.abort(reason);
  await assert.rejects(connecting, { name: "AbortError", cause: reason });
  assert.deepEqual(pidsIn(log).filter(isRunning), []);
});

test("a server that ends at once is told with its exit code", async () => {
  await assert.rejects(connectMcp(scriptedOptions({ crashesFrom: 0 })), {
    code: "start_failed",
    message:
      'The MCP server “scripted” ended with exit code 3 before it was ready. With stderr: "inherit" you see what it says about that.',
  });
});

test("a program that is no server at all is an error", async () => {
  await assert.rejects(connectMcp({ command: "cat", startTimeoutMs: 1000 }), { name: "McpError" });
  await assert.rejects(connectMcp({ command: "true" }), { code: "start_failed" });
  await assert.rejects(connectMcp({ command: "yes", startTimeoutMs: 5000 }), {
    code: "start_failed",
    message: /“yes” floods its standard output before it was ready/,
  });
});

test("a server that ends when it is asked anything unknown is started again without", async (context) => {
  const connection = await connectScripted(context, { diesOfTheUnknown: true });
  assert.deepEqual(await run(connection, "echo"), [{ text: "{}" }]);
  assert.equal(connection.pids().length, 2);
  // What was learnt spares the second start when it is brought back.
  await run(connection, "die").catch(() => {});
  assert.deepEqual(await run(connection, "echo"), [{ text: "{}" }]);
  assert.equal(connection.pids().length, 3);
});

test("a greeting on standard output does no harm, and is told once", async (context) => {
  const connection = await connectScripted(context, { banner: true });
  assert.deepEqual(await run(connection, "echo"), [{ text: "{}" }]);
  assert.deepEqual(connection.logged, [
    "MCP server “scripted” writes lines that are no messages to its standard output; they are passed over.",
  ]);
});

test("the working folder is the given one", async (context) => {
  const folder = temporaryFolder(context);
  const connection = await connectScripted(context, {}, { cwd: folder });
  const [block] = (await run(connection, "environment")) as [{ text: string }];
  assert.equal(JSON.parse(block.text).cwd, folder);
});

test("a relative script needs no shell, and what looks like one is an argument", async (context) => {
  const connection = await connectScripted(
    context,
    {},
    { args: [SCRIPTED, "{}", "$(touch /tmp/never)", "; exit 1"] },
  );
  const [block] = (await run(connection, "environment")) as [{ text: string }];
  assert.deepEqual(JSON.parse(block.text).argv.slice(3), ["$(touch /tmp/never)", "; exit 1"]);
});
