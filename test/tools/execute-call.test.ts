import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { defineTool, type ToolExecution } from "../../src/tools/define-tool.ts";
import { type CallEnd, type CallRun, executeCall } from "../../src/tools/execute-call.ts";
import { deferred } from "../helpers/deferred.ts";

const FOR_EVER = new Promise<never>(() => {});

type Execute = (input: unknown, execution: ToolExecution) => unknown;

/** Runs one call, and shows what it was given and has told. */
function start(execute: Execute, options: { timeoutMs?: number; run?: Partial<CallRun> } = {}) {
  const { timeoutMs, run } = options;
  const controller = new AbortController();
  const told: unknown[] = [];
  let execution: ToolExecution | undefined;
  const tool = defineTool({
    name: "a_tool",
    description: "A tool.",
    inputSchema: { type: "object" },
    timeoutMs,
    execute: (input, given) => {
      execution = given;
      return execute(input, given);
    },
  });
  const call = { toolUseId: "t1", idempotencyKey: "k1", tool, input: { a: 1 } };
  const ended = executeCall(call, {
    signal: controller.signal,
    context: undefined,
    onProgress: (update) => told.push(update),
    ...run,
  });
  const given = execution as ToolExecution;
  return { ended, told, controller, execution: given };
}

/** Fails the test when anything becomes of a promise that nobody listens to. */
function watchRejections(context: TestContext): unknown[] {
  const rejections: unknown[] = [];
  const listener = (reason: unknown) => rejections.push(reason);
  process.on("unhandledRejection", listener);
  context.after(() => process.off("unhandledRejection", listener));
  return rejections;
}

function countTimers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
}

function assertNothingLeft(signal: AbortSignal, timersBefore: number): void {
  assert.equal(getEventListeners(signal, "abort").length, 0);
  assert.equal(countTimers(), timersBefore);
}

test("a tool gets its input, the ids of its call, the context and a signal that has not fired", async () => {
  const context = { user: "ada" };
  let input: unknown;
  const execute = (given: unknown) => {
    input = given;
    return "done";
  };
  const { ended, execution } = start(execute, { run: { context } });
  assert.deepEqual(await ended, { kind: "returned", value: "done" });
  assert.deepEqual(input, { a: 1 });
  assert.equal(execution.toolUseId, "t1");
  assert.equal(execution.idempotencyKey, "k1");
  assert.equal(execution.context, context);
  assert.equal(execution.signal.aborted, false);
});

const failure = new Error("no");
const thrower = (): never => {
  throw failure;
};

/** By another name: what looks like a promise is meant here. */
const THEN = "then";

const ENDS: readonly (readonly [what: string, execute: Execute, end: CallEnd])[] = [
  ["returns", () => 1, { kind: "returned", value: 1 }],
  ["returns nothing", () => {}, { kind: "returned", value: undefined }],
  ["returns an error", () => failure, { kind: "returned", value: failure }],
  ["returns later", () => sleep(1, 1), { kind: "returned", value: 1 }],
  [
    "returns a thenable",
    () => ({ [THEN]: (resolve: (value: number) => void) => resolve(1) }),
    { kind: "returned", value: 1 },
  ],
  ["throws", thrower, { kind: "threw", thrown: failure }],
  [
    "throws undefined",
    () => {
      throw undefined;
    },
    { kind: "threw", thrown: undefined },
  ],
  ["rejects", async () => thrower(), { kind: "threw", thrown: failure }],
  ["rejects with null", () => Promise.reject(null), { kind: "threw", thrown: null }],
  [
    "returns a thenable that throws",
    () => ({ [THEN]: thrower }),
    { kind: "threw", thrown: failure },
  ],
  [
    "returns what throws when it is asked for then",
    () => ({
      get [THEN]() {
        return thrower();
      },
    }),
    { kind: "threw", thrown: failure },
  ],
  [
    "returns a thenable that says several things",
    () => ({
      [THEN]: (resolve: (value: number) => void, reject: (error: Error) => void) => {
        resolve(1);
        reject(failure);
        resolve(2);
        thrower();
      },
    }),
    { kind: "returned", value: 1 },
  ],
];

for (const [what, execute, end] of ENDS) {
  test(`the call of a tool that ${what} ends as “${end.kind}”, and leaves nothing behind`, async (context) => {
    const rejections = watchRejections(context);
    const timers = countTimers();
    const { ended, controller } = start(execute);
    assert.deepEqual(await ended, end);
    assertNothingLeft(controller.signal, timers);
    await sleep(5);
    assert.deepEqual(rejections, []);
  });
}

test("a tool begins before executeCall returns", () => {
  let hasBegun = false;
  start(() => {
    hasBegun = true;
  });
  assert.equal(hasBegun, true);
});

test("a tool that takes too long is told, and its call ends though the tool goes on", async () => {
  const timers = countTimers();
  const { ended, execution, controller } = start(() => FOR_EVER, { timeoutMs: 5 });
  assert.deepEqual(await ended, { kind: "timed_out", timeoutMs: 5 });
  assert.equal(execution.signal.aborted, true);
  assert.equal((execution.signal.reason as DOMException).name, "TimeoutError");
  assert.match((execution.signal.reason as DOMException).message, /a_tool took too long/);
  assertNothingLeft(controller.signal, timers);
});

test("a tool that stops when its time is over has still taken too long", async () => {
  const { ended } = start(
    (_, { signal }) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve("partly"))),
    { timeoutMs: 5 },
  );
  assert.deepEqual(await ended, { kind: "timed_out", timeoutMs: 5 });
});

test("without a timeout a call has no timer", async () => {
  const timers = countTimers();
  const gate = deferred<string>();
  const { ended } = start(() => gate.promise, { timeoutMs: 0 });
  assert.equal(countTimers(), timers);
  gate.resolve("late");
  assert.deepEqual(await ended, { kind: "returned", value: "late" });
});

test("a run that is stopped ends the call at once, and tells the tool why", async () => {
  const timers = countTimers();
  const { ended, execution, controller } = start(() => FOR_EVER);
  const reason = new Error("The user has left.");
  controller.abort(reason);
  assert.deepEqual(await ended, { kind: "aborted" });
  assert.equal(execution.signal.reason, reason);
  assertNothingLeft(controller.signal, timers);
});

test("a tool does not begin in a run that was stopped before", async () => {
  const timers = countTimers();
  const signal = AbortSignal.abort();
  const { ended, execution } = start(() => assert.fail("It was run."), { run: { signal } });
  assert.deepEqual(await ended, { kind: "aborted" });
  assert.equal(execution, undefined);
  assertNothingLeft(signal, timers);
});

test("a tool that stops its own run while it begins ends its call", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const execute = () => {
    controller.abort();
    return "done";
  };
  assert.deepEqual(await start(execute, { run: { signal } }).ended, { kind: "aborted" });
});

for (const [how, stop] of [
  ["its time was over", undefined],
  ["its run was stopped", (controller: AbortController) => controller.abort()],
] as const) {
  test(`what a tool returns after ${how} is lost`, async () => {
    const gate = deferred<string>();
    const timeoutMs = stop === undefined ? 5 : 0;
    const { ended, controller } = start(() => gate.promise, { timeoutMs });
    stop?.(controller);
    const end = await ended;
    gate.resolve("late");
    await sleep(1);
    assert.equal(end.kind, stop === undefined ? "timed_out" : "aborted");
  });

  test(`what a tool throws after ${how} harms nobody`, async (context) => {
    const rejections = watchRejections(context);
    const gate = deferred();
    const execute = async () => {
      await gate.promise;
      thrower();
    };
    const { ended, controller } = start(execute, { timeoutMs: stop === undefined ? 5 : 0 });
    stop?.(controller);
    await ended;
    gate.resolve();
    await sleep(5);
    assert.deepEqual(rejections, []);
  });

  test(`what a tool tells after ${how} is not heard`, async () => {
    const { ended, controller, execution, told } = start(
      (_, { progress }) => {
        progress(1);
        return FOR_EVER;
      },
      { timeoutMs: stop === undefined ? 5 : 0 },
    );
    stop?.(controller);
    await ended;
    execution.progress(2);
    assert.deepEqual(told, [1]);
  });
}

test("what a tool tells after it has returned is not heard", async () => {
  const { ended, execution, told } = start(async (_, { progress }) => {
    progress("a");
    await null;
    progress("b");
  });
  await ended;
  execution.progress("c");
  assert.deepEqual(told, ["a", "b"]);
});

test("a thousand calls of one run leave nothing behind, and Node has nothing to warn of", async (context) => {
  const warnings: Error[] = [];
  const listener = (warning: Error) => warnings.push(warning);
  process.on("warning", listener);
  context.after(() => process.off("warning", listener));
  const timers = countTimers();
  const { signal } = new AbortController();
  const gate = deferred();
  const calls = Array.from({ length: 1_000 }, () => start(() => gate.promise, { run: { signal } }));
  assert.equal(countTimers() - timers, 1_000);
  assert.equal(getEventListeners(signal, "abort").length, 1_000);
  gate.resolve();
  await Promise.all(calls.map(({ ended }) => ended));
  assertNothingLeft(signal, timers);
  await sleep(5);
  assert.deepEqual(warnings, []);
});
