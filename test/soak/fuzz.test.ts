// A few thousand cases of the fuzzing, always the same, and the judge that the long run relies on.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BODIES, type BodyFrame } from "../../soak/fuzz/bodies.ts";
import { runAnswerCase, runBodyCase } from "../../soak/fuzz/cases.ts";
import { disorderIn } from "../../soak/fuzz/event-order.ts";
import { classify } from "../../soak/fuzz/judge-mutant.ts";
import { join } from "../../soak/fuzz/mutate.ts";
import { readBody } from "../../soak/fuzz/read-body.ts";
import { Random } from "../../soak/random.ts";
import { ModelMemory } from "../../src/client/model-memory.ts";

const SEED = 20_261_122;

test("mutated bodies never crash the reader, and damage is never taken for an answer", async () => {
  const memory = new ModelMemory();
  const classes = new Set<string>();
  for (let index = 0; index < 3000; index++) {
    const { class: name, reading } = await runBodyCase(SEED, index, memory);
    classes.add(name);
    assert.notEqual(reading.kind, "crash", `case ${index}: ${JSON.stringify(reading)}`);
    if (name === "damaged" || name === "unfinished") {
      assert.equal(reading.kind, "error", `case ${index} is ${name}`);
    }
    if (name === "unchanged") assert.equal(reading.kind, "success", `case ${index}`);
  }
  assert.equal(classes.size, 7, [...classes].join(", "));
});

test("odd error answers become proper errors", async () => {
  for (let index = 0; index < 1000; index++) {
    const { fault } = await runAnswerCase(SEED, index);
    assert.equal(fault, undefined, `answer ${index}`);
  }
});

test("a case is the same every time", async () => {
  for (const index of [0, 1, 2]) {
    const [one, other] = await Promise.all([
      runBodyCase(SEED, index, new ModelMemory()),
      runBodyCase(SEED, index, new ModelMemory()),
    ]);
    assert.deepEqual({ ...one, tookMs: 0 }, { ...other, tookMs: 0 });
  }
});

describe("the judge", () => {
  for (const [index, original] of BODIES.entries()) {
    test(`finds nothing wrong with valid body ${index}, and it is read`, async () => {
      assert.equal(disorderIn(original), undefined);
      const bytes = join(original);
      assert.equal(classify({ original, bytes, isSummedAnew: false }).class, "unchanged");
      const reading = await readBody(bytes, new ModelMemory(), new Random(index));
      assert.deepEqual(reading, { kind: "success" });
    });
  }

  const [original = []] = BODIES;
  const judge = (frames: readonly BodyFrame[], more: Buffer = Buffer.alloc(0)) =>
    classify({ original, bytes: Buffer.concat([join(frames), more]), isSummedAnew: false }).class;

  test("tells whole frames from damage, and an end from an order that was never sent", () => {
    const last = original.slice(-1);
    const [first, second] = [original.slice(0, 1), original.slice(1, 2)];
    assert.equal(judge(original, Buffer.of(0)), "damaged");
    assert.equal(judge([], join(original).subarray(0, -1)), "damaged");
    assert.equal(judge(original.slice(0, -1)), "trailing frames");
    assert.equal(judge([...original, ...last]), "trailing frames");
    assert.equal(judge(original.slice(0, -2)), "unfinished");
    assert.equal(judge([...first, ...second, ...original.slice(1)]), "plausible frames");
    assert.equal(judge(original.slice(1)), "out of order");
    assert.equal(judge([...original, ...second]), "out of order");
  });
});
