// Schemas of what is no object, put into one: every value fits the wrapped schema, as its member, that
// fitted the one that was given.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Validator } from "@cfworker/json-schema";
import {
  toAnswerSchema,
  unwrapAnswer,
  unwrapPartial,
} from "../../src/client/object/answer-schema.ts";
import type { JsonValue } from "../../src/core/json.ts";

type Schema = { [keyword: string]: JsonValue };

const fits = (schema: Schema, value: unknown): boolean =>
  new Validator(schema, "2020-12").validate(value).valid;

const TREE: Schema = {
  $ref: "#/$defs/Tree",
  $defs: {
    Tree: {
      type: "object",
      properties: { name: { type: "string" }, children: { $ref: "#/$defs/List" } },
      required: ["name"],
    },
    List: { type: "array", items: { $ref: "#/$defs/Tree" } },
  },
};

/** A schema, a value that fits it, and one that does not. */
const CASES: Readonly<Record<string, readonly [schema: Schema, good: JsonValue, bad: JsonValue]>> =
  {
    "a list": [{ type: "array", items: { type: "number" } }, [1], ["1"]],
    "a text": [{ type: "string" }, "a", 1],
    "a union of objects": [
      {
        anyOf: [
          { type: "object", required: ["a"] },
          { type: "object", required: ["b"] },
        ],
      },
      { b: 1 },
      { c: 1 },
    ],
    "an object that is a union as well": [
      { type: "object", anyOf: [{ required: ["a"] }, { required: ["b"] }] },
      { a: 1 },
      {},
    ],
    "an object or null": [{ type: ["object", "null"] }, null, 1],
    "a tree, by its definitions": [
      TREE,
      { name: "a", children: [{ name: "b" }] },
      { name: "a", children: [{}] },
    ],
    "a list of itself": [{ type: "array", items: { $ref: "#" } }, [[], [[]]], [[1]]],
    "references into its own members": [
      {
        type: "array",
        prefixItems: [{ type: "integer" }],
        items: { $ref: "#/prefixItems/0" },
      },
      [1, 2],
      [1, "2"],
    ],
    "older definitions": [
      {
        definitions: { Id: { type: "integer" } },
        type: "array",
        items: { $ref: "#/definitions/Id" },
      },
      [1],
      ["1"],
    ],
    "data that looks like references": [
      { enum: [{ $ref: "#" }, "#/a"], description: "one of two" },
      { $ref: "#" },
      { $ref: "#/properties/value" },
    ],
    "members that are called like keywords": [
      {
        type: ["object", "string"],
        properties: { $ref: { type: "string" }, enum: { $ref: "#/properties/$ref" } },
      },
      { enum: "#" },
      { enum: 1 },
    ],
  };

for (const [name, [schema, good, bad]] of Object.entries(CASES)) {
  test(`${name} can be wrapped, and means the same`, () => {
    assert.ok(fits(schema, good) && !fits(schema, bad));
    const before = JSON.stringify(schema);
    const answer = toAnswerSchema(schema);
    assert.equal(answer.isWrapped, true);
    assert.equal(answer.schema["type"], "object");
    assert.ok(fits(answer.schema, { value: good }));
    assert.ok(!fits(answer.schema, { value: bad }));
    assert.ok(!fits(answer.schema, {}));
    assert.deepEqual(unwrapAnswer({ value: good }, true), good);
    assert.equal(JSON.stringify(schema), before);
    assert.equal(JSON.stringify(toAnswerSchema(schema)), JSON.stringify(answer));
  });
}

test("a schema of an object stays as it is", () => {
  const schema: Schema = {
    type: "object",
    properties: { value: { type: "number" }, next: { $ref: "#" } },
  };
  assert.deepEqual(toAnswerSchema(schema), { schema, isWrapped: false });
  assert.deepEqual(unwrapAnswer({ value: 1 }, false), { value: 1 });
  assert.deepEqual(unwrapPartial({ value: 1 }, false), { value: 1 });
});

test("definitions stay at the top, where models look for them", () => {
  const { schema } = toAnswerSchema(TREE);
  assert.deepEqual(schema["$defs"], TREE["$defs"]);
  assert.deepEqual(schema["properties"], { value: { $ref: "#/$defs/Tree" } });
});

test("a schema with an address of its own keeps the references that start from there", () => {
  const inner = {
    $id: "https://example.com/inner",
    items: { $ref: "#/$defs/A" },
    $defs: { A: {} },
  };
  const { schema } = toAnswerSchema({ $id: "https://example.com/outer", anyOf: [inner] });
  assert.deepEqual(schema["properties"], { value: { anyOf: [inner] } });
});

test("what was not wrapped is taken as it is, and nothing partial is taken for the value", () => {
  assert.deepEqual(unwrapAnswer([1], true), [1]);
  assert.deepEqual(unwrapAnswer({ value: 1, more: 2 }, true), { value: 1, more: 2 });
  assert.equal(unwrapPartial({}, true), undefined);
  assert.equal(unwrapPartial({ other: 1 }, true), undefined);
  assert.deepEqual(unwrapPartial({ value: [1] }, true), [1]);
});
