import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { AbortError, BedrockError } from "../../src/core/errors.ts";
import { Cancellation } from "../../src/transport/cancellation.ts";

test("an abort tells what runs now, with the caller's reason as cause", () => {
  const controller = new AbortController();
  const cancellation = new Cancellation(controller.signal);
  const told: string[] = [];
  cancellation.attach({ fail: () => told.push("before") });
  cancellation.attach({ fail: (error) => told.push(`${error.name}: ${String(error.cause)}`) });
  controller.abort("enough");
  assert.deepEqual(told, ["AbortError: enough"]);
});

test("what starts after the abort is told at once", () => {
  const cancellation = new Cancellation(AbortSignal.abort());
  let told = false;
  cancellation.attach({
    fail: () => {
      told = true;
    },
  });
  assert.ok(told && cancellation.error instanceof AbortError);
});

test("only the first reason counts", () => {
  const cancellation = new Cancellation();
  cancellation.cancel(new BedrockError("first"));
  cancellation.cancel(new BedrockError("second"));
  assert.equal(cancellation.error?.message, "first");
});

test("a sleep ends with the abort", async () => {
  const cancellation = new Cancellation();
  const sleeping = cancellation.sleep(2 ** 31 - 1);
  cancellation.cancel(new AbortError());
  await assert.rejects(sleeping, AbortError);
});

test("a guarded promise ends with the abort, and otherwise as itself", async () => {
  const cancellation = new Cancellation();
  assert.equal(await cancellation.guard(Promise.resolve(1)), 1);
  const waiting = cancellation.guard(new Promise(() => {}));
  cancellation.cancel(new AbortError());
  await assert.rejects(waiting, AbortError);
});

test("nothing stays on the caller's signal", () => {
  const controller = new AbortController();
  const cancellation = new Cancellation(controller.signal);
  assert.equal(getEventListeners(controller.signal, "abort").length, 1);
  cancellation.dispose();
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);
});
