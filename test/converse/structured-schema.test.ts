import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { toStructuredSchema } from "../../src/converse/structured-schema.ts";
import type { JsonValue } from "../../src/core/json.ts";

type Schema = { [key: string]: JsonValue };

const CLOSED = { additionalProperties: false };

function convert(schema: Schema) {
  return toStructuredSchema(schema);
}

/** What becomes of one property's schema. */
function convertOne(schema: Schema) {
  const {
    schema: whole,
    changed,
    refused,
  } = convert({
    type: "object",
    properties: { p: schema },
    ...CLOSED,
  });
  const strip = (path: string) => path.replace(/^properties\.p\.?/, "");
  return {
    schema: (whole["properties"] as Schema)["p"],
    changed: changed.map(strip),
    refused: refused.map(strip),
  };
}

test("a schema inside the subset is given back itself", () => {
  const schema = {
    type: "object",
    title: "Person",
    properties: {
      name: { type: "string", description: "Full name.", default: "" },
      mail: { type: "string", format: "email" },
      size: { enum: ["s", "m", 3, null] },
      kind: { const: "person" },
      note: { type: ["string", "null"] },
      code: { type: "string", pattern: "^[A-Z]{2}-\\d+(x|y)?$" },
      pets: { type: "array", items: { $ref: "#/$defs/pet" }, minItems: 1 },
      either: { anyOf: [{ type: "string" }, { $ref: "#/$defs/pet" }] },
    },
    required: ["name"],
    additionalProperties: false,
    $defs: { pet: { type: "object", properties: { age: { type: "integer" } }, ...CLOSED } },
  };
  const result = convert(schema);
  assert.equal(result.schema, schema);
  assert.deepEqual([result.changed, result.refused], [[], []]);
});

test("bounds become words, after the words that were there", () => {
  assert.deepEqual(
    convertOne({ description: "Age.", type: "integer", minimum: 0, exclusiveMaximum: 150 }),
    {
      schema: {
        description: "Age.\n\nConstraints: minimum: 0, exclusiveMaximum: 150.",
        type: "integer",
      },
      changed: ["minimum", "exclusiveMaximum"],
      refused: [],
    },
  );
  assert.deepEqual(convertOne({ type: "string", minLength: 1, maxLength: 9 }).schema, {
    type: "string",
    description: "Constraints: minLength: 1, maxLength: 9.",
  });
});

for (const [keyword, value, type] of [
  ["multipleOf", 5, "number"],
  ["minItems", 2, "array"],
  ["maxItems", 2, "array"],
  ["uniqueItems", true, "array"],
  ["prefixItems", [{ type: "string" }], "array"],
  ["items", [{ type: "string" }], "array"],
  ["format", "iban", "string"],
  ["format", "int32", "integer"],
  ["pattern", "(?=x)y", "string"],
  ["pattern", "(a)\\1", "string"],
  ["pattern", "\\bword", "string"],
  ["pattern", "a{1000}", "string"],
  ["not", { type: "null" }, "string"],
  ["examples", ["a"], "string"],
  ["enum", [{ a: 1 }], "object"],
  ["const", [1], "array"],
  ["minProperties", 1, "object"],
  ["x-order", 3, "string"],
] as const) {
  test(`${keyword} ${JSON.stringify(value)} becomes words`, () => {
    const schema: Schema = { type, ...(type === "object" ? { properties: {}, ...CLOSED } : {}) };
    const result = convertOne({ ...schema, [keyword]: value as JsonValue });
    assert.deepEqual(result, {
      schema: { ...schema, description: `Constraints: ${keyword}: ${JSON.stringify(value)}.` },
      changed: [keyword],
      refused: [],
    });
  });
}

test("what is said about the schema alone goes without words", () => {
  const { schema, changed } = convert({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "x",
    $comment: "x",
    type: "object",
    properties: { a: { type: "string", readOnly: true, deprecated: true } },
    additionalProperties: false,
  });
  assert.deepEqual(schema, { type: "object", properties: { a: { type: "string" } }, ...CLOSED });
  assert.deepEqual(changed, [
    "$schema",
    "$id",
    "$comment",
    "properties.a.readOnly",
    "properties.a.deprecated",
  ]);
});

test("objects are closed, wherever they stand", () => {
  const open = { type: "object", properties: { a: { type: "string" } } };
  const closed = { ...open, ...CLOSED };
  const { schema, changed } = convert({
    ...open,
    properties: {
      one: open,
      list: { type: "array", items: open },
      either: { anyOf: [open, { type: "null" }] },
      untyped: { properties: { a: { type: "string" } } },
      wide: { ...open, additionalProperties: true },
    },
    $defs: { d: open },
  });
  assert.deepEqual(schema, {
    ...open,
    properties: {
      one: closed,
      list: { type: "array", items: closed },
      either: { anyOf: [closed, { type: "null" }] },
      untyped: { properties: { a: { type: "string" } }, ...CLOSED },
      wide: closed,
    },
    $defs: { d: closed },
    ...CLOSED,
  });
  assert.equal(changed.length, 7);
  const other = convertOne({ ...open, additionalProperties: { type: "number" } });
  assert.deepEqual(other.schema, {
    ...closed,
    description: 'Constraints: additionalProperties: {"type":"number"}.',
  });
});

test("a tool without parameters is closed too", () => {
  assert.deepEqual(convert({ type: "object" }).schema, { type: "object", ...CLOSED });
  assert.deepEqual(convert({ type: "object", properties: {} }).refused, []);
});

test("oneOf becomes anyOf, in its place", () => {
  const result = convertOne({ oneOf: [{ type: "string" }, { type: "null" }], title: "t" });
  assert.equal(
    JSON.stringify(result.schema),
    '{"anyOf":[{"type":"string"},{"type":"null"}],"title":"t"}',
  );
  assert.deepEqual(result.changed, ["oneOf"]);
});

test("a reference stands alone", () => {
  const schema = {
    type: "object",
    properties: {
      a: { $ref: "#/$defs/d", description: "Words.", default: null },
      b: { allOf: [{ $ref: "#/$defs/d" }], title: "B" },
    },
    additionalProperties: false,
    $defs: { d: { type: "string" } },
  };
  const result = convert(schema);
  const reference = { $ref: "#/$defs/d" };
  assert.deepEqual(result.schema["properties"], { a: reference, b: reference });
  assert.deepEqual(result.changed, [
    "properties.a.description",
    "properties.a.default",
    "properties.b.allOf",
    "properties.b.title",
  ]);
  assert.deepEqual(result.refused, []);
});

for (const [name, schema, refused] of [
  ["a reference to another document", { $ref: "https://example.com/x" }, ["$ref"]],
  ["a reference to an anchor", { $ref: "#name" }, ["$ref"]],
  ["a reference to nothing", { $ref: "#/$defs/none" }, ["$ref"]],
  ["a reference that is broken", { $ref: "#/%E0%A4%A" }, ["$ref"]],
  ["a reference to what is no schema", { $ref: "#/properties" }, ["$ref"]],
  ["a reference that is no text", { $ref: 7 }, ["$ref"]],
  ["a reference to itself", { $ref: "#" }, ["$ref"]],
  ["a bound beside a reference", { $ref: "#/$defs/d", maximum: 7 }, ["maximum"]],
  ["a dictionary", { type: "object", additionalProperties: { type: "string" } }, [""]],
  ["an object of any members", { type: "object", additionalProperties: true }, [""]],
  ["an object of which nothing is said", { type: "object" }, [""]],
  ["members by pattern", { type: "object", patternProperties: { a: { type: "string" } } }, [""]],
  ["any value", {}, [""]],
  ["any value, with a bound", { minimum: 3 }, [""]],
  ["a schema that is true", { type: "array", items: { anyOf: [true] } }, ["items.anyOf.0"]],
  [
    "an object that is also something else",
    {
      type: "object",
      properties: { a: { type: "string" } },
      anyOf: [{ type: "object", properties: {} }],
    },
    [""],
  ],
  [
    "several objects at once",
    {
      allOf: [
        { type: "object", properties: {} },
        { type: "object", properties: {} },
      ],
    },
    ["allOf"],
  ],
  [
    "a reference among others in allOf",
    { allOf: [{ $ref: "#/$defs/d" }, { type: "string" }] },
    ["allOf"],
  ],
] as const satisfies readonly (readonly [string, Schema, readonly string[]])[]) {
  test(`${name} cannot be expressed`, () => {
    const whole = {
      type: "object",
      properties: { p: schema as Schema },
      ...CLOSED,
      $defs: { d: { type: "string" } },
    };
    assert.deepEqual(
      convert(whole).refused.map((path) => path.replace(/^properties\.p\.?/, "")),
      refused,
    );
  });
}

test("recursion cannot be expressed, however far it reaches; the rest can", () => {
  const { refused } = convert({
    $ref: "#/$defs/tree",
    $defs: {
      tree: {
        type: "object",
        properties: { left: { $ref: "#/$defs/branch" }, name: { $ref: "#/$defs/name" } },
      },
      branch: { anyOf: [{ $ref: "#/$defs/tree" }, { type: "null" }] },
      name: { type: "string" },
      alias: { $ref: "#/$defs/name" },
    },
  });
  assert.deepEqual(refused, [
    "$ref",
    "$defs.tree.properties.left.$ref",
    "$defs.branch.anyOf.0.$ref",
  ]);
});

test("names with dots, slashes and tildes, and names of Object.prototype, are names", () => {
  const properties = JSON.parse(
    '{"__proto__":{"type":"integer","minimum":1},"constructor":{"$ref":"#/$defs/a~1b~0c%20d"},"$ref":{"type":"string"}}',
  ) as Schema;
  const { schema, refused } = convert({
    type: "object",
    properties,
    $defs: { "a/b~c d": { type: "string" } },
  });
  assert.deepEqual(refused, []);
  assert.deepEqual(Object.keys(schema["properties"] as Schema), [
    "__proto__",
    "constructor",
    "$ref",
  ]);
  assert.match(JSON.stringify(schema), /"__proto__":\{"type":"integer","description":/);
});

function nested(depth: number, wrap: (inner: Schema) => Schema): Schema {
  let schema: Schema = { type: "string" };
  for (let level = 0; level < depth; level++) schema = wrap(schema);
  return schema;
}

test("ten thousand levels are refused, not followed", () => {
  const wraps: ((inner: Schema) => Schema)[] = [
    (inner) => ({ type: "object", properties: { a: inner } }),
    (inner) => ({ type: "array", items: inner }),
    (inner) => ({ anyOf: [inner] }),
    (inner) => ({ type: "string", not: inner }),
  ];
  for (const wrap of wraps) {
    assert.equal(convert(nested(10_000, wrap)).refused.length, 1);
    assert.deepEqual(convert(nested(20, wrap)).refused, []);
  }
  const circle: Schema = { type: "object" };
  circle["properties"] = { a: circle, b: circle };
  assert.deepEqual(convert(circle).refused, ["properties.a", "properties.b"]);
  const chain = Array.from({ length: 10_000 }, (_, index): [string, Schema] => [
    `d${index}`,
    index === 0 ? { type: "string" } : { $ref: `#/$defs/d${index - 1}` },
  ]);
  assert.deepEqual(
    convert({ $ref: "#/$defs/d9999", $defs: Object.fromEntries(chain) }).refused,
    [],
  );
});

const bound = fc.constantFrom<[string, JsonValue]>(
  ["minimum", 3],
  ["maxLength", 7],
  ["maxItems", 2],
  ["minItems", 1],
  ["minItems", 5],
  ["pattern", "^a+$"],
  ["pattern", "(?!a)"],
  ["format", "date"],
  ["format", "odd"],
  ["title", "T"],
  ["description", "Words."],
  ["default", null],
  ["enum", ["a", 1]],
  ["enum", [[]]],
  ["const", {}],
  ["$comment", "c"],
  ["readOnly", true],
  ["additionalProperties", true],
  ["additionalProperties", false],
  ["additionalProperties", { type: "string" }],
  ["required", ["a"]],
  ["not", { minimum: 1 }],
  ["items", true],
  ["nullable", true],
  ["anyOf", []],
  ["allOf", []],
  ["oneOf", [{ type: "string" }]],
  ["allOf", [{ allOf: [{ $ref: "#/$defs/d", title: "T" }] }]],
  ["properties", 5],
  ["patternProperties", {}],
);
const bounds = fc.uniqueArray(bound, { maxLength: 5, selector: ([name]) => name });
const name = fc.constantFrom("a", "b", "type", "$ref", "minimum", "__proto__");

const anySchema = fc.letrec<{ schema: Schema }>((tie) => ({
  schema: fc
    .tuple(
      bounds,
      fc.oneof(
        { maxDepth: 4, depthIdentifier: "schema" },
        fc.constantFrom<Schema>(
          { type: "string" },
          { type: ["integer", "null"] },
          { type: "object" },
          {},
          { $ref: "#/$defs/d" },
          { $ref: "#/properties/a" },
          { $ref: "elsewhere" },
        ),
        fc
          .array(fc.tuple(name, tie("schema")), { maxLength: 3 })
          .map((members): Schema => ({ type: "object", properties: Object.fromEntries(members) })),
        tie("schema").map((items): Schema => ({ type: "array", items })),
        fc
          .tuple(
            fc.constantFrom("anyOf", "oneOf", "allOf"),
            fc.array(tie("schema"), { minLength: 1, maxLength: 3 }),
          )
          .map(([keyword, list]): Schema => ({ [keyword]: list })),
      ),
      fc.boolean(),
    )
    .map(([own, base, isFirst]) => {
      const entries = Object.entries(base);
      return Object.fromEntries(isFirst ? [...own, ...entries] : [...entries, ...own]);
    }),
})).schema;

const document = fc
  .tuple(anySchema, anySchema)
  .map(([schema, d]): Schema => ({ ...schema, $defs: { d } }));

test("the laws: nothing given is touched, the same gives the same, and once is enough", () => {
  fc.assert(
    fc.property(document, (schema) => {
      const before = JSON.stringify(schema);
      const first = convert(schema);
      assert.equal(JSON.stringify(schema), before);
      const again = convert(JSON.parse(before) as Schema);
      assert.equal(JSON.stringify(again.schema), JSON.stringify(first.schema));
      assert.deepEqual([again.changed, again.refused], [first.changed, first.refused]);
      const twice = convert(first.schema);
      assert.equal(twice.schema, first.schema);
      assert.deepEqual(twice.changed, []);
      // The places are the same; only their paths differ where oneOf has become anyOf.
      assert.equal(twice.refused.length, first.refused.length);
      assert.equal(first.changed.length === 0, first.schema === schema);
    }),
    { numRuns: 500 },
  );
});

/** What structured output takes, written down apart from the code. */
function assertInSubset(schema: JsonValue, path: string): void {
  assert.ok(typeof schema === "object" && schema !== null && !Array.isArray(schema), path);
  const { $ref, $defs, properties, anyOf, allOf, items, ...rest } = schema;
  const simple =
    /^(?:type|title|description|default|required|enum|const|format|pattern|minItems|additionalProperties)$/;
  for (const keyword of Object.keys(rest)) assert.match(keyword, simple, path);
  const { type, additionalProperties, minItems = 0, format = "date" } = rest;
  if ($ref !== undefined) assert.deepEqual(Object.keys(rest), [], path);
  assert.ok($ref ?? type ?? anyOf ?? allOf ?? rest["enum"] ?? "const" in rest, path);
  if (type === "object") assert.equal(additionalProperties, false, path);
  else assert.equal(additionalProperties, undefined, path);
  assert.ok(minItems === 0 || minItems === 1, path);
  assert.equal(format, "date", path);
  for (const map of [$defs, properties]) {
    for (const [key, inner] of Object.entries(map ?? {})) assertInSubset(inner, `${path}.${key}`);
  }
  for (const list of [anyOf, allOf]) {
    for (const inner of (list ?? []) as JsonValue[]) assertInSubset(inner, path);
  }
  if (items !== undefined) assertInSubset(items, `${path}.items`);
}

test("what is refused nowhere is in the subset everywhere", () => {
  let accepted = 0;
  fc.assert(
    fc.property(document, (schema) => {
      const result = convert(schema);
      if (result.refused.length > 0) return;
      accepted += 1;
      assertInSubset(result.schema, "");
    }),
    { numRuns: 1500 },
  );
  assert.ok(accepted > 20, `${accepted} schemas were accepted`);
});

test("every bound that goes is said in words", () => {
  const scalar = fc.tuple(
    fc.constantFrom("minimum", "maximum", "minLength", "maxLength", "x-note"),
    fc.oneof(fc.integer(), fc.string()),
  );
  fc.assert(
    fc.property(fc.uniqueArray(scalar, { selector: ([key]) => key }), (entries) => {
      const { schema } = convertOne({ type: "string", ...Object.fromEntries(entries) });
      const text = String((schema as Schema)["description"] ?? "");
      for (const [key, value] of entries) {
        assert.ok(text.includes(`${key}: ${JSON.stringify(value)}`), key);
      }
    }),
  );
});
