// What is wrong with a caller's own input is a TypeError that names it, before any socket opens.

import assert from "node:assert/strict";
import { Agent as HttpsAgent } from "node:https";
import { describe, test } from "node:test";
import { readClientOptions } from "../../src/client/client-options.ts";
import { BedrockLLM, type InvokeOptions } from "../../src/index.ts";
import { testClient } from "../helpers/client.ts";
import { answerJson, scriptedServer } from "../helpers/scripted-server.ts";

/** Deliberately outside the types. */
function untyped<Value>(value: unknown): Value {
  return value as Value;
}

describe("an option of the client", () => {
  for (const [options, message] of [
    [{ regoin: "us-east-1" }, "BedrockLLM: “regoin” is not a known option. Did you mean “region”?"],
    [
      { region_name: "us-east-1" },
      "BedrockLLM: “region_name” is not a known option. Did you mean “region”?",
    ],
    [{ zzzzzzzzzzzz: 1 }, /is not a known option\. Known: region, profile/],
    ["us-east-1", "BedrockLLM: expected an object of options, got a string."],
    [null, "BedrockLLM: expected an object of options, got null."],
    [{ region: 1 }, "region must be a non-empty string; got a number."],
    [{ modelId: "" }, "modelId must be a non-empty string; got an empty string."],
    [{ timeouts: { readMs: 1 } }, /timeouts: “readMs” is not a known option/],
    [{ timeouts: { connectMs: -1 } }, /timeouts\.connectMs must be a number from 0 to/],
    [
      { timeouts: { idleMs: "5" } },
      /timeouts\.idleMs must be a number from 0 to \d+; got a string/,
    ],
    [
      { retry: { maxAttempts: 0 } },
      "retry.maxAttempts must be a whole number of at least 1; got 0.",
    ],
    [
      { retry: { mode: "legacy" } },
      "retry.mode must be one of standard, adaptive, off; got “legacy”.",
    ],
    [{ maxConnections: 0 }, /maxConnections must be a whole number of at least 1/],
    [{ credentials: "AKID" }, /credentials must be \{ accessKeyId/],
    [
      { apiKey: "k", credentials: { accessKeyId: "a", secretAccessKey: "b" } },
      /either apiKey or credentials, not both/,
    ],
    [{ logger: {} }, "logger must have the methods debug, info, warn and error."],
    [{ agent: {} }, /agent must be an Agent/],
    [{ useFipsEndpoint: "yes" }, "useFipsEndpoint must be true or false; got a string."],
    [{ cache: "always" }, "cache must be one of auto, off; got “always”."],
    [{ checkRequests: "no" }, "checkRequests must be true or false; got a string."],
    [{ baseModelId: 5 }, "baseModelId must be a non-empty string; got a number."],
  ] as const) {
    test(`${JSON.stringify(options)} is refused`, () => {
      const expected = { name: "TypeError", message };
      assert.throws(() => new BedrockLLM(untyped(options)), expected);
    });
  }
});

describe("a variable that cannot be read", () => {
  for (const [variables, message] of [
    [
      { BOTO3_READ_TIMEOUT: "soon" },
      "BOTO3_READ_TIMEOUT must be a number of at least 0; got “soon”.",
    ],
    [{ BOTO3_CONNECT_TIMEOUT: "-1" }, /^BOTO3_CONNECT_TIMEOUT must be/],
    [{ AWS_MAX_ATTEMPTS: "0" }, /^AWS_MAX_ATTEMPTS must be a whole number of at least 1/],
    [{ BOTO3_MAX_ATTEMPTS: "2.5" }, /^BOTO3_MAX_ATTEMPTS must be a whole number/],
    [{ AWS_RETRY_MODE: "eager" }, "AWS_RETRY_MODE must be standard, adaptive or legacy."],
    [{ AWS_USE_FIPS_ENDPOINT: "1" }, "AWS_USE_FIPS_ENDPOINT must be true or false."],
  ] as const) {
    test(`${JSON.stringify(variables)} is refused by its name`, () => {
      assert.throws(() => readClientOptions({}, variables), { name: "TypeError", message });
    });
  }

  for (const [options, variables, message] of [
    [{ endpoint: "no url" }, {}, /^endpoint must be a URL/],
    [{ region: "a b" }, {}, /^region must look like/],
    [{}, { AWS_REGION: "a b" }, /^AWS_REGION must look like/],
    [{}, { AWS_ENDPOINT_URL: "ftp://x" }, /^AWS_ENDPOINT_URL must begin with/],
    [{ apiKey: "key\n" }, {}, /^apiKey holds a character that no header can carry/],
    [{}, { AWS_BEARER_TOKEN_BEDROCK: "key\n" }, /^AWS_BEARER_TOKEN_BEDROCK holds a character/],
    [{}, { AWS_BEARER_TOKEN_BEDROCK: " " }, /^AWS_BEARER_TOKEN_BEDROCK holds a character/],
    [{}, { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "yes" }, /must be true or false/],
  ] as const) {
    test(`${JSON.stringify({ ...options, ...variables })} is refused when the client is made`, () => {
      assert.throws(() => readClientOptions(options, variables), { name: "TypeError", message });
    });
  }

  test("an agent of the wrong protocol is refused before a socket opens", async (context) => {
    const server = await scriptedServer(context, (_, response) => answerJson(response, "ok"));
    const llm = testClient(context, server.url, { agent: new HttpsAgent() });
    await assert.rejects(llm.invoke({ messages: "x" }), {
      name: "TypeError",
      message: /agent is one of node:https, but the endpoint .* needs one of node:http/,
    });
    assert.equal(server.connections.length, 0);
  });
});

const TOOL = { name: "a", input_schema: { type: "object" } };

const CIRCLE: Record<string, unknown> = {};
CIRCLE["self"] = CIRCLE;

describe("a request", () => {
  for (const [options, message] of [
    [undefined, "invoke: expected an object of options, got undefined."],
    [
      { messages: "x", max_tokens: 5 },
      "invoke: “max_tokens” is not a known option. Did you mean “maxTokens”?",
    ],
    [{ messages: "x", stream: true }, /invoke: “stream” is not a known option/],
    [{}, /^messages holds nothing to send/],
    [{ messages: "  \n" }, /^messages holds nothing to send/],
    [{ messages: [] }, /^messages holds nothing to send/],
    [{ messages: 5 }, "messages must be a string or a list of messages; got a number."],
    [
      { messages: [{ role: "tool", content: "x" }] },
      /^messages\[0\]\.role must be one of user, assistant, system; got “tool”\. The result of a call is a block of a user message/,
    ],
    [
      { messages: [{ role: "assistant", content: null, tool_calls: [{ id: "1" }] }] },
      "messages[0].tool_calls: a call is a block of the content: { toolUse: { toolUseId, name, input } }.",
    ],
    [
      { messages: "x", tools: [{ type: "function", function: { name: "a", parameters: {} } }] },
      "tools[0]: pass what is inside “function”, without it and without “type”.",
    ],
    [
      { messages: "x", stop: ["a"] },
      "invoke: “stop” is not a known option. Did you mean “stopSequences”?",
    ],
    [
      { messages: "x", checkRequests: false },
      "invoke: “checkRequests” is not a known option. Did you mean “new BedrockLLM({ checkRequests })”?",
    ],
    [
      {
        messages: "x",
        tools: [
          { name: "my tool", parameters: { type: "object" } },
          { name: "my tool", parameters: { type: "object" } },
        ],
      },
      "tools[1]: a second tool is named “my tool”.",
    ],
    [
      { messages: [{ role: "user" }] },
      /^messages\[0\]\.content must be a string, a block or a list of blocks; got undefined/,
    ],
    [
      { messages: [{ role: "user", content: [5] }] },
      "messages[0].content[0] must be a string or a content block; got a number.",
    ],
    [
      { messages: [{ role: "assistant", content: { toolUse: { name: "a" } } }] },
      "messages[0].content.toolUse.toolUseId must be a non-empty string; got undefined.",
    ],
    [
      { messages: [{ role: "user", content: [{ toolResult: {} }] }] },
      "messages[0].content[0].toolResult.toolUseId must be a non-empty string; got undefined.",
    ],
    [
      {
        messages: [
          {
            role: "user",
            content: { image: { format: "png", source: { bytes: new ArrayBuffer(1) } } },
          },
        ],
      },
      "Bytes must be a Uint8Array; got a ArrayBuffer.",
    ],
    [
      { messages: "x", additionalModelRequestFields: () => {} },
      "additionalModelRequestFields must be JSON; got a function.",
    ],
    [{ messages: "x", maxTokens: 0 }, "maxTokens must be a whole number of at least 1; got 0."],
    [{ messages: "x", temperature: 1.1 }, "temperature must be a number from 0 to 1; got 1.1."],
    [{ messages: "x", topP: "0.9" }, "topP must be a number from 0 to 1; got a string."],
    [
      { messages: "x", stopSequences: "END" },
      "stopSequences must be a list of strings that are not empty.",
    ],
    [{ messages: "x", tools: {} }, "tools must be a list; got an object."],
    [{ messages: "x", tools: [{ name: "a" }] }, /^tools\[0\] must have one JSON Schema/],
    [
      { messages: "x", tools: [{ name: "", parameters: { type: "object" } }] },
      "tools[0].name must be a non-empty string; got an empty string.",
    ],
    [{ messages: "x", tools: [{ name: "a", parameters: { type: "string" } }] }, /type "object"/],
    [
      { messages: "x", tools: [{ name: "a", desciption: "b", parameters: {} }] },
      /Did you mean “description”/,
    ],
    [{ messages: "x", tools: [TOOL, TOOL] }, "tools[1]: a second tool is named “a”."],
    [{ messages: "x", tools: [TOOL], toolChoice: "always" }, /^toolChoice must be "auto", "any"/],
    [{ messages: "x", tools: [TOOL], toolChoice: { type: "tool" } }, /^toolChoice must be/],
    [
      { messages: "x", tools: [TOOL], toolChoice: { type: "tool", name: "b" } },
      /names a tool that is not in tools: “b”/,
    ],
    [{ messages: "x", toolChoice: "any" }, "toolChoice was given, but no tools to choose from."],
    [
      { messages: "x", systemPrompt: 5 },
      "systemPrompt must be a string or a list of system blocks; got a number.",
    ],
    [
      { messages: "x", performanceConfig: "optimized" },
      "performanceConfig must be an object; got a string.",
    ],
    [{ messages: "x", signal: {} }, "signal must be an AbortSignal; got an object."],
    [{ messages: "x", modelId: 5 }, "modelId must be a non-empty string; got a number."],
    [{ messages: "x", timeouts: 5 }, "timeouts: expected an object of options, got a number."],
  ] as const) {
    test(`${JSON.stringify(options)?.slice(0, 90)} is refused before a socket opens`, async (context) => {
      const server = await scriptedServer(context, (_, response) => answerJson(response, "ok"));
      const llm = testClient(context, server.url);
      const request = untyped<InvokeOptions>(options);
      await assert.rejects(llm.invoke(request), { name: "TypeError", message });
      assert.throws(() => llm.invokeStream(request), TypeError);
      assert.equal(server.connections.length, 0);
    });
  }

  test("that goes in a circle is refused, wherever the circle is", () => {
    const llm = new BedrockLLM({ modelId: "us.test.model-v1:0" });
    const input = { toolUse: { toolUseId: "1", name: "a", input: CIRCLE } };
    const result = { toolResult: { toolUseId: "1", content: [{ json: CIRCLE }] } };
    for (const request of [
      { messages: "x", additionalModelRequestFields: CIRCLE },
      { messages: [{ role: "assistant", content: input }] },
      { messages: [{ role: "user", content: result }] },
      { messages: "x", tools: [{ name: "a", parameters: { type: "object", properties: CIRCLE } }] },
    ]) {
      const expected = { name: "TypeError", message: /nested too deep/ };
      assert.throws(() => llm.invokeStream(untyped<InvokeOptions>(request)), expected);
      assert.throws(() => llm.explainRequest(untyped<InvokeOptions>(request)), expected);
    }
  });

  test("that holds what JSON has no form for is refused", () => {
    const llm = new BedrockLLM({ modelId: "us.test.model-v1:0" });
    const request = { messages: "x", additionalModelRequestFields: { top_k: 1n } };
    assert.throws(() => llm.invokeStream(request), {
      name: "TypeError",
      message: "The request holds a BigInt, for which JSON has no form.",
    });
  });

  test("without a model anywhere says where to name one", async () => {
    const saved = process.env["BEDROCK_MODEL_ID"];
    delete process.env["BEDROCK_MODEL_ID"];
    try {
      await assert.rejects(new BedrockLLM().invoke({ messages: "x" }), {
        name: "TypeError",
        message: /no model\. Pass modelId here or to BedrockLLM, or set BEDROCK_MODEL_ID/,
      });
    } finally {
      if (saved !== undefined) process.env["BEDROCK_MODEL_ID"] = saved;
    }
  });
});

test("half a character in a model id is told as such, wherever it is used", async (context) => {
  const llm = testClient(context, "http://127.0.0.1:1");
  const options = { modelId: "a\ud800b", messages: "hi" };
  const refusal = /InvalidRequestError: .*modelId.*lone-surrogate/s;
  await assert.rejects(llm.invoke(options), refusal);
  assert.throws(() => llm.invokeStream(options), refusal);
});
