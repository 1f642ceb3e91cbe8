import assert from "node:assert/strict";
import { test } from "node:test";
import { type } from "arktype";
import fc from "fast-check";
import * as v from "valibot";
import * as z from "zod";
import * as mini from "zod/mini";
import type { JsonValue } from "../../src/core/json.ts";
import type { InputSchema } from "../../src/tools/infer-schema.ts";
import { resolveSchema } from "../../src/tools/resolve-schema.ts";
import type { StandardSchema } from "../../src/tools/schema.ts";

const WHERE = "tool “forecast”: inputSchema";

async function find(schema: InputSchema, value: unknown): Promise<string[]> {
  const { issues = [] } = await resolveSchema(schema, WHERE).check(value);
  return issues.map(({ path, message }) => `${path}: ${message}`);
}

test("issues of every library are told by place", async () => {
  const value = { items: [{ name: "a" }, { name: 5 }] };
  for (const [schema, message] of [
    [
      z.object({ items: z.array(z.object({ name: z.string() })) }),
      "Invalid input: expected string, received number",
    ],
    [mini.object({ items: mini.array(mini.object({ name: mini.string() })) }), "Invalid input"],
    [v.object({ items: v.array(v.object({ name: v.string() })) }), "Invalid type: Expected string"],
    [type({ items: type({ name: "string" }).array() }), "items[1].name must be a string"],
  ] as const) {
    const [found = "", ...more] = await find(schema, value);
    assert.equal(more.length, 0);
    assert.ok(found.startsWith(`items.1.name: ${message}`), found);
  }
});

test("the value that valibot and arktype repeat is left out", async () => {
  const url = v.object({ at: v.pipe(v.string(), v.url()), kind: v.picklist(["a", "b"]) });
  assert.deepEqual(await find(url, { at: "secret", kind: "secret" }), [
    "at: Invalid URL",
    'kind: Invalid type: Expected ("a" | "b")',
  ]);
  const both = type({ at: "string.email & string > 20", size: "number < 3", kind: "'a' | 'b'" });
  assert.deepEqual(await find(both, { at: "secret", size: 774411, kind: "secret" }), [
    "at: at must be...\n  ◦ an email address\n  ◦ at least length 21",
    'kind: kind must be "a" or "b"',
    "size: size must be less than 3",
  ]);
  const json = type({ at: "string.json" });
  assert.doesNotMatch((await find(json, { at: "secret" })).join(), /secret/);
  const own = v.object({
    at: v.pipe(
      v.string(),
      v.check(() => false, "my own words"),
    ),
  });
  assert.deepEqual(await find(own, { at: "secret" }), ["at: my own words"]);
});

test("the value is given as the library makes it, and the caller's stays as it was", async () => {
  const value = { text: " a ", extra: 1 };
  for (const schema of [
    z.object({ text: z.string().trim(), days: z.number().default(1) }),
    v.object({ text: v.pipe(v.string(), v.trim()), days: v.optional(v.number(), 1) }),
    type({ "+": "delete", text: "string.trim", days: "number = 1" }),
  ]) {
    const result = await resolveSchema(schema, WHERE).check(value);
    assert.deepEqual(result, { value: { text: "a", days: 1 } });
  }
  assert.deepEqual(value, { text: " a ", extra: 1 });
});

test("validators that take their time are waited for", async () => {
  const isKnown = async (city: string): Promise<boolean> => city === "Rome";
  for (const schema of [
    z.object({ city: z.string().refine(isKnown, { error: "not known" }) }),
    v.objectAsync({ city: v.pipeAsync(v.string(), v.checkAsync(isKnown, "not known")) }),
  ]) {
    assert.deepEqual(await find(schema, { city: "Rome" }), []);
    assert.deepEqual(await find(schema, { city: "Oslo" }), ["city: not known"]);
  }
});

function foreign(validate: (value: unknown) => unknown): StandardSchema {
  const jsonSchema = { input: () => ({ type: "object" }) };
  const standard = { version: 1, vendor: "foreign", validate, jsonSchema };
  return { "~standard": standard as unknown as StandardSchema["~standard"] };
}

test("a validator that fails is an error of the schema, not of the value", async () => {
  const cause = new RangeError("secret");
  for (const validate of [
    () => {
      throw cause;
    },
    async () => {
      throw cause;
    },
  ]) {
    await assert.rejects(resolveSchema(foreign(validate), WHERE).check({}), {
      name: "TypeError",
      message: `${WHERE}: the validator of this foreign schema failed; see the cause.`,
      cause,
    });
  }
  for (const answer of [undefined, null, 1, {}, { issues: "many" }]) {
    await assert.rejects(
      resolveSchema(
        foreign(() => answer),
        WHERE,
      ).check({}),
      /^TypeError: tool “forecast”: inputSchema: the validator of this foreign schema gives neither/,
    );
  }
});

test("whatever a library finds, at most 20 issues of bounded length are told", async () => {
  const list = Array.from({ length: 50_000 }, () => 1);
  for (const schema of [z.array(z.string()), v.array(v.string()), type("string[]")]) {
    const found = await find(schema, list);
    assert.equal(found.length, 20);
  }
  const keys = Object.fromEntries(list.map((_, index) => [`key${index}`, 1]));
  assert.ok((await find(z.strictObject({}), keys)).join().length < 500);
  const odd = foreign(() => ({
    issues: [{ message: "m", path: [Symbol("s"), { key: 0 }, "x".repeat(999)] }],
  }));
  const [found = ""] = await find(odd, {});
  assert.match(found, /^Symbol\(s\)\.0\.x{80}…: m$/);
  assert.deepEqual(
    await find(
      foreign(() => ({ issues: [] })),
      {},
    ),
    [": does not fit"],
  );
});

/** One schema, as every library has it. */
interface Equal {
  readonly json: { readonly [keyword: string]: unknown };
  readonly zod: z.ZodType;
  readonly mini: mini.ZodMiniType;
  readonly valibot: v.GenericSchema;
}

const NAMES = ["a", "b", "c"];

const equals: fc.Arbitrary<Equal> = fc.letrec<{ any: Equal }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.integer({ min: 0, max: 2 }).map((least) => ({
      json: { type: "string", minLength: least },
      zod: z.string().min(least),
      mini: mini.string().check(mini.minLength(least)),
      valibot: v.pipe(v.string(), v.minLength(least)),
    })),
    fc.integer({ min: -1, max: 2 }).map((least) => ({
      json: { type: "integer", minimum: least },
      zod: z.int().min(least),
      mini: mini.int().check(mini.gte(least)),
      valibot: v.pipe(v.number(), v.integer(), v.minValue(least)),
    })),
    fc.constant({
      json: { type: "boolean" },
      zod: z.boolean(),
      mini: mini.boolean(),
      valibot: v.boolean(),
    }),
    fc.constant({ json: { type: "null" }, zod: z.null(), mini: mini.null(), valibot: v.null() }),
    fc.subarray(["", "a", "bb", "ccc"], { minLength: 1 }).map((words) => ({
      json: { enum: words },
      zod: z.enum(words),
      mini: mini.enum(words),
      valibot: v.picklist(words),
    })),
    fc.tuple(tie("any"), fc.integer({ min: 0, max: 2 })).map(([item, least]) => ({
      json: { type: "array", items: item.json, minItems: least },
      zod: z.array(item.zod).min(least),
      mini: mini.array(item.mini).check(mini.minLength(least)),
      valibot: v.pipe(v.array(item.valibot), v.minLength(least)),
    })),
    fc.tuple(tie("any"), tie("any")).map(([one, other]) => ({
      json: { anyOf: [one.json, other.json] },
      zod: z.union([one.zod, other.zod]),
      mini: mini.union([one.mini, other.mini]),
      valibot: v.union([one.valibot, other.valibot]),
    })),
    fc
      .tuple(fc.array(fc.tuple(tie("any"), fc.boolean()), { maxLength: 3 }), fc.boolean())
      .map(toObject),
  ),
})).any;

function toObject([members, isStrict]: [[Equal, boolean][], boolean]): Equal {
  const named = members.map(([member, isOptional], index) => ({
    name: NAMES[index] ?? "",
    member,
    isOptional,
  }));
  const map = <Value>(to: (member: Equal, isOptional: boolean) => Value): Record<string, Value> =>
    Object.fromEntries(named.map(({ name, member, isOptional }) => [name, to(member, isOptional)]));
  const zods = map(({ zod }, isOptional) => (isOptional ? zod.optional() : zod));
  const minis = map((member, isOptional) =>
    isOptional ? mini.optional(member.mini) : member.mini,
  );
  const valibots = map(({ valibot }, isOptional) => (isOptional ? v.optional(valibot) : valibot));
  return {
    json: {
      type: "object",
      properties: map(({ json }) => json),
      required: named.filter(({ isOptional }) => !isOptional).map(({ name }) => name),
      ...(isStrict ? { additionalProperties: false } : {}),
    },
    zod: isStrict ? z.strictObject(zods) : z.looseObject(zods),
    mini: isStrict ? mini.strictObject(minis) : mini.looseObject(minis),
    valibot: isStrict ? v.strictObject(valibots) : v.looseObject(valibots),
  };
}

/** Values that often fit such a schema, and often nearly do. */
function valueFor({ json }: Equal): fc.Arbitrary<JsonValue> {
  const other = fc.constantFrom<JsonValue>(null, true, 0, 1, 1.5, "", "bb", [], {}, { d: 1 });
  const {
    type: name,
    enum: words,
    anyOf,
    items,
    properties = {},
  } = json as {
    type?: string;
    enum?: string[];
    anyOf?: Equal["json"][];
    items?: Equal["json"];
    properties?: Record<string, Equal["json"]>;
  };
  const inner = (each: Equal["json"]) => valueFor({ json: each } as Equal);
  const fitting: Record<string, () => fc.Arbitrary<JsonValue>> = {
    string: () => fc.constantFrom("", "a", "bb", "ccc"),
    integer: () => fc.integer({ min: -2, max: 3 }),
    boolean: () => fc.boolean(),
    null: () => fc.constant(null),
    array: () => fc.array(inner(items ?? {}), { maxLength: 3 }),
    object: () =>
      fc.record(
        Object.fromEntries(
          [...Object.entries(properties), ["d", {}]].map(([key, each]) => [
            String(key),
            inner(each as Equal["json"]),
          ]),
        ),
        { requiredKeys: Object.keys(properties).slice(0, 1) },
      ),
  };
  if (words !== undefined)
    return fc.oneof({ arbitrary: fc.constantFrom(...words), weight: 4 }, other);
  if (anyOf !== undefined) return fc.oneof(...anyOf.map(inner));
  return fc.oneof({ arbitrary: fitting[name ?? ""]?.() ?? other, weight: 6 }, other);
}

test("a JSON Schema, the libraries' schemas that say the same, and what they are told as, agree", async () => {
  const seen = { fits: 0, fails: 0 };
  const law = fc.asyncProperty(
    equals.chain((equal) =>
      fc.tuple(fc.constant(equal), fc.array(valueFor(equal), { minLength: 4, maxLength: 6 })),
    ),
    async ([{ json, ...libraries }, list]) => {
      const plain = resolveSchema(json, "schema");
      const resolved = Object.values(libraries).map((schema: InputSchema) =>
        resolveSchema(schema, "schema"),
      );
      const byValibot = resolved.at(-1)?.check;
      const again = resolved.map(({ jsonSchema }) => resolveSchema(jsonSchema, "schema"));
      for (const value of list) {
        const fits = (await plain.check(value)).issues === undefined;
        const isOdd = JSON.stringify(value).includes("[");
        for (const { check } of [...resolved, ...again]) {
          // A list is an object to valibot.
          if (isOdd && check === byValibot) continue;
          const { issues } = await check(value);
          assert.equal(issues === undefined, fits, JSON.stringify([json, value, issues]));
        }
        seen[fits ? "fits" : "fails"] += 1;
      }
    },
  );
  await fc.assert(law, { numRuns: 300 });
  assert.ok(Math.min(seen.fits, seen.fails) > 200, JSON.stringify(seen));
});
