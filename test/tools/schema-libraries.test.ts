// Reading schemas of every kind, and holding values to them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import fc from "fast-check";
import * as v from "valibot";
import * as z from "zod";
import * as zm from "zod/mini";
import { assertObjectSchema, resolveSchema } from "../../src/tools/resolve-schema.ts";

const PERSON = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "number" } },
  required: ["name"],
} as const;

const LIBRARIES = {
  zod: z.object({ name: z.string(), age: z.optional(z.number()) }),
  "zod/mini": zm.object({ name: zm.string(), age: zm.optional(zm.number()) }),
  valibot: v.object({ name: v.string(), age: v.optional(v.number()) }),
  "valibot as Standard JSON Schema": toStandardJsonSchema(
    v.object({ name: v.string(), age: v.optional(v.number()) }),
  ),
  arktype: type({ name: "string", "age?": "number" }),
  "JSON Schema": PERSON,
  "JSON Schema as Converse wraps it": { json: PERSON },
  "JSON Schema that speaks for itself": { toJSON: () => PERSON },
};

for (const [library, schema] of Object.entries(LIBRARIES)) {
  test(`${library}: the model is told the same, and values are held to it`, async () => {
    const resolved = resolveSchema(schema, "here");
    assert.deepEqual(resolved.jsonSchema, PERSON);
    assert.equal(
      JSON.stringify(resolveSchema(schema, "here").jsonSchema),
      JSON.stringify(resolved.jsonSchema),
    );
    assertObjectSchema(resolved, "here");
    const person = { name: "Ada", age: 36 };
    assert.deepEqual(await resolved.check(person), { value: person });
    const { issues = [] } = await resolved.check({ name: "Ada", age: "secret" });
    assert.deepEqual(
      issues.map(({ path }) => path),
      ["age"],
    );
    assert.doesNotMatch(JSON.stringify(issues), /secret/);
    assert.equal((await resolved.check({ age: 5 })).issues?.length, 1);
    assert.equal((await resolved.check("Ada")).issues?.length, 1);
  });
}

test("a library's own transformation is what comes out, its input what the model is told", async () => {
  const schema = z.object({ day: z.string().transform((text) => text.length) });
  const resolved = resolveSchema(schema, "here");
  assert.deepEqual(resolved.jsonSchema["properties"], { day: { type: "string" } });
  assert.deepEqual(await resolved.check({ day: "Monday" }), { value: { day: 6 } });
});

test("what a caller does to his schema later changes nothing", async () => {
  const schema = structuredClone(PERSON) as { properties: Record<string, unknown> };
  const resolved = resolveSchema(schema, "here");
  schema.properties["name"] = { type: "number" };
  assert.deepEqual(resolved.jsonSchema, PERSON);
  assert.deepEqual(await resolved.check({ name: "Ada" }), { value: { name: "Ada" } });
});

test("issues name every place and what is expected there", async () => {
  const resolved = resolveSchema(
    {
      type: "object",
      properties: {
        unit: { enum: ["celsius", "fahrenheit"] },
        list: { type: "array", items: { type: "integer", minimum: 1 } },
        "a/b~c": { type: "string", minLength: 3 },
        either: { anyOf: [{ type: "string" }, { type: "object", required: ["x"] }] },
      },
      required: ["must"],
      additionalProperties: false,
    },
    "here",
  );
  const { issues = [] } = await resolved.check({
    unit: "kelvin",
    list: [1, 0, "2"],
    "a/b~c": "x",
    either: 5,
    more: true,
  });
  assert.deepEqual(
    issues.map(({ path, message }) => `${path}: ${message}`),
    [
      ': Instance does not have required property "must"',
      'unit: Instance does not match any of ["celsius","fahrenheit"]',
      "list.1: 0 is less than 1",
      'list.2: Instance type "string" is invalid. Expected "integer"',
      "a/b~c: String is too short (1 < 3)",
      "either: Instance does not match any subschemas",
      "more: is not allowed here",
    ],
  );
});

test("no more than twenty issues are told, and of schemas that lead to each other the first", async () => {
  const list = resolveSchema({ type: "array", items: { type: "string" } }, "here");
  assert.equal((await list.check(Array(100).fill(1))).issues?.length, 20);
  assert.equal((await list.check(Array(200_000).fill(1))).issues?.length, 1);
  // Each level has two forms; looking for every fault would take 2^60 steps.
  const tree = resolveSchema(
    {
      $defs: {
        node: {
          anyOf: [
            {
              type: "object",
              properties: { kind: { const: "a" }, child: { $ref: "#/$defs/node" } },
            },
            {
              type: "object",
              properties: { kind: { const: "b" }, child: { $ref: "#/$defs/node" } },
            },
            { type: "null" },
          ],
        },
      },
      type: "object",
      properties: { root: { $ref: "#/$defs/node" } },
    },
    "here",
  );
  let node: unknown = 5;
  for (let depth = 0; depth < 60; depth++) node = { kind: "b", child: node };
  assert.equal((await tree.check({ root: node })).issues?.length, 1);
  let fine: unknown = null;
  for (let depth = 0; depth < 60; depth++)
    fine = { kind: depth % 2 === 0 ? "a" : "b", child: fine };
  assert.equal((await tree.check({ root: fine })).issues, undefined);
});

test("names out of prototypes are data, in schemas and in values", async () => {
  const closed = resolveSchema(
    { type: "object", properties: { a: { type: "string" } }, additionalProperties: false },
    "here",
  );
  for (const text of ['{"__proto__":{"x":1}}', '{"constructor":1}', '{"toString":1}']) {
    assert.equal((await closed.check(JSON.parse(text))).issues?.length, 1, text);
  }
  const wanted = resolveSchema({ type: "object", required: ["constructor", "toString"] }, "here");
  assert.equal((await wanted.check({})).issues?.length, 2);
  const named = JSON.parse('{"type":"object","properties":{"__proto__":{"type":"number"}}}');
  const resolved = resolveSchema(named, "here");
  assert.ok(Object.hasOwn(resolved.jsonSchema["properties"] as object, "__proto__"));
  assert.equal((await resolved.check(JSON.parse('{"__proto__":"x"}'))).issues?.length, 1);
  assert.equal(Object.getPrototypeOf(resolved.jsonSchema), Object.prototype);
  assert.equal(({} as Record<string, unknown>)["type"], undefined);
});

const circle: Record<string, unknown> = { type: "object" };
circle["properties"] = { self: circle };
let deep: unknown = { type: "string" };
for (let depth = 0; depth < 200; depth++) deep = { type: "array", items: deep };

const REFUSED: [what: string, schema: unknown, message: RegExp][] = [
  ["nothing", undefined, /^here: expected a schema.*got undefined/],
  ["a string", "string", /expected a schema/],
  ["a list", [], /expected a schema.*got a list/],
  ["a circle", circle, /holds itself/],
  ["depth without end", deep, /more than 100 deep/],
  ["a function inside", { type: "object", properties: { a: () => {} } }, /schema is JSON/],
  ["a library's schema inside", { type: "object", properties: { a: z.string() } }, /z\.object/],
  ["a reference to elsewhere", { $ref: "https://example.com/a.json" }, /leads out of the schema/],
  [
    "a reference to nothing",
    { items: { $ref: "#/$defs/a" } },
    /here\.items\.\$ref: .*leads to no schema/,
  ],
  ["a reference by a prototype", { $ref: "#/constructor" }, /leads to no schema/],
  ["a broken pattern", { properties: { a: { pattern: "[" } } }, /“\[” is no regular expression/],
  ["a broken pattern of names", { patternProperties: { "(": {} } }, /no regular expression/],
  ["a date of zod", z.object({ when: z.date() }), /here: zod cannot write.*Date/],
  ["a bigint of zod", z.object({ n: z.bigint() }), /BigInt|bigint/i],
  ["a date of valibot", v.object({ when: v.date() }), /here: valibot cannot write/],
  ["a date of arktype", type({ when: "Date" }), /here: arktype cannot write/],
];

for (const [what, schema, message] of REFUSED) {
  test(`${what} is a TypeError that says so`, () => {
    assert.throws(
      () => resolveSchema(schema as never, "here"),
      (error) => error instanceof TypeError && message.test(error.message),
    );
  });
}

test("a schema without JSON Schema of its own says what to do", () => {
  const schema = {
    "~standard": { version: 1, vendor: "some-library", validate: () => ({ value: 1 }) },
  } as const;
  assert.throws(() => resolveSchema(schema, "here"), /some-library offers no JSON Schema\. Give a/);
});

test("a pattern that is the name of a property is no pattern, and examples are no schemas", async () => {
  const resolved = resolveSchema(
    {
      type: "object",
      properties: { pattern: { type: "string" }, $ref: { type: "string" } },
      examples: [{ pattern: "[", $ref: "nowhere" }],
    },
    "here",
  );
  assert.deepEqual(await resolved.check({ pattern: "[" }), { value: { pattern: "[" } });
});

test("a schema that leads to itself for ever, and a validator that throws, reject with TypeError", async () => {
  const endless = resolveSchema(
    { $defs: { a: { $ref: "#/$defs/a" } }, allOf: [{ $ref: "#/$defs/a" }] },
    "here",
  );
  await assert.rejects(endless.check({}), /^TypeError: here: no value can be held to this schema/);
  const throwing = z.object({
    a: z.string().refine(() => {
      throw new Error("?");
    }),
  });
  await assert.rejects(resolveSchema(throwing, "here").check({ a: "x" }), /here: the validator/);
});

test("a check of zod that has to be waited for is waited for, once, and its failure is caught", async () => {
  let times = 0;
  const schema = z.object({ name: z.string() }).refine(async ({ name }) => {
    times += 1;
    await Promise.resolve();
    if (name === "broken") throw new Error("?");
    return name === "Ada";
  });
  const { check } = resolveSchema(schema, "here");
  assert.deepEqual(await check({ name: "Ada" }), { value: { name: "Ada" } });
  assert.equal((await check({ name: "Eve" })).issues?.length, 1);
  await assert.rejects(check({ name: "broken" }), /here: the validator/);
  assert.equal(times, 3);
  // What nobody had caught would end the process here.
  await new Promise((resolve) => setImmediate(resolve));
});

test("what zod keeps in definitions stands at the top, where Bedrock wants an object", () => {
  const Node: z.ZodType = z.object({
    name: z.string(),
    get children() {
      return z.array(Node);
    },
  });
  const { jsonSchema } = resolveSchema(Node, "here");
  assert.equal(jsonSchema["type"], "object");
});

test("what is no schema of an object is refused for tools, with what to do", () => {
  for (const schema of [z.string(), z.union([z.object({}), z.object({})]), { type: "array" }, {}]) {
    const resolved = resolveSchema(schema, "here");
    assert.throws(
      () => assertObjectSchema(resolved, "here"),
      /here: must be a schema of an object/,
    );
  }
});

/** Schemas of zod, each with values that fit it and any others. */
function anySchema(depth: number): fc.Arbitrary<z.ZodType> {
  const leaf = fc.constantFrom<z.ZodType>(
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.int().min(-5).max(5),
    z.enum(["a", "b"]),
    z.literal(3),
  );
  if (depth === 0) return leaf;
  const inner = anySchema(depth - 1);
  return fc.oneof(
    leaf,
    inner.map((each) => z.array(each)),
    fc.array(inner, { minLength: 1, maxLength: 2 }).map((each) => z.union(each as never)),
    fc
      .dictionary(fc.constantFrom("a", "b", "__proto", "constructor"), inner, { maxKeys: 3 })
      .map((members) => z.strictObject(members)),
  );
}

test("a JSON Schema that zod writes takes what zod takes", async () => {
  const values = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.dictionary(
      fc.constantFrom("a", "b", "constructor"),
      fc.constantFrom("a", 3, null, [], true),
    ),
  );
  await fc.assert(
    fc.asyncProperty(anySchema(2), values, async (schema, value) => {
      const written = z.toJSONSchema(schema, { io: "input" });
      const resolved = resolveSchema(JSON.parse(JSON.stringify(written)), "here");
      const { issues } = await resolved.check(value);
      assert.equal(issues === undefined, schema.safeParse(value).success);
    }),
    { numRuns: 500 },
  );
});
