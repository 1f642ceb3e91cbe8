import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { runTasks, type Task } from "../../src/tools/schedule.ts";
import { deferred } from "../helpers/deferred.ts";

test("tasks begin once each and in order, at most `limit` at a time, and some alone", async () => {
  const plan = fc.record({ isAlone: fc.boolean(), length: fc.nat({ max: 5 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(plan), fc.integer({ min: 1, max: 6 }), async (plans, limit) => {
      const begun: number[] = [];
      const running = new Set<number>();
      const tasks = plans.map(({ isAlone, length }, index): Task => {
        const run = async () => {
          begun.push(index);
          running.add(index);
          assert.ok(running.size <= limit, "Too many run at a time.");
          const hasCompany = running.size > 1;
          const others = [...running].some((other) => plans[other]?.isAlone);
          assert.ok(!(hasCompany && others), "One that runs alone has company.");
          for (let step = 0; step < length; step++) await null;
          running.delete(index);
        };
        return { isAlone, run };
      });
      await runTasks(tasks, limit);
      assert.equal(running.size, 0);
      assert.deepEqual(
        begun,
        plans.map((_, index) => index),
      );
    }),
  );
});

test("as many run at a time as may", async () => {
  const gate = deferred();
  let running = 0;
  const run = async () => {
    running += 1;
    await gate.promise;
  };
  const ended = runTasks(
    Array.from({ length: 10 }, () => ({ isAlone: false, run })),
    4,
  );
  await new Promise(setImmediate);
  assert.equal(running, 4);
  gate.resolve();
  await ended;
  assert.equal(running, 10);
});

test("a place that becomes free is taken, whichever task ends first", async () => {
  const gates = [deferred(), deferred(), deferred()];
  const begun: number[] = [];
  const ended = runTasks(
    gates.map((gate, index) => ({
      isAlone: false,
      run: () => {
        begun.push(index);
        return gate.promise;
      },
    })),
    2,
  );
  gates[1]?.resolve();
  await new Promise(setImmediate);
  assert.deepEqual(begun, [0, 1, 2]);
  for (const gate of gates) gate.resolve();
  await ended;
});

test("nothing to run is done at once", async () => {
  await runTasks([], 8);
});
