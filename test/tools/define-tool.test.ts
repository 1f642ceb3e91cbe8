import assert from "node:assert/strict";
import { test } from "node:test";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";
import { type DefinedTool, defineTool, type ToolExecution } from "../../src/tools/define-tool.ts";

/** Whether two types are the same, not just assignable. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only where the type is the one that is expected. */
function isTyped<Expected>() {
  return <Actual>(_value: Actual, ..._: Same<Actual, Expected> extends true ? [] : [never]) => {};
}

const CITY = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };

const VALID = {
  name: "get_weather",
  description: "Get current weather for a location",
  inputSchema: CITY,
  execute: () => "sunny",
};

test("a tool has what the wire wants, and defaults for the rest", () => {
  const { execute } = VALID;
  const { check, ...tool } = defineTool(VALID);
  assert.deepEqual(tool, {
    name: "get_weather",
    description: "Get current weather for a location",
    toolSpec: {
      name: "get_weather",
      description: "Get current weather for a location",
      inputSchema: { json: CITY },
    },
    timeoutMs: 60_000,
    sequential: false,
    idempotent: false,
    requiresApproval: false,
    execute,
  });
});

test("what is given is kept", () => {
  const requiresApproval = () => true;
  const given = { timeoutMs: 0, sequential: true, idempotent: true, requiresApproval };
  const tool = defineTool({ ...VALID, ...given });
  for (const [name, value] of Object.entries(given)) {
    assert.equal(tool[name as keyof typeof given], value);
  }
  const none = { timeoutMs: undefined, sequential: undefined, requiresApproval: undefined };
  assert.equal(defineTool({ ...VALID, ...none }).timeoutMs, 60_000);
});

test("a later change of what was given changes nothing", () => {
  const inputSchema = structuredClone(CITY);
  const given = { ...VALID, inputSchema };
  const tool = defineTool(given);
  inputSchema.required.push("country");
  given.name = "other";
  assert.deepEqual(tool.toolSpec.inputSchema, { json: CITY });
  assert.equal(tool.name, "get_weather");
});

const { description: _, ...WITHOUT_DESCRIPTION } = VALID;
const { name: __, ...WITHOUT_NAME } = VALID;
const { inputSchema: ___, ...WITHOUT_SCHEMA } = VALID;

for (const [what, definition, message] of [
  ["nothing", undefined, /^defineTool: expected an object of options, got undefined\.$/],
  ["a list", [VALID], /^defineTool: expected an object of options, got a list\.$/],
  ["no name", WITHOUT_NAME, /^defineTool: name is missing\.$/],
  [
    "an empty name",
    { ...VALID, name: "" },
    /^defineTool: name must be a non-empty string; got an empty string\.$/,
  ],
  [
    "a name that is none",
    { ...VALID, name: 7 },
    /^defineTool: name must be a non-empty string; got a number\.$/,
  ],
  [
    "no description",
    WITHOUT_DESCRIPTION,
    /^defineTool “get_weather”: description is missing\. The model chooses/,
  ],
  [
    "a blank description",
    { ...VALID, description: " \n" },
    /^defineTool “get_weather”: description is missing\./,
  ],
  [
    "a description that is none",
    { ...VALID, description: ["a"] },
    /: description must be a non-empty string; got a list\.$/,
  ],
  ["no schema", WITHOUT_SCHEMA, /^defineTool “get_weather”: inputSchema: .*got undefined/],
  [
    "a schema that is a text",
    { ...VALID, inputSchema: "object" },
    /^defineTool “get_weather”: inputSchema: .*got a string/,
  ],
  [
    "a schema of a text",
    { ...VALID, inputSchema: { type: "string" } },
    /^defineTool “get_weather”: inputSchema: must be a schema of an object/,
  ],
  [
    "a zod schema of a list",
    { ...VALID, inputSchema: z.array(z.string()) },
    /^defineTool “get_weather”: inputSchema: must be a schema of an object/,
  ],
  [
    "a union at the top",
    { ...VALID, inputSchema: { anyOf: [CITY, CITY] } },
    /: must be a schema of an object/,
  ],
  [
    "nothing to execute",
    { ...VALID, execute: undefined },
    /^defineTool “get_weather”: execute must be a function; got undefined\.$/,
  ],
  [
    "something else to execute",
    { ...VALID, execute: {} },
    /: execute must be a function; got an object\.$/,
  ],
  [
    "an approval that is a text",
    { ...VALID, requiresApproval: "yes" },
    /: requiresApproval must be true or false; got a string\.$/,
  ],
  [
    "an approval that is null",
    { ...VALID, requiresApproval: null },
    /: requiresApproval must be true or false; got null\.$/,
  ],
  [
    "a negative timeout",
    { ...VALID, timeoutMs: -1 },
    /: timeoutMs must be a number from 0 to 2147483647; got -1\.$/,
  ],
  [
    "a timeout for ever",
    { ...VALID, timeoutMs: Number.POSITIVE_INFINITY },
    /: timeoutMs must be .*; got Infinity\.$/,
  ],
  [
    "a timeout that is none",
    { ...VALID, timeoutMs: Number.NaN },
    /: timeoutMs must be .*; got NaN\.$/,
  ],
  [
    "a timeout that is a text",
    { ...VALID, timeoutMs: "1s" },
    /: timeoutMs must be .*; got a string\.$/,
  ],
  [
    "a sequential that is null",
    { ...VALID, sequential: null },
    /: sequential must be true or false; got null\.$/,
  ],
  [
    "an idempotent that is a number",
    { ...VALID, idempotent: 1 },
    /: idempotent must be true or false; got a number\.$/,
  ],
  [
    "a misspelt option",
    { ...VALID, timeoutMS: 1 },
    /^defineTool “get_weather”: “timeoutMS” is not a known option\. Did you mean “timeoutMs”\?$/,
  ],
  [
    "a misspelt option",
    { ...VALID, requireApproval: true },
    /“requireApproval” .* Did you mean “requiresApproval”\?$/,
  ],
  [
    "an option of other libraries",
    { ...VALID, parameters: {} },
    /“parameters” .* Did you mean “inputSchema”\?$/,
  ],
  [
    "an option of other libraries",
    { ...VALID, needsApproval: true },
    /“needsApproval” .* Did you mean “requiresApproval”\?$/,
  ],
  [
    "an option that nobody knows",
    { ...VALID, zzz: 1 },
    /“zzz” .* Known: name, description, inputSchema, execute, /,
  ],
] as const) {
  test(`a definition with ${what} is refused: ${message.source.slice(0, 60)}`, () => {
    assert.throws(() => defineTool(definition as never), { name: "TypeError", message });
  });
}

test("what is checked is what the schema says, and execute gets what it makes of it", async () => {
  const inputSchema = z.object({ city: z.string().trim(), days: z.number().default(1) });
  const tool = defineTool({
    name: "get_weather",
    description: "Weather",
    inputSchema,
    execute: ({ city, days }) => `${city}/${days}`,
  });
  assert.deepEqual(await tool.check({ city: " Rome " }), { value: { city: "Rome", days: 1 } });
  const { issues = [] } = await tool.check({ city: 7 });
  assert.equal(issues.length, 1);
});

test("the input of execute is typed by its schema", () => {
  type City = { city: string; days?: number | undefined };
  const base = { name: "get_weather", description: "Weather" };
  const inputs = {
    zod: z.object({ city: z.string(), days: z.number().optional() }),
    valibot: toStandardJsonSchema(v.object({ city: v.string(), days: v.optional(v.number()) })),
  };
  const fromZod = defineTool({
    ...base,
    inputSchema: inputs.zod,
    execute: (input) => isTyped<City>()(input),
    requiresApproval: (input) => isTyped<City>()(input) === undefined,
  });
  isTyped<DefinedTool<City, unknown>>()(fromZod);
  defineTool({ ...base, inputSchema: inputs.valibot, execute: (input) => isTyped<City>()(input) });
  defineTool({
    ...base,
    inputSchema: type({ city: "string", "days?": "number" }),
    execute: (input) => isTyped<{ city: string; days?: number }>()(input),
  });
  defineTool({
    ...base,
    inputSchema: z.object({ day: z.string().transform((text) => new Date(text)) }),
    execute: (input) => isTyped<{ day: Date }>()(input),
  });
  defineTool({
    ...base,
    inputSchema: {
      type: "object",
      properties: { city: { type: "string" }, unit: { enum: ["celsius", "fahrenheit"] } },
      required: ["city"],
    },
    execute: (input) => isTyped<{ city: string; unit?: "celsius" | "fahrenheit" }>()(input),
  });
  defineTool({
    ...base,
    inputSchema: z.object({ a: z.number() }),
    // @ts-expect-error a schema of numbers does not give texts
    execute: (_: { a: string }) => 1,
  });
  // @ts-expect-error a wrong expectation is found
  defineTool({ ...base, inputSchema: inputs.zod, execute: (input) => isTyped<unknown>()(input) });
});

interface Session {
  readonly user: string;
}

test("the context is typed where it is annotated, and the input still by its schema", () => {
  const base = { name: "a", description: "A tool.", inputSchema: z.object({ city: z.string() }) };
  const inExecute = defineTool({
    ...base,
    execute: ({ city }, { context, signal }: ToolExecution<Session>) => {
      isTyped<string>()(city);
      isTyped<Session>()(context);
      isTyped<AbortSignal>()(signal);
    },
    requiresApproval: ({ city }, context) => {
      isTyped<string>()(city);
      isTyped<Session>()(context);
      return false;
    },
  });
  const inApproval = defineTool({
    ...base,
    requiresApproval: ({ city }, context: Session) => city === context.user,
    execute: ({ city }, { context }) => {
      isTyped<string>()(city);
      isTyped<Session>()(context);
    },
  });
  isTyped<DefinedTool<{ city: string }, Session>>()(inExecute);
  isTyped<DefinedTool<{ city: string }, Session>>()(inApproval);
  const nowhere = defineTool({
    ...base,
    execute: (_, { context }) => isTyped<unknown>()(context),
  });
  // Tools of any input and context go into one list.
  const tools: DefinedTool[] = [inExecute, inApproval, nowhere];
  assert.equal(tools.length, 3);
});
