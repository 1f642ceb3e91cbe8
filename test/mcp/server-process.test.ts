// No process outlives its connection: not after `close`, not after the program, not what it started itself.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { connectScripted, isRunning, run, until } from "./scripted.ts";

const pidIn = (output: unknown): number => Number((output as [{ text: string }])[0].text);

test("close ends a server through its standard input, without a signal", async (context) => {
  const connection = await connectScripted(context);
  const [pid = 0] = connection.pids();
  assert.ok(isRunning(pid));
  await connection.close();
  assert.ok(!isRunning(pid));
  assert.equal(connection.notes().at(-1), "end");
});

test("a server that does not mind the end of its input is asked by SIGTERM", async (context) => {
  const connection = await connectScripted(context, { ignoresEnd: true });
  const [pid = 0] = connection.pids();
  await connection.close();
  assert.ok(!isRunning(pid));
});

test("one that minds nothing is killed", async (context) => {
  const connection = await connectScripted(context, { ignoresSignals: true });
  const [pid = 0] = connection.pids();
  await connection.close();
  assert.ok(!isRunning(pid));
  assert.ok(connection.notes().includes("SIGTERM"));
});

test("what a server has started ends with it, also when it is killed", async (context) => {
  const connection = await connectScripted(context);
  const first = pidIn(await run(connection, "child"));
  await run(connection, "die").catch(() => {});
  await until(() => !isRunning(first));
  const second = pidIn(await run(connection, "child"));
  assert.ok(isRunning(second));
  await connection.close();
  assert.ok(!isRunning(second));
});

test("close during a restart leaves nothing behind", async (context) => {
  const connection = await connectScripted(context);
  await run(connection, "die").catch(() => {});
  await connection.close();
  await assert.rejects(run(connection, "echo"), { code: "closed" });
  assert.deepEqual(connection.pids().filter(isRunning), []);
});

test("close during a call fails the call", async (context) => {
  const connection = await connectScripted(context);
  const call = run(connection, "hang");
  await until(() => connection.notes().includes("call hang"));
  const closed = connection.close();
  await assert.rejects(call, { code: "outcome_unknown" });
  await closed;
});

const program = fileURLToPath(new URL("servers/leave.ts", import.meta.url));
const ways = ["exit", "throw", "reject", "close"];

test("a program that ends without closing leaves no server behind", async () => {
  for (const way of ways) {
    const { stdout } = spawnSync(process.execPath, ["--import", "tsx", program, way], {
      encoding: "utf8",
    });
    const pids = stdout.trim().split(" ").map(Number);
    assert.equal(pids.length, 2, way);
    // Killed, and gone as soon as the system gets to it.
    await until(() => !pids.some(isRunning));
  }
});

test("a program that is killed leaves no server behind that minds its input", async () => {
  const child = spawn(process.execPath, ["--import", "tsx", program, "wait"]);
  const pid = await new Promise<number>((resolve) => {
    child.stdout.once("data", (data) => resolve(Number(data)));
  });
  assert.ok(isRunning(pid));
  child.kill("SIGKILL");
  await until(() => !isRunning(pid));
});
