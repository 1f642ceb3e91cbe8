import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { defineTool } from "../../src/tools/define-tool.ts";
import { isDefinedTool, readToolSet } from "../../src/tools/tool-set.ts";

const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const PLAIN = { name: "get_weather", description: "Get current weather" };
const SPEC = { ...PLAIN, inputSchema: { json: SCHEMA } };

const defined = defineTool({ ...PLAIN, inputSchema: SCHEMA, execute: () => "defined" });

/** What a tool of the set answers. */
async function run(tools: unknown, functions: unknown, name = "get_weather"): Promise<unknown> {
  const tool = readToolSet(tools, functions, "here").find(name);
  const { value, issues } = { issues: undefined, ...(await tool?.check({ city: "Rome" })) } as {
    value?: unknown;
    issues?: unknown;
  };
  assert.equal(issues, undefined);
  return tool?.execute(value as never, {} as never);
}

for (const [what, tool] of [
  ["input_schema", { ...PLAIN, input_schema: SCHEMA }],
  ["inputSchema", { ...PLAIN, inputSchema: SCHEMA }],
  ["parameters", { ...PLAIN, parameters: SCHEMA }],
  ["inputSchema, wrapped as on the wire", { ...PLAIN, inputSchema: { json: SCHEMA } }],
  ["toolSpec", { toolSpec: SPEC }],
  ["toolSpec, beside members that are not set", { toolSpec: SPEC, cachePoint: undefined }],
  ["parameters, of zod", { ...PLAIN, parameters: z.object({ city: z.string() }) }],
] as const) {
  test(`a plain tool with its schema under ${what} runs the function of its name`, async () => {
    const get_weather = ({ city }: { city: string }) => `${city}: sunny`;
    for (const functions of [{ get_weather }, new Map([["get_weather", get_weather]])]) {
      assert.equal(await run([tool], functions), "Rome: sunny");
      const { entries } = readToolSet([tool], functions, "here");
      const [{ toolSpec }] = entries as [{ toolSpec: typeof SPEC }];
      assert.equal(toolSpec.name, PLAIN.name);
      assert.equal(toolSpec.description, PLAIN.description);
      assert.deepEqual(toolSpec.inputSchema.json.required, ["city"]);
    }
  });
}

test("what the model is shown stands in the order it was given, and what nobody here runs stays as it is", () => {
  const cachePoint = { cachePoint: { type: "default" } };
  const systemTool = { systemTool: { name: "nova_grounding" } };
  const plain = { ...PLAIN, name: "other", parameters: SCHEMA, strict: true };
  const tools = [defined, cachePoint, plain, systemTool];
  const { entries, find } = readToolSet(tools, { other: () => 1 }, "here");
  assert.deepEqual(entries, [
    { toolSpec: SPEC },
    cachePoint,
    { toolSpec: { ...SPEC, name: "other", strict: true } },
    systemTool,
  ]);
  assert.equal(find("get_weather"), defined);
  assert.equal(find("nova_grounding"), undefined);
});

test("no tools are a set, too", () => {
  for (const tools of [undefined, []]) {
    const { entries, find, nearest } = readToolSet(tools, undefined, "here");
    assert.deepEqual(entries, []);
    assert.equal(find("get_weather"), undefined);
    assert.equal(nearest("get_weather"), undefined);
  }
});

const NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"];

test("tools and functions may be called what objects call their own members", async () => {
  const tools = NAMES.map((name) => ({ ...PLAIN, name, parameters: SCHEMA }));
  const entries = NAMES.map((name) => [name, () => name] as const);
  for (const functions of [Object.fromEntries(entries), new Map(entries)]) {
    for (const name of NAMES) assert.equal(await run(tools, functions, name), name);
  }
});

for (const name of NAMES) {
  test(`what an object of functions inherits is no function of a tool: ${name}`, () => {
    const tools = [{ ...PLAIN, name, parameters: SCHEMA }];
    const message = new RegExp(`^here: tools\\[0\\]: nothing runs “${name}”\\.`);
    assert.throws(() => readToolSet(tools, {}, "here"), { name: "TypeError", message });
    assert.equal(readToolSet([defined], undefined, "here").find(name), undefined);
  });
}

test("a copy of a defined tool with another function is one, too", async () => {
  const copy = { ...defined, execute: () => "copy" };
  assert.equal(isDefinedTool(copy), true);
  assert.equal(await run([copy], undefined), "copy");
});

const plain = { ...PLAIN, parameters: SCHEMA };
const functions = { get_weather: () => 1 };

for (const [what, tools, given, message] of [
  [
    "tools that are no list",
    { get_weather: plain },
    undefined,
    /^here: tools must be a list; got an object\.$/,
  ],
  [
    "tools that are a text",
    "get_weather",
    undefined,
    /^here: tools must be a list; got a string\.$/,
  ],
  [
    "a tool that is none",
    [defined, 7],
    undefined,
    /^here: tools\[1\] must be a tool; got a number\.$/,
  ],
  [
    "a hole in the list",
    new Array(1),
    undefined,
    /^here: tools\[0\] must be a tool; got undefined\.$/,
  ],
  [
    "functions that are a list",
    [plain],
    [() => 1],
    /^here: toolFunctions must be an object or a Map of functions; got a list\.$/,
  ],
  [
    "functions that are null",
    [plain],
    null,
    /^here: toolFunctions must be an object or a Map of functions; got null\.$/,
  ],
  [
    "a function that is none",
    [plain],
    { get_weather: "run" },
    /^here: toolFunctions\.get_weather must be a function; got a string\.$/,
  ],
  [
    "a plain tool without function",
    [defined, { ...plain, name: "other" }],
    {},
    /^here: tools\[1\]: nothing runs “other”\. Make it with defineTool, or pass its function in toolFunctions\.$/,
  ],
  [
    "a plain tool without any functions",
    [plain],
    undefined,
    /^here: tools\[0\]: nothing runs “get_weather”\./,
  ],
  [
    "a function without tool",
    [plain],
    { ...functions, get_wether: () => 1 },
    /^here: toolFunctions has “get_wether”, but tools has no such tool\.$/,
  ],
  [
    "a function of a tool that has its own",
    [defined],
    functions,
    /^here: toolFunctions has “get_weather”, but that tool has its own\.$/,
  ],
  [
    "two plain tools of one name",
    [plain, { toolSpec: SPEC }],
    functions,
    /^here: tools\[1\]: a second tool is named “get_weather”\.$/,
  ],
  [
    "two defined tools of one name",
    [defined, { ...defined }],
    undefined,
    /^here: tools\[1\]: a second tool is named “get_weather”\.$/,
  ],
  [
    "a defined and a plain tool of one name",
    [defined, plain],
    functions,
    /^here: tools\[1\]: a second tool is named “get_weather”\.$/,
  ],
  [
    "a plain and a defined tool of one name",
    [plain, defined],
    functions,
    /^here: tools\[1\]: a second tool is named “get_weather”\.$/,
  ],
  [
    "a defined tool that was renamed in one place",
    [{ ...defined, name: "other" }],
    undefined,
    /^here: tools\[0\]: name and toolSpec\.name must be the same\.$/,
  ],
  [
    "a plain tool without name",
    [{ parameters: SCHEMA }],
    functions,
    /^here: tools\[0\] must have a name/,
  ],
  [
    "a plain tool with an empty name",
    [{ ...plain, name: "" }],
    functions,
    /^here: tools\[0\] must have a name/,
  ],
  [
    "a plain tool without description",
    [{ name: "get_weather", parameters: SCHEMA }],
    functions,
    /“get_weather”: description is missing\./,
  ],
  [
    "a plain tool without schema",
    [PLAIN],
    functions,
    /^here: tools\[0\] must have one JSON Schema, as input_schema or inputSchema or parameters\.$/,
  ],
  [
    "a plain tool with two schemas",
    [{ ...plain, inputSchema: SCHEMA }],
    functions,
    /^here: tools\[0\] must have one JSON Schema/,
  ],
  [
    "a plain tool whose schema is none",
    [{ ...PLAIN, parameters: "object" }],
    functions,
    /“get_weather”: inputSchema: .*got a string/,
  ],
  [
    "a plain tool of a text",
    [{ ...PLAIN, parameters: { type: "string" } }],
    functions,
    /“get_weather”: inputSchema: must be a schema of an object/,
  ],
  [
    "a plain tool with an option of defineTool",
    [{ ...plain, requiresApproval: true }],
    functions,
    /^here: tools\[0\]: “requiresApproval” is not a known option\./,
  ],
  [
    "a plain tool with a misspelt member",
    [{ ...PLAIN, inputschema: SCHEMA }],
    functions,
    /^here: tools\[0\]: “inputschema” is not a known option\. Did you mean “input_schema”\?$/,
  ],
  [
    "a plain tool with a strict that is none",
    [{ ...plain, strict: "yes" }],
    functions,
    /^here: tools\[0\]: strict must be true or false; got a string\.$/,
  ],
  [
    "a toolSpec that is none",
    [{ toolSpec: "get_weather" }],
    functions,
    /^here: tools\[0\]\.toolSpec: expected an object of options, got a string\.$/,
  ],
  [
    "a toolSpec with more in it",
    [{ toolSpec: { ...SPEC, requiresApproval: true } }],
    functions,
    /^here: tools\[0\]\.toolSpec: “requiresApproval” is not a known option\./,
  ],
  [
    "a toolSpec with more beside it",
    [{ toolSpec: SPEC, requiresApproval: true }],
    functions,
    /^here: tools\[0\]: “requiresApproval” is not a known option\./,
  ],
] as const) {
  test(`a set is refused that has ${what}`, () => {
    assert.throws(() => readToolSet(tools, given, "here"), { name: "TypeError", message });
  });
}

for (const [name, nearest] of [
  ["getWeather", "get_weather"],
  ["get_weathre", "get_weather"],
  ["__proto__", undefined],
  ["x".repeat(1_000_000), undefined],
] as const) {
  test(`what is called ${name.slice(0, 20)} may have meant ${nearest ?? "nothing"}`, () => {
    assert.equal(readToolSet([defined], undefined, "here").nearest(name), nearest);
  });
}
