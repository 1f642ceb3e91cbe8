// What a client does differently for different models, seen from both ends of the wire.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import {
  BedrockLLM,
  type ConverseRequest,
  type ConverseStreamEvent,
  InvalidRequestError,
  toolUsesOf,
} from "../../src/index.ts";
import { type LocalBedrock, type LocalModel, startLocalBedrock } from "../../src/local/index.ts";
import { testClient } from "../helpers/client.ts";
import {
  answerError,
  answerJson,
  beginStream,
  eventFrame,
  scriptedServer,
  textFrames,
} from "../helpers/scripted-server.ts";

const LLAMA = "us.meta.llama4-maverick-17b-instruct-v1:0";
const OPUS_4_7 = "global.anthropic.claude-opus-4-7";
const PROFILE = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123";
const TOOLS = [{ name: "get_weather", parameters: { type: "object" } }] as const;

/** The last request as it arrived. */
function sentBy(local: LocalBedrock): Partial<ConverseRequest> {
  return local.requests.at(-1)?.body as Partial<ConverseRequest>;
}

async function collect(events: AsyncIterable<ConverseStreamEvent>): Promise<ConverseStreamEvent[]> {
  const collected: ConverseStreamEvent[] = [];
  for await (const event of events) collected.push(event);
  return collected;
}

describe("a model that cannot stream tools", () => {
  const call = { toolUseId: "call_1", name: "get_weather", input: { city: "Oslo" } };
  const model: LocalModel = () => [{ text: "Looking." }, { toolUse: call }];

  test("is asked for a whole answer, which comes in the events of a stream", async (context) => {
    const local = await startLocalBedrock({ model });
    context.after(() => local.close());
    const llm = testClient(context, local.url, { modelId: LLAMA });
    const stream = llm.invokeStream({ messages: "Weather?", tools: TOOLS });
    const events = await collect(stream);
    const kinds = events.map((event) => Object.keys(event)[0]);
    assert.deepEqual(kinds, [
      "messageStart",
      "contentBlockDelta",
      "contentBlockStop",
      "contentBlockStart",
      "contentBlockDelta",
      "contentBlockStop",
      "messageStop",
      "metadata",
    ]);
    const response = await stream.response();
    assert.deepEqual(toolUsesOf(response), [call]);
    assert.equal(response.stopReason, "tool_use");
    assert.deepEqual(
      local.requests.map(({ operation }) => operation),
      ["converse"],
    );
  });

  test("streams when there are no tools", async (context) => {
    const local = await startLocalBedrock({ model: () => "Hello there." });
    context.after(() => local.close());
    const llm = testClient(context, local.url, { modelId: LLAMA });
    await llm.invokeStream({ messages: "Hi" }).response();
    assert.equal(local.requests[0]?.operation, "converse-stream");
  });

  test("is found out by its refusal when it is not known", async (context) => {
    const server = await scriptedServer(context, ({ path }, response) => {
      if (path.endsWith("converse-stream")) {
        const message = "This model doesn't support tool use in streaming mode.";
        answerError(response, 400, "ValidationException", message);
      } else answerJson(response, "ok");
    });
    const llm = testClient(context, server.url);
    const texts: string[] = [];
    for await (const text of llm.invokeStream({ messages: "Hi", tools: TOOLS }).text()) {
      texts.push(text);
    }
    assert.deepEqual(texts, ["ok"]);
    await llm.invokeStream({ messages: "Hi", tools: TOOLS }).response();
    assert.deepEqual(
      server.requests.map(({ path }) => path.slice(path.lastIndexOf("/") + 1)),
      ["converse-stream", "converse", "converse"],
    );
  });

  test("loses nothing of an answer that no stream has an event for", async (context) => {
    const content = [{ text: "Here" }, { hologram: { depth: 3 } }, { audio: { format: "mp3" } }];
    const server = await scriptedServer(context, (_, response) => {
      const message = { role: "assistant", content };
      answerJson(response, "", { output: { message } });
    });
    const llm = testClient(context, server.url, { modelId: LLAMA });
    const stream = llm.invokeStream({ messages: "Hi", tools: TOOLS });
    const events = await collect(stream);
    assert.equal(events.filter((event) => event.contentBlockStop !== undefined).length, 3);
    assert.deepEqual((await stream.response()).output.message.content, content);
  });

  test("ends in a StreamError, before any event, when a block has no shape", async (context) => {
    const server = await scriptedServer(context, (_, response) => {
      const message = { role: "assistant", content: [{ text: "Here" }, { toolResult: {} }] };
      answerJson(response, "", { output: { message } });
    });
    const llm = testClient(context, server.url, { modelId: LLAMA });
    const stream = llm.invokeStream({ messages: "Hi", tools: TOOLS });
    await assert.rejects(collect(stream), {
      name: "StreamError",
      reason: "protocol",
      attempts: 1,
      status: 200,
      requestId: "request-1",
    });
  });

  test("can be aborted while the whole answer is waited for", async (context) => {
    const server = await scriptedServer(context, () => {});
    const llm = testClient(context, server.url, { modelId: LLAMA });
    const stream = llm.invokeStream({ messages: "Hi", tools: TOOLS });
    const read = collect(stream);
    setImmediate(() => stream.abort());
    await assert.rejects(read, { name: "AbortError" });
  });
});

describe("a tool name that Bedrock does not take", () => {
  const name = "weather.service/get current weather";
  const tools = [{ name, parameters: { type: "object" } }];

  test("comes back as the caller wrote it, whole or streamed", async (context) => {
    const model: LocalModel = ({ toolConfig }) => [
      {
        toolUse: {
          toolUseId: "call_1",
          name: toolConfig?.tools[0]?.toolSpec?.name ?? "",
          input: {},
        },
      },
    ];
    const local = await startLocalBedrock({ model });
    context.after(() => local.close());
    const llm = testClient(context, local.url);
    const whole = await llm.invoke({ messages: "Weather?", tools });
    assert.equal(toolUsesOf(whole)[0]?.name, name);
    const stream = llm.invokeStream({ messages: "Weather?", tools });
    const events = await collect(stream);
    const started = events.find((event) => event.contentBlockStart !== undefined);
    assert.equal(started?.contentBlockStart?.start.toolUse?.name, name);
    assert.equal(toolUsesOf(await stream.response())[0]?.name, name);
    assert.match(
      JSON.stringify(local.requests[0]?.body),
      /"name":"weather_service_get_current_weather_[0-9a-f]{8}"/,
    );
  });

  test("is the same in the tools, the choice and the history", async (context) => {
    const local = await startLocalBedrock({ model: () => "ok" });
    context.after(() => local.close());
    const llm = testClient(context, local.url);
    await llm.invoke({
      tools,
      toolChoice: { type: "tool", name },
      messages: [
        { role: "user", content: "q" },
        { role: "assistant", content: { toolUse: { toolUseId: "1", name, input: {} } } },
        { role: "user", content: { toolResult: { toolUseId: "1", content: "x" } } },
      ],
    });
    const sent = JSON.stringify(local.requests[0]?.body);
    const names = [...sent.matchAll(/weather_service[^"]*/g)].map(([found]) => found);
    assert.equal(names.length, 3);
    assert.equal(new Set(names).size, 1);
  });

  test("of two that differ only in what is replaced, both stay", async (context) => {
    const local = await startLocalBedrock({ model: () => "ok" });
    context.after(() => local.close());
    const llm = testClient(context, local.url);
    const two = ["a.b", "a/b"].map((other) => ({ name: other, parameters: { type: "object" } }));
    await llm.invoke({ messages: "hi", tools: two });
    assert.equal(local.requests.length, 1);
  });
});

test("blocks without shape are handed on as they came", async (context) => {
  const odd = [
    null,
    "text",
    { toolUse: null },
    { toolUse: "x" },
    { reasoningContent: { reasoningText: { text: "a", signature: 5 } } },
    { reasoningContent: { redactedContent: 5 } },
    { reasoningContent: 7 },
  ];
  const server = await scriptedServer(context, (_, response) => {
    answerJson(response, "", { output: { message: { role: "assistant", content: odd } } });
  });
  const llm = testClient(context, server.url);
  const tools = [{ name: "a.b", parameters: { type: "object" } }];
  const { output } = await llm.invoke({ messages: "hi", tools });
  assert.deepEqual(output.message.content, odd);
});

test("counts that are no object are told as missing", async (context) => {
  const server = await scriptedServer(context, (_, response) =>
    answerJson(response, "ok", { usage: null, metrics: 5 }),
  );
  const { usage, metrics, $metadata } = await testClient(context, server.url).invoke({
    messages: "hi",
  });
  assert.deepEqual(usage, { inputTokens: 0, outputTokens: 0, totalTokens: 0 });
  assert.deepEqual([metrics, $metadata?.usageMissing], [{ latencyMs: 0 }, true]);
});

for (const usage of [null, 5, {}, { inputTokens: "9" }]) {
  test(`a stream that counts ${JSON.stringify(usage)} has counted nothing`, async (context) => {
    const server = await scriptedServer(context, (_, response) => {
      beginStream(response);
      const metadata = eventFrame("metadata", { usage, metrics: { latencyMs: 1 } });
      response.end(Buffer.concat([...textFrames(["a"]).slice(0, -1), metadata]));
    });
    const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
    assert.equal((await stream.response()).$metadata?.usageMissing, true);
  });
}

test("an answer that is nested without end is none", async (context) => {
  const deep = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;
  const server = await scriptedServer(context, (_, response) => {
    response.setHeader("content-type", "application/json");
    response.end(`{"output":{"message":{"content":[${deep}]}},"stopReason":"end_turn"}`);
  });
  await assert.rejects(testClient(context, server.url).invoke({ messages: "hi" }), {
    name: "StreamError",
    reason: "protocol",
  });
});

test("counting stops what asking stops, and asks the model that is stated", async (context) => {
  const server = await scriptedServer(context, (_, response) => {
    response.end('{"inputTokens":7}');
  });
  const llm = testClient(context, server.url, { modelId: PROFILE, baseModelId: "complex" });
  const image = { image: { format: "png", source: { url: "https://a.b" } } };
  const messages = [{ role: "user" as const, content: [image as never] }];
  await assert.rejects(llm.countTokens({ messages }), InvalidRequestError);
  await llm.countTokens({ messages: "hi" });
  assert.equal(server.requests[0]?.path, "/model/anthropic.claude-opus-5/count-tokens");
});

describe("a managed prompt", () => {
  const modelId = "arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1";

  test("goes on with a tool loop, whose tools are the prompt's own", async (context) => {
    const server = await scriptedServer(context, (_, response) => answerJson(response, "ok"));
    const llm = testClient(context, server.url, { modelId });
    await llm.invoke({
      messages: [
        { role: "user", content: "q" },
        { role: "assistant", content: { toolUse: { toolUseId: "1", name: "a", input: {} } } },
        { role: "user", content: { toolResult: { toolUseId: "1", content: "x" } } },
      ],
    });
    const body = JSON.parse(server.requests[0]?.body ?? "");
    assert.deepEqual(Object.keys(body), ["messages"]);
  });

  test("may be followed by the assistant's words, for it speaks before them", async (context) => {
    const server = await scriptedServer(context, (_, response) => answerJson(response, "ok"));
    const llm = testClient(context, server.url, { modelId });
    const messages = [
      { role: "assistant" as const, content: "Hello." },
      { role: "user" as const, content: "Hi." },
    ];
    await llm.invoke({ messages });
    assert.equal(JSON.parse(server.requests[0]?.body ?? "").messages[0].role, "assistant");
  });
});

test("an error about what was passed does not repeat it", () => {
  const llm = new BedrockLLM({ modelId: "us.test.model-v1:0" });
  const requestMetadata = { user: "canary@é.example" };
  assert.throws(
    () => llm.invokeStream({ messages: "hi", requestMetadata }),
    (error) => error instanceof InvalidRequestError && !inspect(error).includes("canary"),
  );
});

test("a name the model made up comes back as it is, and can be sent back", async (context) => {
  const server = await scriptedServer(context, ({ path }, response) => {
    if (!path.endsWith("stream")) return answerJson(response, "ok");
    beginStream(response);
    const start = { toolUse: { toolUseId: "call_1", name: "$READFILE" } };
    response.write(eventFrame("messageStart", { role: "assistant" }));
    response.write(eventFrame("contentBlockStart", { contentBlockIndex: 0, start }));
    response.write(eventFrame("contentBlockStop", { contentBlockIndex: 0 }));
    response.end(eventFrame("messageStop", { stopReason: "tool_use" }));
  });
  const llm = testClient(context, server.url);
  const answer = await llm.invokeStream({ messages: "hi", tools: TOOLS }).response();
  assert.equal(toolUsesOf(answer)[0]?.name, "$READFILE");
  await llm.invoke({
    tools: TOOLS,
    messages: [
      { role: "user", content: "hi" },
      answer.output.message,
      { role: "user", content: { toolResult: { toolUseId: "call_1", content: "no such tool" } } },
    ],
  });
  assert.match(server.requests[1]?.body ?? "", /"name":"_READFILE_[0-9a-f]{8}"/);
});

describe("the model behind an id that hides it", () => {
  test("can be stated for a call", async (context) => {
    const server = await scriptedServer(context, (_, response) => answerJson(response, "ok"));
    const llm = testClient(context, server.url);
    const options = { modelId: PROFILE, messages: "hi", temperature: 0 };
    await llm.invoke(options);
    await llm.invoke({ ...options, baseModelId: "anthropic.claude-opus-4-7" });
    const sent = server.requests.map(({ body }) => body.includes("temperature"));
    assert.deepEqual(sent, [true, false]);
    assert.match(server.requests[1]?.path ?? "", /application-inference-profile%2Fabc123/);
  });

  test("can be stated for the client's own model, and for no other", async (context) => {
    const server = await scriptedServer(context, (_, response) => answerJson(response, "ok"));
    const llm = testClient(context, server.url, { modelId: PROFILE, baseModelId: "complex" });
    await llm.invoke({ messages: "hi", temperature: 0 });
    await llm.invoke({ modelId: "test.other", messages: "hi", temperature: 0 });
    const sent = server.requests.map(({ body }) => body.includes("temperature"));
    assert.deepEqual(sent, [false, true]);
  });
});

describe("what Bedrock would refuse", () => {
  const document = (name: string) => ({
    document: { format: "pdf" as const, name, source: { bytes: Uint8Array.of(1) } },
  });
  const sixDocuments = {
    messages: [{ role: "user" as const, content: ["Read:", ..."abcdef".split("").map(document)] }],
  };

  test("is stopped before it is sent, with the place and the rule", async (context) => {
    const server = await scriptedServer(context, (_, response) => answerJson(response, "ok"));
    const llm = testClient(context, server.url);
    await assert.rejects(llm.invoke(sixDocuments), (error) => {
      assert.ok(error instanceof InvalidRequestError && error instanceof TypeError);
      assert.deepEqual(
        error.issues.map(({ path, rule }) => [path, rule]),
        [["messages.0.content.6", "documents-too-many"]],
      );
      assert.match(error.message, /^invoke: Bedrock would refuse this request\. messages\.0/);
      return true;
    });
    assert.throws(() => llm.invokeStream(sixDocuments), InvalidRequestError);
    assert.equal(server.connections.length, 0);
  });

  test("is sent when the caller wants Bedrock to judge", async (context) => {
    const server = await scriptedServer(context, (_, response) => answerJson(response, "ok"));
    const llm = testClient(context, server.url, { checkRequests: false });
    await llm.invoke(sixDocuments);
    assert.equal(server.requests.length, 1);
  });

  test("a value newer than the rules is sent", async (context) => {
    const server = await scriptedServer(context, (_, response) => answerJson(response, "ok"));
    const llm = testClient(context, server.url);
    await llm.invoke({ messages: "hi", serviceTier: { type: "turbo" } });
    assert.equal(server.requests.length, 1);
  });

  test("a conversation that ends with the assistant is not continued by newer models", async (context) => {
    const server = await scriptedServer(context, (_, response) => answerJson(response, "ok"));
    const llm = testClient(context, server.url, { modelId: OPUS_4_7 });
    const messages = [
      { role: "user" as const, content: "Tell me" },
      { role: "assistant" as const, content: "Once upon" },
    ];
    await assert.rejects(llm.invoke({ messages }), {
      name: "InvalidRequestError",
      message: /\(prefill-refused\)/,
    });
    await llm.invoke({ modelId: "us.test.model-v1:0", messages });
    assert.equal(server.requests.length, 1);
  });
});

describe("what is told of a request", () => {
  const llm = (): BedrockLLM => new BedrockLLM({ modelId: "us.test.model-v1:0" });

  test("counts in the messages that the caller passed", () => {
    const broken = { image: { format: "png", source: { url: "https://a.b" } } };
    const { issues, changes } = llm().explainRequest({
      messages: [
        { role: "user", content: "a" },
        { role: "user", content: "b" },
        { role: "assistant", content: "c" },
        { role: "user", content: ["", broken as never] },
      ],
    });
    assert.deepEqual(
      issues.map(({ path, rule }) => [path, rule]),
      [["messages.3.content.1.image.source", "empty-union"]],
    );
    assert.deepEqual(
      changes.map(({ path }) => path),
      ["messages.1.content.0", "messages.3.content.0.text"],
    );
  });

  test("is every change: of tools, choices, instructions and guardrails too", () => {
    const parameters = { type: "object" };
    const { changes, request } = llm().explainRequest({
      systemPrompt: ["Be brief.", " "],
      messages: [
        { role: "system", content: "Speak Latin." },
        { role: "user", content: "Hello" },
      ],
      tools: [{ name: "a.b", description: "", parameters }],
      toolChoice: "none",
      guardrailConfig: {
        guardrailIdentifier: "g",
        guardrailVersion: "1",
        streamProcessingMode: "async",
      },
    });
    assert.deepEqual(
      changes.map(({ path, rule, kind }) => `${kind} ${path}: ${rule}`),
      [
        "repair messages.0.content.0: system-placement",
        "repair toolConfig.tools.0.toolSpec.name: text-pattern",
        "repair toolConfig.tools.0.toolSpec.description: text-length",
        "repair system.1: text-blank",
        "repair toolConfig.toolChoice: tool-choice-refused",
        "repair guardrailConfig.streamProcessingMode: parameter-refused",
      ],
    );
    assert.deepEqual(
      request.system?.map(({ text }) => text),
      ["Be brief.", "Speak Latin.", "Do not call any tool in this answer; answer in text."],
    );
  });

  test("is that tools of the history are declared", () => {
    const call = { toolUse: { toolUseId: "1", name: "a", input: {} } };
    const { changes } = llm().explainRequest({
      messages: [
        { role: "user", content: "q" },
        { role: "assistant", content: call },
        { role: "user", content: { toolResult: { toolUseId: "1", content: "x" } } },
      ],
    });
    assert.deepEqual(
      changes.map(({ rule }) => rule),
      ["tool-config-missing"],
    );
  });
});

describe("reasoning", () => {
  const thought = (signature?: string) => ({
    reasoningContent: {
      reasoningText: { text: " hm \n", ...(signature === undefined ? {} : { signature }) },
    },
  });
  const call = { toolUse: { toolUseId: "call_1", name: "get_weather", input: {} } };
  const result = { toolResult: { toolUseId: "call_1", content: [{ text: "sunny" }] } };

  test("goes back byte for byte in a tool loop with the model it is of", async (context) => {
    const local = await startLocalBedrock({
      model: ({ messages = [] }) => (messages.length > 1 ? "ok" : [thought("sig+/="), call]),
    });
    context.after(() => local.close());
    const llm = testClient(context, local.url, { modelId: OPUS_4_7 });
    const asked = { role: "user" as const, content: "Weather?" };
    for (const answer of [
      await llm.invoke({ messages: [asked], tools: TOOLS }),
      await llm.invokeStream({ messages: [asked], tools: TOOLS }).response(),
    ]) {
      const messages = [asked, answer.output.message, { role: "user" as const, content: [result] }];
      const next = await llm.invoke({ messages, tools: TOOLS });
      assert.equal(next.$metadata?.warnings, undefined);
      assert.deepEqual(sentBy(local).messages?.[1]?.content, [thought("sig+/="), call]);
    }
  });

  test("of another model or without a signature is left out, with a warning", async (context) => {
    const local = await startLocalBedrock({
      model: ({ messages = [] }) => (messages.length > 1 ? "ok" : [thought("of 4.7"), call]),
    });
    context.after(() => local.close());
    const llm = testClient(context, local.url, { modelId: OPUS_4_7 });
    const asked = { role: "user" as const, content: "Weather?" };
    const answer = await llm.invoke({ messages: [asked], tools: TOOLS });
    const messages = [
      asked,
      {
        role: "assistant" as const,
        content: [thought(), ...answer.output.message.content],
      },
      { role: "user" as const, content: [result] },
    ];
    // Kept as JSON, as base64 even, it is known all the same.
    for (const [modelId, kept] of [
      ["us.anthropic.claude-opus-4-7", 1],
      ["us.anthropic.claude-opus-5", 0],
    ] as const) {
      const next = await llm.invoke({ modelId, messages, tools: TOOLS });
      assert.deepEqual(
        next.$metadata?.warnings?.map(({ message }) => message),
        [
          "Reasoning was left out: it has no signature.",
          "Reasoning was left out: it is another model's.",
        ].slice(0, 2 - kept),
      );
      const sent = sentBy(local).messages?.[1]?.content ?? [];
      assert.equal(sent.length, kept + 1);
    }
  });

  test("that was kept as JSON is known for another model's all the same", async (context) => {
    const redacted = { reasoningContent: { redactedContent: Uint8Array.of(1, 2, 3) } };
    const local = await startLocalBedrock({ model: () => [redacted, { text: "ok" }] });
    context.after(() => local.close());
    const llm = testClient(context, local.url, { modelId: OPUS_4_7 });
    const asked = { role: "user" as const, content: "q" };
    const answer = await llm.invoke({ messages: [asked] });
    const asBase64 = { reasoningContent: { redactedContent: "AQID" } };
    for (const message of [
      answer.output.message,
      JSON.parse(JSON.stringify(answer.output.message)),
      { role: "assistant", content: [asBase64, { text: "ok" }] },
    ]) {
      const { changes } = llm.explainRequest({
        modelId: "global.anthropic.claude-opus-5",
        messages: [asked, message, { role: "user", content: "and?" }],
      });
      assert.equal(changes.at(-1)?.message, "Reasoning was left out: it is another model's.");
    }
  });
});
