// From options to the body that goes out: every option, and every shape people write tools in.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { buildRequest } from "../../src/converse/build-request.ts";
import type { ConverseOptions } from "../../src/index.ts";
import { traitsOf } from "../../src/models/model-traits.ts";
import { build as buildFor, UNKNOWN_MODEL } from "./build.ts";

const SCHEMA = { type: "object", properties: { location: { type: "string" } } };
const SPEC = { name: "get_weather", description: "Weather", inputSchema: { json: SCHEMA } };

function build(options: ConverseOptions) {
  return buildFor(options).body;
}

test("the least request asks for 4,096 tokens and sends no sampling parameter", () => {
  assert.deepEqual(build({}), {
    messages: [{ role: "user", content: [{ text: "hi" }] }],
    inferenceConfig: { maxTokens: 4096 },
  });
});

test("every option reaches its place on the wire", () => {
  const options: ConverseOptions = {
    systemPrompt: "Be brief.",
    maxTokens: 10,
    temperature: 0,
    topP: 0.9,
    stopSequences: ["END"],
    tools: [{ toolSpec: SPEC }],
    toolChoice: "auto",
    performanceConfig: { latency: "optimized" },
    additionalModelRequestFields: { top_k: 5 },
    additionalModelResponseFieldPaths: ["/stop_sequence"],
    guardrailConfig: { guardrailIdentifier: "g", guardrailVersion: "1", trace: "enabled" },
    requestMetadata: { team: "search" },
    promptVariables: { name: { text: "Ada" } },
    serviceTier: { type: "flex" },
    outputConfig: { effort: "low" },
  };
  assert.deepEqual(build(options), {
    messages: [{ role: "user", content: [{ text: "hi" }] }],
    system: [{ text: "Be brief." }],
    inferenceConfig: { maxTokens: 10, temperature: 0, topP: 0.9, stopSequences: ["END"] },
    toolConfig: { tools: [{ toolSpec: SPEC }], toolChoice: { auto: {} } },
    additionalModelRequestFields: { top_k: 5 },
    additionalModelResponseFieldPaths: ["/stop_sequence"],
    performanceConfig: { latency: "optimized" },
    guardrailConfig: { guardrailIdentifier: "g", guardrailVersion: "1", trace: "enabled" },
    requestMetadata: { team: "search" },
    promptVariables: { name: { text: "Ada" } },
    serviceTier: { type: "flex" },
    outputConfig: { effort: "low" },
  });
});

test("how a guardrail treats streams is told to streams only", () => {
  const options: ConverseOptions = {
    messages: "hi",
    guardrailConfig: {
      guardrailIdentifier: "g",
      guardrailVersion: "1",
      streamProcessingMode: "async",
    },
  };
  const streamed = buildFor(options, UNKNOWN_MODEL, "converse-stream").body;
  assert.deepEqual(streamed.guardrailConfig, options.guardrailConfig);
  assert.deepEqual(build(options).guardrailConfig, {
    guardrailIdentifier: "g",
    guardrailVersion: "1",
  });
});

test("a system prompt may be strings and blocks; blank ones are left out", () => {
  const systemPrompt = ["Be brief.", " ", { cachePoint: { type: "default" } }] as const;
  assert.deepEqual(build({ systemPrompt }).system, [
    { text: "Be brief." },
    { cachePoint: { type: "default" } },
  ]);
  assert.equal("system" in build({ systemPrompt: "" }), false);
});

test("a managed prompt brings its own parameters and messages", () => {
  const arn = "arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1";
  const options: ConverseOptions = { promptVariables: { name: { text: "Ada" } } };
  assert.deepEqual(buildFor({ messages: undefined, ...options }, arn).body, {
    promptVariables: { name: { text: "Ada" } },
  });
});

describe("a tool", () => {
  const expected = { toolSpec: SPEC };
  for (const [title, tool] of [
    ["of the guide", { name: "get_weather", description: "Weather", input_schema: SCHEMA }],
    ["in camel case", { name: "get_weather", description: "Weather", inputSchema: SCHEMA }],
    [
      "with a schema wrapped as on the wire",
      { name: "get_weather", description: "Weather", inputSchema: { json: SCHEMA } },
    ],
    ["with parameters", { name: "get_weather", description: "Weather", parameters: SCHEMA }],
    ["as on the wire", { toolSpec: SPEC }],
  ] as const) {
    test(`${title} becomes a toolSpec`, () => {
      assert.deepEqual(build({ tools: [tool] }).toolConfig?.tools, [expected]);
    });
  }

  test("of the provider and a cache point pass as they are, mixed with others", () => {
    const tools = [
      { systemTool: { name: "nova_grounding" } },
      { name: "get_weather", description: "Weather", parameters: SCHEMA },
      { cachePoint: { type: "default" } },
    ] as const;
    assert.deepEqual(build({ tools }).toolConfig?.tools, [tools[0], expected, tools[2]]);
  });

  test("without a description is sent without one, never with an empty one", () => {
    for (const description of [undefined, ""]) {
      const [tool] =
        build({ tools: [{ name: "a", description, parameters: SCHEMA }] }).toolConfig?.tools ?? [];
      assert.deepEqual(tool, { toolSpec: { name: "a", inputSchema: { json: SCHEMA } } });
    }
  });

  test("may be strict", () => {
    const [tool] =
      build({ tools: [{ name: "a", strict: true, parameters: SCHEMA }] }).toolConfig?.tools ?? [];
    assert.equal(tool?.toolSpec?.strict, true);
  });
});

describe("a tool choice", () => {
  const tools = [{ name: "a", parameters: SCHEMA }];
  for (const [choice, expected] of [
    ["auto", { auto: {} }],
    ["any", { any: {} }],
    ["required", { any: {} }],
    [{ type: "auto" }, { auto: {} }],
    [{ type: "any" }, { any: {} }],
    [{ type: "tool", name: "a" }, { tool: { name: "a" } }],
    [{ auto: {} }, { auto: {} }],
    [{ any: {} }, { any: {} }],
    [{ tool: { name: "a" } }, { tool: { name: "a" } }],
  ] as const) {
    test(`${JSON.stringify(choice)} is ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(build({ tools, toolChoice: choice }).toolConfig?.toolChoice, expected);
    });
  }

  test("of none keeps the tools and asks for text", () => {
    const request = build({ tools, toolChoice: "none" });
    assert.equal(request.toolConfig?.tools.length, 1);
    assert.equal("toolChoice" in (request.toolConfig ?? {}), false);
    assert.deepEqual(request.system, [
      { text: "Do not call any tool in this answer; answer in text." },
    ]);
  });
});

describe("a call without tools", () => {
  const messages = [
    { role: "user", content: "q" },
    { role: "assistant", content: { toolUse: { toolUseId: "1", name: "a", input: {} } } },
    { role: "user", content: { toolResult: { toolUseId: "1", content: "x" } } },
  ] as const;

  test("declares the tools that its history names, for Bedrock asks for them", () => {
    assert.deepEqual(build({ messages }).toolConfig, {
      tools: [{ toolSpec: { name: "a", inputSchema: { json: { type: "object" } } } }],
    });
  });

  test("sends no toolConfig when there is nothing to declare", () => {
    for (const tools of [undefined, [], [{ cachePoint: { type: "default" } }] as const]) {
      assert.equal("toolConfig" in build({ tools }), false);
    }
  });
});

test("what the caller passed is not changed", () => {
  const options: ConverseOptions = Object.freeze({
    messages: Object.freeze([Object.freeze({ role: "user", content: "q" })]),
    tools: Object.freeze([
      Object.freeze({ name: "a", parameters: Object.freeze({ type: "object" }) }),
    ]),
    systemPrompt: Object.freeze(["x"]),
    toolChoice: "none",
  });
  assert.doesNotThrow(() => build(options));
});

test("points are placed where none of the caller's is left", () => {
  const { body } = buildRequest(
    {
      messages: "q",
      systemPrompt: "Be brief. ".repeat(2000),
      tools: [{ name: "a", parameters: { type: "object" } }, { cachePoint: { type: "default" } }],
    },
    {
      modelId: "us.amazon.nova-pro-v1:0",
      operation: "converse",
      traits: traitsOf("us.amazon.nova-pro-v1:0"),
      cache: "auto",
    },
  );
  assert.equal(body.toolConfig?.tools.length, 1);
  assert.notEqual(body.system?.at(-1)?.cachePoint, undefined);
});
