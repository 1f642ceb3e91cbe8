import assert from "node:assert/strict";
import { test } from "node:test";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { scope, type } from "arktype";
import * as v from "valibot";
import * as z from "zod";
import * as mini from "zod/mini";
import * as old from "zod/v3";
import type { InputSchema } from "../../src/tools/infer-schema.ts";
import { assertObjectSchema, resolveSchema } from "../../src/tools/resolve-schema.ts";
import type { JsonSchema, StandardSchema } from "../../src/tools/schema.ts";

const WHERE = "tool “forecast”: inputSchema";

function told(schema: InputSchema): unknown {
  return JSON.parse(JSON.stringify(resolveSchema(schema, WHERE).jsonSchema));
}

const CITY = {
  type: "object",
  properties: { city: { type: "string" }, days: { type: "number" } },
  required: ["city"],
};

test("every library's schema is told as JSON Schema, without its dialect", () => {
  const valibot = v.object({ city: v.string(), days: v.optional(v.number()) });
  for (const schema of [
    z.object({ city: z.string(), days: z.number().optional() }),
    mini.object({ city: mini.string(), days: mini.optional(mini.number()) }),
    valibot,
    toStandardJsonSchema(valibot),
    type({ city: "string", "days?": "number" }),
    z.toJSONSchema(z.looseObject({ city: z.string(), days: z.number().optional() }), {
      io: "input",
    }),
    { $schema: "https://json-schema.org/draft/2020-12/schema", ...CITY },
    { json: CITY },
    { toJSON: () => CITY },
  ]) {
    const jsonSchema = told(schema);
    if ("$schema" in schema)
      delete (jsonSchema as { additionalProperties?: unknown }).additionalProperties;
    assert.deepEqual(jsonSchema, CITY);
  }
});

test("what goes in is told, not what comes out", () => {
  const lengthOf = (text: string): number => text.length;
  for (const schema of [
    z.object({ text: z.string().transform(lengthOf), days: z.int().default(1) }),
    mini.object({
      text: mini.pipe(mini.string(), mini.transform(lengthOf)),
      days: mini._default(mini.int(), 1),
    }),
    v.object({
      text: v.pipe(v.string(), v.transform(lengthOf)),
      days: v.optional(v.pipe(v.number(), v.integer()), 1),
    }),
    type({ text: type("string").pipe(lengthOf), days: "number.integer = 1" }),
  ]) {
    const { properties, required } = told(schema) as {
      properties: Record<string, JsonSchema>;
      required: string[];
    };
    assert.equal(properties["text"]?.["type"], "string");
    assert.equal(properties["days"]?.["type"], "integer");
    assert.deepEqual(required, ["text"]);
  }
});

test("descriptions and ids of a library stay, its own checks are no hindrance", () => {
  const described = z
    .object({ city: z.string().describe("Its name.") })
    .meta({ id: "City", title: "A city" });
  assert.deepEqual(told(described), {
    type: "object",
    properties: { city: { type: "string", description: "Its name." } },
    required: ["city"],
    title: "A city",
  });
  const isFine = () => true;
  for (const schema of [
    z.object({ city: z.string().refine(isFine) }),
    v.object({ city: v.pipe(v.string(), v.check(isFine)) }),
    type({ city: type("string").narrow(isFine) }),
  ]) {
    assert.deepEqual(told(schema), {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
    });
  }
});

test("what JSON Schema cannot say is refused, with the library's reason", () => {
  for (const [schema, reason] of [
    [
      z.object({ at: z.date() }),
      "zod cannot write this schema as JSON Schema: Date cannot be represented",
    ],
    [z.object({ at: z.bigint() }), "zod .*: BigInt cannot be represented"],
    [z.object({ at: z.instanceof(Map) }), "zod .*: Custom types cannot be represented"],
    [mini.object({ at: mini.date() }), "zod .*: Date cannot be represented"],
    [v.object({ at: v.date() }), 'valibot .*: The "date" schema cannot be converted'],
    [v.object({ at: v.bigint() }), 'valibot .*: The "bigint" schema cannot be converted'],
    [toStandardJsonSchema(v.object({ at: v.date() })), 'valibot .*: The "date" schema'],
    [type({ at: "Date" }), "arktype .*: a Date is no JSON"],
    [type({ at: "bigint" }), "arktype .*: a bigint is no JSON"],
    [type({ at: "Map" }), "arktype .*: a Map is no JSON"],
    [type({ at: "string | undefined" }), "arktype .*: undefined is no JSON"],
    [type({ "[symbol]": "string" }), "arktype .*: a symbol is no name in JSON"],
  ] as const) {
    assert.throws(() => resolveSchema(schema, WHERE), {
      name: "TypeError",
      message: new RegExp(`^${WHERE}: ${reason}`),
    });
  }
});

/** A schema of a library nobody has heard of, with what it offers beside a validator. */
function foreign(standard: object, offers: object = {}): StandardSchema {
  const validate = (value: unknown) => ({ value });
  return { "~standard": { version: 1, vendor: "foreign", validate, ...standard }, ...offers };
}

test("a library may know an older draft only, or another method", () => {
  const only07 = ({ target }: { target: string }) => {
    if (target !== "draft-07") throw new Error(`no ${target}`);
    return { ...CITY, $schema: "http://json-schema.org/draft-07/schema#" };
  };
  assert.deepEqual(told(foreign({ jsonSchema: { input: only07 } })), CITY);
  assert.deepEqual(told(foreign({}, { toJSONSchema: only07 })), CITY);
  assert.deepEqual(told(foreign({}, { toJsonSchema: () => CITY })), CITY);
  const neither = foreign({
    jsonSchema: { input: ({ target }: { target: string }) => assert.fail(`no ${target}`) },
  });
  assert.throws(
    () => resolveSchema(neither, WHERE),
    /foreign cannot write this schema as JSON Schema: no draft-2020-12/,
  );
  const none = foreign({ jsonSchema: { input: () => undefined } });
  assert.throws(() => resolveSchema(none, WHERE), /: it gives undefined$/);
  const broken = foreign({ jsonSchema: { input: () => ({ default: 1n }) } });
  assert.throws(
    () => resolveSchema(broken, WHERE),
    /inputSchema\.default: a schema is JSON; got a bigint/,
  );
});

test("a library's schema that offers no JSON Schema is refused, and what to do is said", () => {
  assert.throws(() => resolveSchema(old.z.object({}), WHERE), {
    name: "TypeError",
    message: `${WHERE}: this schema of zod offers no JSON Schema. Import it from zod 4, whose schemas do.`,
  });
  assert.throws(
    () => resolveSchema(foreign({}), WHERE),
    /^TypeError: tool “forecast”: inputSchema: this schema of foreign offers no JSON Schema\. Give a JSON Schema instead/,
  );
});

test("what is no schema is refused", () => {
  for (const [given, got] of [
    [undefined, "undefined"],
    [null, "null"],
    ["object", "a string"],
    [true, "a boolean"],
    [[], "a list"],
    [() => CITY, "a function"],
    [new Uint8Array(1), "bytes"],
  ] as const) {
    assert.throws(() => resolveSchema(given as unknown as JsonSchema, WHERE), {
      name: "TypeError",
      message: `${WHERE}: expected a schema of zod, valibot or arktype, or a JSON Schema; got ${got}.`,
    });
  }
  for (const shape of [
    { city: z.string() },
    { type: "object", properties: { city: type("string") } },
  ]) {
    assert.throws(
      () => resolveSchema(shape, WHERE),
      /\.city: a library's schema inside of a JSON Schema\. Give the library's schema of the whole object/,
    );
  }
});

test("a JSON Schema that a library made may be part of another", () => {
  const part = z.toJSONSchema(z.object({ a: z.string() }), { io: "input" });
  const { $schema, ...plain } = { ...part };
  assert.ok($schema !== undefined);
  assert.deepEqual(told({ type: "object", properties: { part } }), {
    type: "object",
    properties: { part: { $schema, ...plain } },
  });
});

test("a JSON Schema that a library made keeps what was changed in it, and the library's validator", async () => {
  const made = z.toJSONSchema(
    z.object({ city: z.string().refine((city) => city !== "Rome", { error: "not Rome" }) }),
  );
  made.title = "A city";
  const resolved = resolveSchema(made, WHERE);
  assert.equal(resolved.jsonSchema["title"], "A city");
  assert.deepEqual(await resolved.check({ city: "Rome" }), {
    issues: [{ path: "city", message: "not Rome" }],
  });
});

test("keywords of the wrong shape are told by name", () => {
  for (const [schema, message] of [
    [
      { type: "strnig" },
      ".type must be one of string, number, integer, boolean, null, array, object; got “strnig”.",
    ],
    [
      { type: ["string", "any"] },
      ".type.1 must be one of string, number, integer, boolean, null, array, object; got “any”.",
    ],
    [{ properties: { city: "string" } }, ".properties.city must be a schema; got “string”."],
    [{ properties: [] }, ".properties must be an object of schemas; got a list."],
    [
      { properties: { city: { required: true } } },
      ".properties.city.required must be a list of strings; got a boolean.",
    ],
    [{ required: ["a", 1] }, ".required.1 must be a string; got a number."],
    [{ items: ["string"] }, ".items.0 must be a schema; got “string”."],
    [{ anyOf: {} }, ".anyOf must be a list of schemas; got an object."],
    [{ enum: "a" }, ".enum must be a list; got “a”."],
    [{ minLength: -1 }, ".minLength must be a whole number of at least 0; got a number."],
    [{ multipleOf: 0 }, ".multipleOf must be a number above 0; got a number."],
    [
      { dependencies: { a: "b" } },
      ".dependencies.a must be a schema or a list of strings; got “b”.",
    ],
  ] as const) {
    assert.throws(() => resolveSchema(schema as JsonSchema, WHERE), {
      name: "TypeError",
      message: WHERE + message,
    });
  }
  assert.deepEqual(told({ type: "object", "x-order": 1, nullable: "yes" }), {
    type: "object",
    "x-order": 1,
    nullable: "yes",
  });
});

test("patterns that are none are refused; escapes that other dialects allow are taken", async () => {
  for (const schema of [
    { pattern: "(?i)a" },
    { properties: { a: { pattern: "\\Z" } } },
    { patternProperties: { "[": {} } },
  ]) {
    assert.throws(
      () => resolveSchema(schema, WHERE),
      /^TypeError: tool “forecast”: inputSchema[.\w]*: the pattern “.*” is no regular expression of JavaScript\./,
    );
  }
  const { check } = resolveSchema({ pattern: "^\\d\\-\\_\\@[\\w\\-\\.]\\\\$" }, WHERE);
  assert.equal((await check("1-_@-\\")).issues, undefined);
  assert.equal((await check("1-_@\\")).issues?.length, 1);
});

test("references that cannot be followed are refused", () => {
  for (const [schema, message] of [
    [{ items: { $ref: "#/$defs/nowhere" } }, ".items.$ref: “#/$defs/nowhere” leads to no schema."],
    [{ items: { $ref: "#/%zz" } }, ".items.$ref: “#/%zz” leads to no schema."],
    [{ items: { $ref: "#/title" }, title: "a" }, ".items.$ref: “#/title” leads to no schema."],
    [
      { items: { $ref: "other.json" } },
      ".items.$ref: “other.json” leads out of the schema, and nothing is fetched. Put what it means into $defs and write “#/$defs/<name>”.",
    ],
    [
      { items: { $ref: "https://example.com/a" } },
      ".items.$ref: “https://example.com/a” leads out of the schema, and nothing is fetched. Put what it means into $defs and write “#/$defs/<name>”.",
    ],
  ] as const) {
    assert.throws(() => resolveSchema(schema as JsonSchema, WHERE), {
      name: "TypeError",
      message: WHERE + message,
    });
  }
});

test("a caller's object is copied, to the last level and under any name", async () => {
  const schema = JSON.parse(
    '{"type":"object","properties":{"a":{"enum":["x"]},"__proto__":{"type":"string"}}}',
  );
  const resolved = resolveSchema(schema as JsonSchema, WHERE);
  const before = JSON.stringify(resolved.jsonSchema);
  assert.equal(before, JSON.stringify(schema));
  schema.properties.a.enum.push("y");
  schema.type = "string";
  assert.equal(JSON.stringify(resolved.jsonSchema), before);
  assert.equal((await resolved.check({ a: "y" })).issues?.length, 1);
  const frozen = Object.freeze({
    type: "object",
    properties: Object.freeze({ a: undefined, b: {} }),
  });
  assert.deepEqual(told(frozen), { type: "object", properties: { b: {} } });
});

test("the same schema gives the same bytes, whatever else the program has made", () => {
  const make = (): InputSchema[] => [
    z.object({ a: z.string(), b: z.array(z.lazy(() => z.string())) }),
    v.object({ a: v.string(), b: v.optional(v.number()) }),
    scope({ node: { name: "string", "next?": "node", children: "node[]" } }).export().node,
    scope({ a: { "b?": "b" }, b: { "a?": "a", either: "'x' | 'y' | number" } }).export().a,
    CITY,
  ];
  const bytes = (): string[] =>
    make().map((schema) => JSON.stringify(resolveSchema(schema, WHERE).jsonSchema));
  const first = bytes();
  for (let index = 0; index < 50; index++) type({ [`member${index}`]: "string | boolean[]" });
  assert.deepEqual(bytes(), first);
});

test("a schema that is a reference at its top is the object that it leads to", async () => {
  const node = z
    .object({
      name: z.string(),
      get children() {
        return z.array(node);
      },
    })
    .meta({ id: "Node" });
  const arkNode = scope({ node: { name: "string", children: "node[]" } }).export().node;
  const valibotNode: v.GenericSchema<{ name: string }> = v.object({
    name: v.string(),
    children: v.array(v.lazy(() => valibotNode)),
  });
  const plain = {
    $ref: "#/definitions/node",
    description: "A tree.",
    definitions: {
      node: {
        type: "object",
        description: "A node.",
        properties: {
          name: { $ref: "#/definitions/name" },
          children: { type: "array", items: { $ref: "#/definitions/node" } },
        },
      },
      name: { type: "string" },
    },
  };
  for (const schema of [node, arkNode, valibotNode, plain]) {
    const resolved = resolveSchema(schema as JsonSchema, WHERE);
    assertObjectSchema(resolved, WHERE);
    assert.equal(resolved.jsonSchema["$ref"], undefined);
    // The copy says the same as the library: it is held to by our own reading of it.
    const again = resolveSchema(resolved.jsonSchema, WHERE);
    const inner = (name: unknown) => ({
      name: "a",
      children: [{ name: "b", children: [{ name, children: [] }] }],
    });
    for (const { check } of [resolved, again]) {
      assert.equal((await check(inner("c"))).issues, undefined);
      assert.equal((await check(inner(1))).issues?.[0]?.path, "children.0.children.0.name");
    }
  }
  assert.deepEqual(
    told({
      ...plain,
      definitions: { node: { $ref: "#/definitions/name" }, name: { type: "object" } },
    }),
    { type: "object", description: "A tree." },
  );
  assert.equal((told(plain) as JsonSchema)["description"], "A tree.");
  const kept = { $ref: "#/$defs/a", minProperties: 1, $defs: { a: { type: "object" } } };
  assert.deepEqual(told(kept), kept);
});

test("a schema that is not one of objects is told to be wrapped, for tools", () => {
  for (const schema of [
    z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]),
    type({ a: "string" }).or({ b: "string" }),
    v.string(),
    { type: "array" },
    { type: ["object", "null"] },
    {},
  ]) {
    const resolved = resolveSchema(schema, WHERE);
    assert.throws(
      () => assertObjectSchema(resolved, WHERE),
      /^TypeError: tool “forecast”: inputSchema: must be a schema of an object, with type: "object" at its top\. Wrap it in an object, such as /,
    );
  }
  const untyped = resolveSchema({ properties: { a: {} } }, WHERE);
  assert.throws(() => assertObjectSchema(untyped, WHERE), /Add type: "object"\.$/);
  assert.doesNotThrow(() => assertObjectSchema(resolveSchema({ type: "object" }, WHERE), WHERE));
});
