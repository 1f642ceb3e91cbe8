import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { setTimeout as pause, setImmediate as turn } from "node:timers/promises";
import type { TimeoutError } from "../../src/core/errors.ts";
import { Deadline } from "../../src/transport/deadline.ts";
import { deferred } from "../helpers/deferred.ts";

function collect(): { errors: TimeoutError[]; deadline: Deadline } {
  const errors: TimeoutError[] = [];
  return { errors, deadline: new Deadline((error) => errors.push(error)) };
}

/** Keeps the process from doing anything else. */
function freeze(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}

/** Both ends of one connection. */
async function connectedPair(context: TestContext): Promise<{ socket: Socket; accepted: Socket }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [accepted] = (await once(server, "connection")) as [Socket];
  context.after(() => {
    socket.destroy();
    accepted.destroy();
    server.close();
  });
  return { socket, accepted };
}

test("tells the phase, and how long it has really lasted", async () => {
  const { errors, deadline } = collect();
  deadline.arm("first_event", 10);
  freeze(50);
  await pause(20);
  assert.equal(errors.length, 1);
  const [error] = errors;
  assert.deepEqual([error?.phase, error?.retryable], ["first_event", false]);
  assert.ok((error?.elapsedMs ?? 0) >= 50, `${error?.elapsedMs}`);
});

test("that ran out while the process was frozen yields to what waits in a socket", async (context) => {
  const { socket, accepted } = await connectedPair(context);
  const { errors, deadline } = collect();
  deadline.arm("idle", 10);
  socket.on("data", () => deadline.clear());
  accepted.write("an event");
  freeze(50);
  await once(socket, "data");
  await turn();
  assert.deepEqual(errors, []);
});

test("of 0 never comes, and a phase that is over is forgotten", async () => {
  const { errors, deadline } = collect();
  deadline.arm("connect", 5, { isRetryable: true });
  deadline.arm("response", 0);
  await pause(30);
  deadline.arm("idle", 5);
  deadline.clear();
  deadline.refresh();
  await pause(30);
  assert.deepEqual(errors, []);
});

test("counts from the last refresh", async () => {
  const startedAt = performance.now();
  const expired = deferred<TimeoutError>();
  const deadline = new Deadline(expired.resolve);
  deadline.arm("idle", 40);
  freeze(30);
  deadline.refresh();
  const { phase, elapsedMs } = await expired.promise;
  assert.equal(phase, "idle");
  assert.ok(elapsedMs >= 39, `${elapsedMs}`);
  assert.ok(performance.now() - startedAt >= 69);
});

test("that finds an event in a socket after a freeze still waits for the next one, and not for ever", async (context) => {
  const { socket, accepted } = await connectedPair(context);
  const expired = deferred<TimeoutError>();
  const deadline = new Deadline(expired.resolve);
  let events = 0;
  socket.on("data", () => {
    events += 1;
    deadline.refresh();
  });
  deadline.arm("idle", 20);
  accepted.write("an event");
  freeze(60);
  const { phase } = await expired.promise;
  assert.deepEqual([events, phase], [1, "idle"]);
});

test("runs out under timers that are not real", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "setImmediate"] });
  const { errors, deadline } = collect();
  deadline.arm("response", 60_000);
  context.mock.timers.tick(60_001);
  context.mock.timers.tick(1);
  assert.deepEqual(
    errors.map(({ phase }) => phase),
    ["response"],
  );
});
