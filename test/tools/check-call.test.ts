import assert from "node:assert/strict";
import { test } from "node:test";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";
import type { JsonValue } from "../../src/core/json.ts";
import { checkCall, checkInput, findDuplicateIds } from "../../src/tools/check-call.ts";
import { defineTool } from "../../src/tools/define-tool.ts";
import type { InputSchema } from "../../src/tools/infer-schema.ts";
import { type AnyTool, readToolSet, type ToolSet } from "../../src/tools/tool-set.ts";

function tool(name: string, inputSchema: InputSchema): AnyTool {
  return defineTool({ name, description: "A tool.", inputSchema, execute: () => "done" });
}

function toolSet(...names: string[]): ToolSet {
  const inputSchema = {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
  };
  return readToolSet(
    names.map((name) => tool(name, inputSchema)),
    undefined,
    "here",
  );
}

async function refusalOf(name: string, input: JsonValue, tools: ToolSet): Promise<string> {
  const checked = await checkCall({ toolUseId: "t", name, input }, tools);
  return checked.refusal ?? assert.fail("The call may be run.");
}

test("a call of a known tool whose input fits may be run", async () => {
  const tools = toolSet("get_weather");
  const checked = await checkCall(
    { toolUseId: "t", name: "get_weather", input: { city: "Rome" } },
    tools,
  );
  assert.equal(checked.refusal, undefined);
  assert.deepEqual(checked, { tool: tools.find("get_weather"), input: { city: "Rome" } });
});

for (const [name, expected] of [
  ["getWeather", "There is no tool “getWeather”. Did you mean “get_weather”?"],
  ["weather", "There is no tool “weather”. Did you mean “get_weather”?"],
  ["$READFILE", "There is no tool “$READFILE”."],
  ["toString", "There is no tool “toString”."],
  ["__proto__", "There is no tool “__proto__”."],
  ["constructor", "There is no tool “constructor”."],
  ["", "There is no tool “”."],
  [`${"a".repeat(63)}😀${"b".repeat(1_000_000)}`, `There is no tool “${"a".repeat(63)}\ufffd”.`],
] as const) {
  test(`a call of “${name.slice(0, 20)}” is refused in words that help`, async () => {
    assert.equal(
      await refusalOf(name, { city: "Rome" }, toolSet("get_weather", "send_mail")),
      expected,
    );
  });
}

test("tools may be called what objects call their own members", async () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    const call = { toolUseId: "t", name, input: { city: "Rome" } };
    const checked = await checkCall(call, toolSet(name));
    assert.equal(checked.refusal === undefined && checked.tool.name, name);
  }
});

test("an input that is no whole object is refused before any schema sees it", async () => {
  const inputSchema = { type: "object" };
  const seen: unknown[] = [];
  const watched: AnyTool = {
    ...tool("watched", inputSchema),
    check: async (value) => {
      seen.push(value);
      return { value };
    },
  };
  for (const [input, reason] of [
    ['{"city":"Ro', /cut off or is malformed\. The tool was not run\.$/],
    [null, /must be a JSON object\. The tool was not run\.$/],
    [JSON.parse(`${'{"a":'.repeat(65)}1${"}".repeat(65)}`), /64 deep\. The tool was not run\.$/],
    [{ a: "a".repeat(2 ** 20) }, /1 MiB\) are accepted\. The tool was not run\.$/],
    [JSON.parse('{"a":1e999}'), /too large\. The tool was not run\.$/],
  ] as const) {
    const { refusal = "" } = await checkInput(watched, input);
    assert.match(refusal, reason);
  }
  assert.deepEqual(seen, []);
});

test("the model is told where its input is at fault, place by place", async () => {
  const inputSchema = z.object({ city: z.string(), days: z.array(z.object({ date: z.string() })) });
  const input = { days: [{ date: "today" }, { date: 7 }] };
  const { refusal = "" } = await checkInput(tool("get_weather", inputSchema), input);
  const [first, ...lines] = refusal.split("\n");
  assert.equal(first, "The input does not satisfy the schema of the tool, which was not run:");
  assert.equal(lines.length, 2);
  for (const line of lines) assert.match(line, /^- .*expected string/);
});

test("no more than 20 faults are told, and how many there are", async () => {
  const many: AnyTool = {
    ...tool("many", { type: "object" }),
    check: async () => ({
      issues: Array.from({ length: 45 }, (_, index) => ({
        path: `list.${index}`,
        message: "is no number",
      })),
    }),
  };
  const { refusal = "" } = await checkInput(many, {});
  const lines = refusal.split("\n");
  assert.equal(lines.length, 22);
  assert.equal(lines[1], "- list.0: is no number");
  assert.equal(lines[20], "- list.19: is no number");
  assert.equal(lines[21], "- and 25 more");
});

test("a fault of the whole input has no place", async () => {
  const check = async () => ({ issues: [{ path: "", message: "needs a city or a place" }] });
  const { refusal = "" } = await checkInput({ ...tool("a", { type: "object" }), check }, {});
  assert.match(refusal, /:\n- needs a city or a place$/);
});

test("what a failing schema says does not reach the model", async () => {
  const failing = (): never => {
    throw new Error("postgres://user:canary@db");
  };
  const inputSchema = z.object({}).refine(failing);
  const sound = tool("a", { type: "object" });
  for (const each of [
    tool("a", inputSchema),
    { ...sound, check: failing },
    { ...sound, check: () => Promise.reject({ message: "canary" }) },
    { ...sound, check: async () => undefined as never },
  ]) {
    const { refusal } = await checkInput(each, {});
    assert.equal(refusal, "The input could not be checked. The tool was not run.");
  }
});

test("what a person puts into an input is refused, not thrown, where it is no JSON", async () => {
  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;
  for (const input of [{ a: 1n }, { a: () => 1 }, { a: Symbol("a") }, cyclic]) {
    const checked = await checkInput(tool("a", { type: "object" }), input as never);
    assert.match(checked.refusal ?? "", /The tool was not run\.$/);
  }
});

const SCHEMAS: readonly (readonly [what: string, schema: InputSchema])[] = [
  ["JSON Schema", { type: "object", properties: { a: {} } }],
  ["zod", z.object({ a: z.unknown() })],
  ["zod that keeps members", z.looseObject({ a: z.unknown() })],
  ["valibot", toStandardJsonSchema(v.object({ a: v.unknown() }))],
  ["valibot that keeps members", toStandardJsonSchema(v.looseObject({ a: v.unknown() }))],
  ["arktype", type({ a: "unknown" })],
];

for (const [what, schema] of SCHEMAS) {
  test(`a tool with a schema of ${what} gets members named __proto__ as data or not at all`, async () => {
    const input = JSON.parse(
      '{"a":{"__proto__":{"polluted":1},"b":[{"__proto__":null}]},"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    );
    const checked = await checkInput(tool("a", schema), input);
    const given = checked.refusal === undefined ? checked.input : assert.fail(checked.refusal);
    const waiting = [given];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (typeof next !== "object" || next === null) continue;
      const isList = Array.isArray(next);
      assert.equal(Object.getPrototypeOf(next), isList ? Array.prototype : Object.prototype);
      const members = Object.getOwnPropertyDescriptors(next);
      for (const { value } of Object.values(members)) waiting.push(value);
    }
    assert.equal(({} as { polluted?: number }).polluted, undefined);
    assert.equal((given as { polluted?: number }).polluted, undefined);
    assert.equal((given as { a: { polluted?: number } }).a.polluted, undefined);
    assert.deepEqual(Object.keys((given as { a: object }).a), ["__proto__", "b"]);
  });

  test(`a tool with a schema of ${what} that changes its input does not change the conversation`, async () => {
    const input = { a: { list: [1] } };
    const checked = await checkInput(tool("a", schema), input);
    const given = checked.refusal === undefined ? checked.input : assert.fail(checked.refusal);
    (given as typeof input).a.list.push(2);
    assert.deepEqual(input, { a: { list: [1] } });
  });

  test(`a tool with a schema of ${what} gets broken characters and large numbers as they are`, async () => {
    const a = JSON.parse('{"half":"\\ud800","large":1e308,"zero":-0,"twice":1,"twice":2}');
    const checked = await checkInput(tool("a", schema), { a });
    assert.deepEqual(checked.refusal === undefined && checked.input, { a });
  });
}

test("a tool gets what the schema makes of its input", async () => {
  const schema = z.object({
    day: z.string().transform((text) => new Date(text)),
    unit: z.string().default("celsius"),
  });
  const checked = await checkInput(tool("a", schema), { day: "2026-01-01" });
  const input = { day: new Date("2026-01-01"), unit: "celsius" };
  assert.deepEqual(checked.refusal === undefined && checked.input, input);
});

for (const [ids, duplicates] of [
  [[], []],
  [["a", "b"], []],
  [["a", "b", "a"], ["a"]],
  [
    ["a", "a", "a", "b", "b"],
    ["a", "b"],
  ],
  [["__proto__", "constructor", "__proto__"], ["__proto__"]],
] as const) {
  test(`of the ids ${ids.join(" ") || "of no call"}, shared are: ${duplicates.join(" ") || "none"}`, () => {
    const found = findDuplicateIds(ids.map((toolUseId) => ({ toolUseId })));
    assert.deepEqual([...found], [...duplicates]);
  });
}
