// What is wrong with an agent is told when it is made, by name and with what to do.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { z } from "zod";
import {
  Agent,
  type AgentOptions,
  defineTool,
  FileOnceStore,
  tokenWindow,
} from "../../src/index.ts";
import { scriptedLLM } from "../helpers/scripted-llm.ts";

const llm = scriptedLLM(() => "Yes.");
const named = (name: string) =>
  defineTool({ name, description: "A tool.", inputSchema: z.object({}), execute: () => "ok" });
const plain = { name: "plain", description: "Plain.", input_schema: { type: "object" } };

const CASES: [what: string, options: unknown, message: RegExp][] = [
  ["no options", undefined, /Agent: expected an object of options/],
  ["no model", {}, /llm must be a BedrockLLM, or anything with invoke and invokeStream/],
  ["an unknown option", { llm, maxTurn: 3 }, /“maxTurn” is not a known option.*“maxTurns”/],
  ["another library's option", { llm, maxSteps: 3 }, /Did you mean “maxTurns”/],
  ["messages for an agent", { llm, messages: [] }, /run\(prompt, \{ messages \}\)/],
  ["no turns", { llm, maxTurns: 0 }, /maxTurns must be a whole number of at least 1; got 0/],
  ["tools that are no list", { llm, tools: {} }, /tools must be a list; got an object/],
  ["two tools of one name", { llm, tools: [named("a"), named("a")] }, /second tool is named “a”/],
  [
    "two tools of one name, one of them plain",
    { llm, tools: [named("plain"), plain], toolFunctions: { plain: () => "" } },
    /second tool is named “plain”|nothing runs/,
  ],
  ["a tool without a function", { llm, tools: [plain] }, /nothing runs “plain”/],
  [
    "a function without a tool",
    { llm, tools: [], toolFunctions: { other: () => "" } },
    /toolFunctions has “other”/,
  ],
  [
    "a function that is none",
    { llm, tools: [plain], toolFunctions: { plain: 1 } },
    /toolFunctions\.plain must be a function; got a number/,
  ],
  [
    "a plain tool without description",
    { llm, tools: [{ ...plain, description: undefined }], toolFunctions: { plain: () => "" } },
    /description is missing/,
  ],
  [
    "a plain tool whose schema is no object's",
    {
      llm,
      tools: [{ ...plain, input_schema: { type: "string" } }],
      toolFunctions: { plain: () => "" },
    },
    /object/,
  ],
  [
    "a hook that is none",
    { llm, hooks: { beforeTool: 1 } },
    /hooks\.beforeTool must be a function/,
  ],
  ["an unknown hook", { llm, hooks: { onTool: () => {} } }, /hooks: “onTool” is not a known/],
  ["a budget without price", { llm, budget: { usd: 1 } }, /needs to know the model/],
  [
    "a budget for a model of unknown price",
    { llm, modelId: "some.model", budget: { usd: 1 } },
    /no price is known for “some\.model”/,
  ],
  ["a short key", { llm, approvals: { key: "secret" } }, /at least 32 bytes/],
  ["no key", { llm, approvals: { key: [] } }, /at least one key/],
  ["a key that is none", { llm, approvals: { key: 5 } }, /must be a string or bytes; got a number/],
  ["a logger that is none", { llm, logger: {} }, /logger must have the methods/],
  ["a store that is none", { llm, approvals: { store: {} } }, /claim/],
];

for (const [what, options, message] of CASES) {
  test(`${what} is a TypeError when the agent is made`, () => {
    assert.throws(
      () => new Agent(options as AgentOptions),
      (error) => {
        assert.ok(error instanceof TypeError);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      },
    );
  });
}

test("a tool without description, or with a schema of no object, is a TypeError when it is made", () => {
  const make = (options: object) => () =>
    defineTool({
      name: "a",
      description: "A tool.",
      inputSchema: z.object({}),
      execute: () => "",
      ...options,
    });
  assert.throws(make({ description: undefined }), /“a”: description is missing/);
  assert.throws(make({ description: " " }), /description/);
  assert.throws(make({ inputSchema: z.string() }), TypeError);
  assert.throws(make({ inputSchema: v.array(v.string()) }), TypeError);
  assert.throws(make({ inputSchema: { type: "array" } }), TypeError);
  assert.throws(make({ inputSchema: undefined }), TypeError);
  assert.throws(make({ execute: undefined }), /execute must be a function/);
  assert.throws(make({ handler: () => "" }), /Did you mean “execute”/);
  assert.throws(make({ timeoutMs: -1 }), /timeoutMs/);
});

test("what is wrong with a run is told before it begins", async () => {
  const agent = new Agent({ llm });
  assert.throws(() => agent.stream(undefined as never), /prompt must be text/);
  assert.throws(() => agent.stream("Hi.", { mesages: [] } as never), /“messages”/);
  assert.throws(() => agent.stream("Hi.", { signal: 1 } as never), /signal must be/);
  assert.throws(() => agent.stream("Hi.", { onState: 1 } as never), /onState must be/);
  await assert.rejects(agent.run("Hi.", { messages: [{ role: "tool" }] as never }), TypeError);
  assert.throws(() => agent.resumeStream("{}", {}, { messages: [] } as never), /“messages”/);
  assert.throws(() => agent.asTool({ name: "a", description: "" }), /description/);
  assert.throws(() => agent.asTool({ name: "a", descripton: "b" } as never), /“description”/);
  assert.throws(() => tokenWindow({} as never), /maxTokens is missing/);
  assert.throws(() => new FileOnceStore(""), /directory/);
});
