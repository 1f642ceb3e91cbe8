// The arguments with which the simulator calls tools, judged by a JSON Schema validator that has no
// part in making them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormatsModule from "ajv-formats";
import fc from "fast-check";
import { simulate } from "../../src/local/simulator.ts";

type Schema = Record<string, unknown>;

const addFormats = addFormatsModule as unknown as (ajv: Ajv2020) => void;

const PROMPTS = [
  "What's the weather in Tokyo and Paris, in celsius, for the next 3 days?",
  "Book a flight from Berlin to São Paulo on 2026-03-01 for 2 people; mail bob@example.com.",
  "Set the color to red, enable it, 42 times, and open https://example.com/a?b=c please.",
  "hello",
];

const NAMES = [
  "location",
  "query",
  "count",
  "unit",
  "email",
  "date",
  "enabled",
  "items",
  "id",
  "x",
];

const RUNS = 1_000;

const FORMATS = ["date", "date-time", "time", "email", "uri", "uuid", "ipv4", "ipv6", "hostname"];

const PATTERNS = [
  "^[A-Z]{3}$",
  "^\\d{4}-\\d{2}$",
  "^(north|south)-\\d+$",
  "^[a-z][a-z0-9_]{2,8}$",
  "^#?[0-9a-fA-F]{6}$",
  "^\\+?[1-9]\\d{1,14}$",
  "^(?:\\w+\\.)*\\w+$",
  "[^a-z]$",
];

const wholeNumber = fc.integer({ min: -50, max: 50 });

const text: fc.Arbitrary<Schema> = fc.oneof(
  fc.record({ type: fc.constant("string") }),
  fc
    .tuple(fc.nat({ max: 12 }), fc.nat({ max: 30 }))
    .map(([minLength, more]) => ({ type: "string", minLength, maxLength: minLength + more })),
  fc.constantFrom(...FORMATS).map((format) => ({ type: "string", format })),
  fc.constantFrom(...PATTERNS).map((pattern) => ({ type: "string", pattern })),
);

const number: fc.Arbitrary<Schema> = fc.oneof(
  fc.constantFrom("number", "integer").map((type) => ({ type })),
  fc
    .tuple(fc.constantFrom("number", "integer"), wholeNumber, fc.nat({ max: 20 }))
    .map(([type, minimum, more]) => ({ type, minimum, maximum: minimum + more })),
  fc.tuple(wholeNumber, fc.integer({ min: 2, max: 9 })).map(([exclusiveMinimum, more]) => ({
    type: "integer",
    exclusiveMinimum,
    exclusiveMaximum: exclusiveMinimum + more,
  })),
  fc.tuple(wholeNumber, fc.integer({ min: 1, max: 7 })).map(([minimum, multipleOf]) => ({
    type: "integer",
    minimum,
    maximum: minimum + 2 * multipleOf,
    multipleOf,
  })),
);

const choice: fc.Arbitrary<Schema> = fc.oneof(
  fc
    .uniqueArray(fc.constantFrom("celsius", "fahrenheit", "red", 3, null, true), {
      minLength: 1,
    })
    .map((values) => ({ enum: values })),
  fc.jsonValue({ maxDepth: 1 }).map((value) => ({ const: value })),
);

const scalar: fc.Arbitrary<Schema> = fc.oneof(
  text,
  number,
  choice,
  fc.constantFrom({ type: "boolean" }, { type: "null" }, { type: ["string", "null"] }, {}),
);

const { any } = fc.letrec<{ any: Schema; list: Schema; object: Schema }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    tie("list"),
    tie("object"),
    fc.tuple(tie("any"), tie("any")).map((anyOf) => ({ anyOf })),
    fc.tuple(text, number).map((oneOf) => ({ oneOf })),
    number.map((schema) => ({ anyOf: [{ type: "null" }, schema] })),
    fc.constantFrom("Place", "Tree").map((name) => ({ $ref: `#/$defs/${name}` })),
    fc.nat({ max: 3 }).map((minProperties) => ({
      type: "object",
      properties: { x: { type: "number" } },
      minProperties,
    })),
    fc.tuple(tie("object"), fc.nat({ max: 9 })).map(([object, least]) => ({
      allOf: [
        { ...object, additionalProperties: true },
        {
          type: "object",
          properties: { more: { type: "integer", minimum: least } },
          required: ["more"],
        },
      ],
    })),
    fc.constant({ type: "number", exclusiveMinimum: 0, maximum: 1 }),
    fc.constant({ type: "number", minimum: 0.1, exclusiveMaximum: 0.2 }),
  ),
  list: fc.oneof(
    fc.tuple(tie("any"), fc.nat({ max: 3 }), fc.nat({ max: 3 })).map(([items, minItems, more]) => ({
      type: "array",
      items,
      minItems,
      maxItems: minItems + more,
    })),
    fc.nat({ max: 4 }).map((minItems) => ({
      type: "array",
      items: { type: "integer" },
      minItems,
      uniqueItems: true,
    })),
    fc.nat({ max: 4 }).map((minItems) => ({
      type: "array",
      items: { enum: ["red", "green", "blue", 4] },
      minItems,
      uniqueItems: true,
    })),
    fc.nat({ max: 4 }).map((minItems) => ({
      type: "array",
      items: { type: "string", maxLength: 6 },
      minItems,
      uniqueItems: true,
    })),
    fc.tuple(scalar, scalar).map((prefixItems) => ({
      type: "array",
      prefixItems,
      items: false,
      minItems: 2,
    })),
  ),
  object: fc
    .tuple(
      fc.dictionary(fc.constantFrom(...NAMES), tie("any"), { maxKeys: 4 }),
      fc.array(fc.nat(), { maxLength: 4 }),
      fc.constantFrom(
        {},
        { additionalProperties: false },
        { additionalProperties: { type: "number" } },
      ),
    )
    .map(([properties, picks, others]) => {
      const names = Object.keys(properties);
      const required = names.filter((_, index) =>
        picks.some((pick) => pick % names.length === index),
      );
      return { type: "object", properties, required, ...others };
    }),
}));

const DEFINITIONS = {
  Place: {
    type: "object",
    properties: { city: { type: "string" }, zip: { type: "string", pattern: "^\\d{5}$" } },
    required: ["city", "zip"],
  },
  Tree: {
    type: "object",
    properties: {
      value: { type: "integer" },
      left: { anyOf: [{ $ref: "#/$defs/Tree" }, { type: "null" }] },
      children: { type: "array", items: { $ref: "#/$defs/Tree" } },
    },
    required: ["value", "left", "children"],
  },
};

const inputSchema: fc.Arbitrary<Schema> = fc
  .tuple(fc.dictionary(fc.constantFrom(...NAMES), any, { maxKeys: 5 }), fc.subarray(NAMES))
  .map(([properties, names]) => ({
    type: "object",
    properties,
    required: names.filter((name) => Object.hasOwn(properties, name)),
    $defs: DEFINITIONS,
  }));

test("arguments satisfy the tool's schema, whatever it is", () => {
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  addFormats(ajv);
  fc.assert(
    fc.property(inputSchema, fc.constantFrom(...PROMPTS), (json, prompt) => {
      const reply = simulate({
        operation: "converse",
        modelId: "any.model",
        headers: {},
        signal: AbortSignal.timeout(60_000),
        messages: [{ role: "user", content: [{ text: prompt }] }],
        toolConfig: {
          tools: [{ toolSpec: { name: "tool", inputSchema: { json: json as never } } }],
          toolChoice: { any: {} },
        },
      }) as unknown as { toolUse: { input: unknown } }[];
      const validate = ajv.compile(json);
      for (const { toolUse } of reply) {
        assert.ok(validate(toolUse.input), JSON.stringify([toolUse.input, validate.errors]));
      }
      assert.ok(reply.length > 0);
    }),
    { numRuns: RUNS },
  );
});
