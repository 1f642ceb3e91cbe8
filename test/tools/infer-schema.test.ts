// What is inferred is held twice: by the compiler against the type that is meant, and by the check
// against a value of that type.

import assert from "node:assert/strict";
import { test } from "node:test";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { scope, type } from "arktype";
import * as v from "valibot";
import * as z from "zod";
import * as mini from "zod/mini";
import type { InferOutput, InputSchema } from "../../src/tools/infer-schema.ts";
import { resolveSchema } from "../../src/tools/resolve-schema.ts";
import type { JsonSchema, ResolvedSchema, StandardSchema } from "../../src/tools/schema.ts";

type IsSame<Left, Right> =
  (<Type>() => Type extends Left ? 1 : 2) extends <Type>() => Type extends Right ? 1 : 2
    ? true
    : false;

/** The schema with its literals. Its type must be exactly that of `values`, which it must take. */
function inferred<const Schema extends InputSchema>(
  schema: Schema,
): {
  readonly schema: Schema;
  readonly is: <Type>(
    same: IsSame<InferOutput<Schema>, Type>,
    ...values: readonly Type[]
  ) => Promise<void>;
} {
  return {
    schema,
    is: async (same, ...values) => {
      assert.equal(same, true);
      const resolved: ResolvedSchema<InferOutput<Schema>> = resolveSchema(schema, "schema");
      for (const value of values) assert.equal((await resolved.check(value)).issues, undefined);
    },
  };
}

/** For schemas that the compiler alone has to do with. */
function only<_Holds extends true>(): void {}

test("a schema of zod has its output type", async () => {
  const schema = z.object({
    city: z.string(),
    days: z.number().optional(),
    unit: z.enum(["c", "f"]).default("c"),
    length: z.string().transform((text) => text.length),
  });
  only<
    IsSame<
      InferOutput<typeof schema>,
      { city: string; days?: number | undefined; unit: "c" | "f"; length: number }
    >
  >();
  const { value } = await checked(schema, { city: "Rome", length: "four" });
  assert.deepEqual(value, { city: "Rome", unit: "c", length: 4 });
  await inferred(z.array(z.union([z.string(), z.null()]))).is<(string | null)[]>(true, ["a", null]);
  await inferred(
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("a") }),
      z.object({ kind: z.literal("b"), size: z.number() }),
    ]),
  ).is<{ kind: "a" } | { kind: "b"; size: number }>(true, { kind: "b", size: 1 });
});

test("a schema of zod that holds itself has its type", async () => {
  const node = z.object({
    name: z.string(),
    get children() {
      return z.array(node);
    },
  });
  interface Node {
    name: string;
    children: Node[];
  }
  const value: Node = (await checked(node, { name: "a", children: [] })).value;
  assert.deepEqual(value, { name: "a", children: [] });
});

test("a schema of zod/mini has its output type", async () => {
  const schema = mini.object({ city: mini.string(), days: mini.optional(mini.number()) });
  await inferred(schema).is<{ city: string; days?: number | undefined }>(true, { city: "Rome" });
});

test("a schema of valibot has its output type, wrapped or not", async () => {
  const schema = v.object({ city: v.string(), days: v.optional(v.number()) });
  type City = { city: string; days?: number | undefined };
  await inferred(schema).is<City>(true, { city: "Rome" });
  await inferred(toStandardJsonSchema(schema)).is<City>(true, { city: "Rome" });
  const trimmed = v.object({
    city: v.pipe(
      v.string(),
      v.trim(),
      v.transform((text) => [text]),
    ),
  });
  only<IsSame<InferOutput<typeof trimmed>, { city: string[] }>>();
});

test("a schema of arktype has its output type", async () => {
  const schema = type({ city: "string", "days?": "number", unit: "'c' | 'f'" });
  type City = { city: string; days?: number; unit: "c" | "f" };
  await inferred(schema).is<City>(true, { city: "Rome", unit: "c" });
  const parsed = type({ count: "string.numeric.parse" });
  only<IsSame<InferOutput<typeof parsed>, { count: number }>>();
  const { node } = scope({ node: { name: "string", children: "node[]" } }).export();
  const { value } = await checked(node, { name: "a", children: [{ name: "b", children: [] }] });
  assert.equal(value.children[0]?.name, "b");
});

test("of a JSON Schema the structure is read", async () => {
  await inferred({
    type: "object",
    properties: {
      city: { type: "string", description: "Its name." },
      days: { type: "integer", minimum: 1 },
      exact: { type: "boolean" },
      unit: { enum: ["c", "f", 1, null] },
      kind: { const: "weather" },
      note: { type: ["string", "null"] },
      places: { type: "array", items: { type: "object", properties: { at: { type: "number" } } } },
      either: { anyOf: [{ type: "string" }, { type: "array", items: { type: "number" } }] },
      other: { oneOf: [{ const: 1 }, { type: "null" }] },
      nothing: { type: "null" },
      anything: {},
      all: true,
    },
    required: ["city", "unit", "places"],
    additionalProperties: false,
  }).is<{
    city: string;
    days?: number;
    exact?: boolean;
    unit: "c" | "f" | 1 | null;
    kind?: "weather";
    note?: string | null;
    places: { at?: number }[];
    either?: string | number[];
    other?: 1 | null;
    nothing?: null;
    anything?: unknown;
    all?: unknown;
  }>(
    true,
    { city: "Rome", unit: null, places: [{ at: 1 }, {}] },
    {
      city: "Rome",
      days: 1,
      exact: true,
      unit: 1,
      kind: "weather",
      note: null,
      places: [],
      either: [1],
      other: 1,
      nothing: null,
      anything: { a: 1 },
      all: 1,
    },
  );
});

test("objects without named members are records", async () => {
  type Open = Record<string, unknown>;
  await inferred({ type: "object" }).is<Open>(true, {}, { a: 1 });
  await inferred({ type: "object", properties: {} }).is<Open>(true, { a: 1 });
  await inferred({ type: "object", additionalProperties: { type: "number" } }).is<
    Record<string, number>
  >(true, { a: 1 });
  await inferred({ type: "object", additionalProperties: false }).is<Record<string, never>>(
    true,
    {},
  );
  await inferred({
    type: "object",
    patternProperties: { "^x": { type: "string" } },
    additionalProperties: false,
  }).is<Open>(true, { x: "a" });
});

test("members that only their being required is known of are there", async () => {
  const { schema } = inferred({
    type: "object",
    properties: { a: { type: "string" } },
    required: ["a", "b"],
    additionalProperties: { type: "number" },
  });
  type Found = InferOutput<typeof schema>;
  const value: Found = { a: "x", b: 1, c: 2 };
  only<IsSame<Found["a"], string>>();
  only<IsSame<Found["b"], unknown>>();
  only<IsSame<Found["anything"], unknown>>();
  assert.equal((await resolveSchema(schema, "schema").check(value)).issues, undefined);
});

test("forms beside members come on top", async () => {
  const { schema, is } = inferred({
    type: "object",
    properties: { id: { type: "string" } },
    required: ["id"],
    anyOf: [{ required: ["id"] }, { properties: { a: {} } }],
  });
  await is<{ id: string }>(true, { id: "a" });
  only<IsSame<keyof InferOutput<typeof schema>, "id">>();
});

test("what is not understood is unknown", async () => {
  await inferred({ $ref: "#/$defs/a", $defs: { a: { type: "string" } } }).is<unknown>(true, "x");
  await inferred({ allOf: [{ type: "string" }] }).is<unknown>(true, "x");
  await inferred({ properties: { a: { type: "string" } } }).is<unknown>(true, 1, {});
  await inferred({ type: "array" }).is<unknown[]>(true, [1]);
  await inferred({ type: "array", prefixItems: [{ type: "string" }] }).is<unknown[]>(true, ["a"]);
  await inferred({ not: { type: "null" } }).is<unknown>(true, 1);
});

test("a schema whose contents the types do not know gives a record", async () => {
  const schema: JsonSchema = { type: "object" };
  await inferred(schema).is<Record<string, unknown>>(true, { a: 1 });
  interface Draft7 {
    type?: "object" | "string" | undefined;
    properties?: Record<string, Draft7 | boolean>;
  }
  const declared: Draft7 = { type: "object" };
  await inferred(declared).is<Record<string, unknown>>(true, {});
  const parsed: { type: string } = JSON.parse('{"type":"object"}');
  await inferred(parsed).is<Record<string, unknown>>(true, {});
  only<IsSame<InferOutput<StandardSchema>, unknown>>();
});

test("a schema in Converse's wrapping is the one inside", async () => {
  await inferred({
    json: { type: "object", properties: { a: { type: "string" } }, required: ["a"] },
  }).is<{ a: string }>(true, { a: "x" });
});

test("literals that are read-only give a type that is not", async () => {
  const schema = {
    type: "object",
    properties: {
      list: { type: "array", items: { type: "string" } },
      fixed: { const: [1, { a: 2 }] },
    },
    required: ["list", "fixed"],
  } as const;
  await inferred(schema).is<{ list: string[]; fixed: [1, { a: 2 }] }>(true, {
    list: ["a"],
    fixed: [1, { a: 2 }],
  });
});

test("schemas are read 24 levels deep, and may be deeper", () => {
  type Nested<Inner, Levels extends 0[] = []> = Levels["length"] extends 40
    ? Inner
    : Nested<{ readonly type: "array"; readonly items: Inner }, [...Levels, 0]>;
  type Lists<Type> = Type extends (infer Item)[] ? [0, ...Lists<Item>] : [];
  only<IsSame<Lists<InferOutput<Nested<{ type: "string" }>>>["length"], 24>>();
});

test("what does not fit is an error of the compiler", () => {
  const { schema } = inferred({
    type: "object",
    properties: { city: { type: "string" }, unit: { enum: ["c", "f"] } },
    required: ["city"],
  });
  type City = InferOutput<typeof schema>;
  const city: City = { city: "Rome" };
  // @ts-expect-error a required member is left out
  const without: City = {};
  // @ts-expect-error a member of another type
  const typed: City = { city: 1 };
  // @ts-expect-error a value that the enum does not have
  const valued: City = { city: "Rome", unit: "k" };
  // @ts-expect-error a member that may be missing
  const unit: "c" | "f" = city.unit;
  // @ts-expect-error a member that no schema names
  city.country;
  // @ts-expect-error text is no schema
  assert.throws(() => resolveSchema("string", "schema"), TypeError);
  // @ts-expect-error a date is no schema
  assert.throws(() => resolveSchema(new Date(0), "schema"), TypeError);
  // @ts-expect-error a list is no schema
  assert.throws(() => resolveSchema([], "schema"), TypeError);
  assert.ok([without, typed, valued, unit].length === 4);
});

async function checked<Schema extends InputSchema>(
  schema: Schema,
  value: unknown,
): Promise<{ readonly value: InferOutput<Schema> }> {
  const result = await resolveSchema(schema, "schema").check(value);
  assert.ok(result.issues === undefined, JSON.stringify(result.issues));
  return result;
}
