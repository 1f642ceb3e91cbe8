import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonValue, UnknownRecord } from "../../src/core/json.ts";
import { toArguments } from "../../src/local/simulator-arguments.ts";
import { Budget } from "../../src/local/simulator-budget.ts";
import { toMentions } from "../../src/local/simulator-mentions.ts";

/** Arguments for an object of these properties, all of them required unless said otherwise. */
function argue(prompt: string, properties: UnknownRecord, rest: UnknownRecord = {}): unknown {
  const schema = { type: "object", properties, required: Object.keys(properties), ...rest };
  return toArguments(schema, toMentions(prompt), new Budget());
}

/** The argument for one required property. */
function argueOne(prompt: string, name: string, schema: UnknownRecord): JsonValue | undefined {
  return (argue(prompt, { [name]: schema }) as Record<string, JsonValue>)[name];
}

const OPTIONAL = { required: [] };

test("an enum takes the value the prompt mentions, else the first", () => {
  const color = { enum: ["red", "dark_blue", "green"] };
  assert.equal(argueOne("Paint it green", "color", color), "green");
  assert.equal(argueOne("Paint it dark blue", "color", color), "dark_blue");
  assert.equal(argueOne("Paint it", "color", color), "red");
  assert.equal(argueOne("Paint 4 of them", "count", { enum: [2, 4] }), 4);
});

test("numbers are taken from the prompt one after the other, where they fit", () => {
  const number = { type: "number" };
  assert.deepEqual(argue("Add 3 and 4.5", { a: number, b: number }), { a: 3, b: 4.5 });
  assert.deepEqual(argue("Between 3.5 and 40", { n: { type: "integer" } }), { n: 40 });
  assert.deepEqual(argue("Give me 500", { n: { type: "integer", maximum: 100 } }), { n: 1 });
  assert.deepEqual(argue("Give me many", { n: { type: "integer", minimum: 7 } }), { n: 7 });
  assert.deepEqual(argue("Go", { n: { type: "number", exclusiveMinimum: 1, maximum: 2 } }), {
    n: 1.5,
  });
  assert.deepEqual(argue("Go", { n: { type: "integer", minimum: 11, multipleOf: 5 } }), { n: 15 });
});

test("formats are taken from the prompt, else from a table", () => {
  const prompt = "Ask bob@example.com on 2026-03-01 about https://example.com/a?b=c.";
  const format = (name: string) => ({ type: "string", format: name });
  assert.equal(argueOne(prompt, "who", format("email")), "bob@example.com");
  assert.equal(argueOne(prompt, "when", format("date")), "2026-03-01");
  assert.equal(argueOne(prompt, "where", format("uri")), "https://example.com/a?b=c");
  assert.equal(argueOne("Go", "when", format("date-time")), "2026-01-01T12:00:00Z");
  assert.match(String(argueOne("Go", "id", format("uuid"))), /^[\da-f-]{36}$/);
});

test("lengths and patterns are kept", () => {
  const text = { type: "string" };
  assert.equal(argueOne("Go", "x", { ...text, minLength: 10 })?.toString().length, 10);
  assert.equal(argueOne("Go", "x", { ...text, maxLength: 3 }), "exa");
  assert.equal(argueOne("Fly from JFK", "airport", { ...text, pattern: "^[A-Z]{3}$" }), "JFK");
  assert.match(String(argueOne("Go", "x", { ...text, pattern: "^v\\d+\\.\\d+$" })), /^v\d+\.\d+$/);
});

test("an optional property is there when the prompt plainly speaks of it", () => {
  const properties = {
    city: { type: "string" },
    unit: { enum: ["celsius", "fahrenheit"] },
    days: { type: "integer" },
    detailed: { type: "boolean" },
    email: { type: "string" },
    note: { type: "string" },
  };
  assert.deepEqual(argue("Go", properties, OPTIONAL), {});
  assert.deepEqual(
    argue("A detailed 3 day forecast for Oslo in celsius to a@b.example", properties, OPTIONAL),
    { city: "Oslo", unit: "celsius", days: 3, detailed: true, email: "a@b.example" },
  );
});

test("lists take everything the prompt names, and as many items as they need", () => {
  const places = { type: "array", items: { type: "string" } };
  assert.deepEqual(argueOne("Weather in Oslo and Rome", "cities", places), ["Oslo", "Rome"]);
  const colors = { type: "array", items: { enum: ["red", "green", "blue"] } };
  assert.deepEqual(argueOne("Mix blue with red", "colors", colors), ["red", "blue"]);
  const numbers = { type: "array", items: { type: "integer" }, minItems: 3, uniqueItems: true };
  assert.deepEqual(argueOne("Go", "numbers", numbers), [1, 2, 0]);
  const pair = { type: "array", prefixItems: [{ type: "boolean" }, { const: 5 }], items: false };
  assert.deepEqual(argueOne("Go", "pair", pair), [false, 5]);
});

test("objects are filled to any depth, by reference and by choice", () => {
  const address = {
    type: "object",
    properties: { city: { type: "string" }, zip: { type: "string", pattern: "^\\d{5}$" } },
    required: ["city", "zip"],
  };
  const arguments_ = argue(
    "Send it to Rome",
    {
      to: { $ref: "#/$defs/address" },
      size: { anyOf: [{ type: "null" }, { type: "integer", minimum: 4 }] },
      both: {
        allOf: [{ $ref: "#/$defs/address" }, { properties: { n: { const: 1 } }, required: ["n"] }],
      },
    },
    { $defs: { address } },
  );
  assert.deepEqual(arguments_, {
    to: { city: "Rome", zip: "11111" },
    size: 4,
    both: { city: "Rome", zip: "11111", n: 1 },
  });
});

test("a schema that contains itself comes to an end", () => {
  const tree = {
    type: "object",
    properties: { next: { anyOf: [{ $ref: "#" }, { type: "null" }] } },
    required: ["next"],
  };
  const made = JSON.stringify(toArguments(tree, toMentions("Go"), new Budget()));
  assert.match(made, /^(?:\{"next":){1,10}null\}+$/);
  const endless = { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/a" } } };
  assert.deepEqual(toArguments(endless, toMentions("Go"), new Budget()), {});
});

test("a schema that branches into itself without end is given up in good time", () => {
  const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const properties = Object.fromEntries(names.map((name) => [name, { $ref: "#" }]));
  const made = toArguments(
    { type: "object", properties, required: names },
    toMentions("Go"),
    new Budget(),
  );
  assert.deepEqual(Object.keys(made), names);
});

test("required properties that are not described are there all the same", () => {
  assert.deepEqual(argue("Go", {}, { required: ["x"] }), { x: "example" });
});

test("a default of the schema serves where the prompt has nothing", () => {
  assert.equal(argueOne("Go", "limit", { type: "integer", default: 25 }), 25);
  assert.equal(argueOne("Give me 3", "limit", { type: "integer", default: 25 }), 3);
  assert.equal(argueOne("Go", "mode", { type: "string", examples: ["fast"] }), "fast");
});

test("nonsense in place of a schema is no danger", () => {
  for (const nonsense of [true, false, null, 5, "string", [], { type: 5 }, { enum: [] }]) {
    assert.ok("x" in (argue("Go", { x: nonsense }) as object), JSON.stringify(nonsense));
  }
  assert.deepEqual(argue("Go", {}, { properties: 5, required: 5 }), {});
  assert.equal(typeof argueOne("Go", "x", { type: "string", pattern: "(" }), "string");
});
