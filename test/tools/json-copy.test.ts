import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { copyAsJson, UnserializableError } from "../../src/tools/json-copy.ts";

const ENOUGH = 1_000_000;

/** What is made of values that JSON can write, and that a JSON text can be read into. */
const writable = fc.object({
  withNullPrototype: true,
  withDate: true,
  withSparseArray: true,
  withBoxedValues: false,
  maxDepth: 4,
  values: [
    fc.string({ unit: "binary" }),
    fc.constant("__proto__"),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
  ],
  key: fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("__proto__", "toString", "1")),
});

test("a copy is written as the value is", () => {
  fc.assert(
    fc.property(writable, (value) => {
      const { json, isWhole } = copyAsJson(value, ENOUGH);
      assert.equal(JSON.stringify(json), JSON.stringify(value));
      assert.equal(isWhole, true);
    }),
  );
});

test("a copy of the beginning is written as the value is, as far as was asked for", () => {
  fc.assert(
    fc.property(writable, fc.nat({ max: 200 }), (value, length) => {
      const whole = JSON.stringify(value);
      const { json, isWhole } = copyAsJson(value, length);
      const written = JSON.stringify(json);
      if (isWhole) assert.equal(written, whole);
      else {
        assert.ok(whole.length > length, whole);
        assert.ok(written.length > length, written);
        assert.equal(written.slice(0, length), whole.slice(0, length));
      }
    }),
  );
});

class Account {
  readonly owner = "Ada";
  readonly closedAt = undefined;
  readonly #secret = "canary";

  get length(): number {
    return this.#secret.length;
  }
}

class Money {
  readonly #cents = 1250n;

  toJSON(): { amount: string } {
    return { amount: String(this.#cents) };
  }
}

class Pair {
  readonly left = 1;
  readonly right = 2;

  *[Symbol.iterator](): Generator<number> {
    yield this.left;
    yield this.right;
  }
}

const ONE = { one: 1 };

for (const [what, value, json] of [
  ["undefined", undefined, undefined],
  ["null", null, null],
  ["a text", "text", "text"],
  ["a number", -0.5, -0.5],
  // biome-ignore lint/suspicious/noSparseArray: that is what is tested
  ["a list with a hole", [, 1, undefined], [null, 1, null]],
  ["a member that is undefined", { a: undefined, b: 1 }, { b: 1 }],
  ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
  ["a URL", new URL("http://localhost/a b"), "http://localhost/a%20b"],
  ["an object with toJSON", { price: new Money() }, { price: { amount: "1250" } }],
  ["toJSON that gives nothing", { toJSON: () => undefined }, undefined],
  [
    "toJSON that gives what has toJSON again",
    { toJSON: () => ({ date: new Date(0) }) },
    { date: "1970-01-01T00:00:00.000Z" },
  ],
  ["an object of a class", new Account(), { owner: "Ada" }],
  ["an object without prototype", Object.assign(Object.create(null), ONE), ONE],
  ["an object that is also an iterable", new Pair(), { left: 1, right: 2 }],
  [
    "primitives as objects",
    [Object(1), Object("a"), Object(""), Object(false)],
    [1, "a", "", false],
  ],
  ["an object that stands at two places", [ONE, { ONE }], [ONE, { ONE }]],
  [
    "lists and objects of another realm",
    runInNewContext("({ a: [1, { b: 2 }] })"),
    { a: [1, { b: 2 }] },
  ],
] as const) {
  test(`${what} is copied`, () => {
    const copied = copyAsJson(value, ENOUGH);
    assert.deepEqual(copied, { json, isWhole: true });
    if (typeof copied.json === "object" && value !== null) assert.notEqual(copied.json, value);
  });
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { value };
  return value;
}

function cycle(): unknown {
  const list: unknown[] = [];
  list.push({ list });
  return list;
}

/** As some clients have them: with the headers of the request, and the stack. */
class HttpError extends Error {
  toJSON(): object {
    return { message: this.message, stack: this.stack, authorization: "canary" };
  }
}

for (const [what, make] of [
  ["a BigInt", () => 1n],
  ["a BigInt", () => Object(1n)],
  ["a BigInt", () => ({ toJSON: () => 1n })],
  ["a function", () => () => 1],
  ["a function", () => class {}],
  ["a symbol", () => Symbol("secret")],
  ["the number NaN", () => Number.NaN],
  ["the number -Infinity", () => Number.NEGATIVE_INFINITY],
  ["a Map", () => new Map([["a", 1]])],
  ["a Map", () => runInNewContext("new Map()")],
  ["a Set", () => new Set()],
  ["a weak collection", () => new WeakMap()],
  ["a promise", () => Promise.resolve(1)],
  ["a regular expression", () => /a/],
  ["an error", () => new HttpError("no")],
  ["an error", () => new DOMException("no")],
  ["an error", () => runInNewContext("new Error()")],
  ["an error", () => ({ toJSON: () => new Error("no") })],
  ["bytes (return them as an image or document block)", () => new Uint8Array(2)],
  ["bytes (return them as an image or document block)", () => Buffer.from("a")],
  ["bytes (return them as an image or document block)", () => new Float64Array(2)],
  ["bytes (return them as an image or document block)", () => new ArrayBuffer(2)],
  ["bytes (return them as an image or document block)", () => new SharedArrayBuffer(2)],
  ["bytes (return them as an image or document block)", () => new DataView(new ArrayBuffer(2))],
  ["a stream", () => new PassThrough()],
  ["a stream", () => new ReadableStream()],
  ["a body that was not read", () => new Response("text")],
  ["a body that was not read", () => new Blob(["text"])],
  ["an async iterable", async function* () {}],
  ["an iterable that is no list", () => (function* () {})()],
  ["an iterable that is no list", () => new URLSearchParams("a=1")],
  ["an iterable that is no list", () => new Headers()],
  ["something that holds itself", cycle],
  ["something nested more than 256 deep", () => nested(257)],
  ["something nested more than 256 deep", () => nested(100_000)],
] as const) {
  test(`${what} has no form in JSON, wherever it stands`, () => {
    for (const value of [make(), [make()], { a: { b: make() } }]) {
      assert.throws(
        () => copyAsJson(value, ENOUGH),
        (error) => error instanceof UnserializableError && error.message === what,
      );
    }
  });
}

test("256 levels are copied", () => {
  const value = nested(256);
  assert.deepEqual(copyAsJson(value, ENOUGH).json, value);
});

/** Few objects, and 2^60 ways through them. */
function shared(): unknown {
  let list: unknown[] = [];
  for (let level = 0; level < 60; level++) list = [list, list];
  return list;
}

for (const [what, make] of [
  ["a list of four thousand million holes", () => new Array(2 ** 32 - 1)],
  ["objects that stand at very many places", shared],
  ["a text of 100 million characters", () => "\u0000".repeat(1e8)],
  ["a list of very long texts", () => new Array(1_000).fill("a".repeat(1e8))],
] as const) {
  test(`${what}: no more is copied than was asked for`, () => {
    const { json, isWhole } = copyAsJson({ a: make() }, 1_000);
    assert.equal(isWhole, false);
    const { length } = JSON.stringify(json);
    assert.ok(length > 1_000 && length < 10_000, `${length} characters`);
  });
}

test("what follows the beginning that was asked for is not looked at", () => {
  let looks = 0;
  const member = {
    enumerable: true,
    get: () => {
      looks += 1;
      return "a".repeat(10);
    },
  };
  const names = Array.from({ length: 100 }, (_, index) => [`name${index}`, member] as const);
  const value: object = Object.defineProperties({}, Object.fromEntries(names));
  assert.equal(copyAsJson(value, 200).isWhole, false);
  assert.ok(looks < 20, `${looks} looks`);
});

test("a later change of the value is none of the copy", () => {
  const value = { list: [{ a: 1 }], date: new Date(0) };
  const { json } = copyAsJson(value, ENOUGH);
  const before = JSON.stringify(json);
  value.list[0] = { a: 2 };
  value.list.push({ a: 3 });
  value.date.setTime(1);
  assert.equal(JSON.stringify(json), before);
});

test("a member named __proto__ is a member of the copy, and nothing more", () => {
  const { json } = copyAsJson(JSON.parse('{"__proto__":{"polluted":true}}'), ENOUGH);
  assert.ok(typeof json === "object" && json !== null, "It is no object.");
  assert.deepEqual(Object.keys(json), ["__proto__"]);
  assert.equal(Object.getPrototypeOf(json), Object.prototype);
  assert.equal("polluted" in {}, false);
});
