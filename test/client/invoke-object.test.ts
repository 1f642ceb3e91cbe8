// `invokeObject` through the embedded endpoint: how each kind of model is asked, what counts as an answer,
// and what becomes of one that does not fit.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";
import type { InvokeObjectOptions } from "../../src/client/object/object-options.ts";
import type { BedrockLLM } from "../../src/index.ts";
import { ADA, call, FORCED, NATIVE, PERSON, playModel, systemOf, UNFORCED } from "./objects.ts";

const MESSAGES = "Who wrote the first program, and how old did she get?";

describe("the way a model is asked", () => {
  test("native, where the model can be held to a schema", async (context) => {
    const { llm, asked } = await playModel(context, [JSON.stringify(ADA)], { modelId: NATIVE });
    const { object, response, usage } = await llm.invokeObject({
      messages: MESSAGES,
      schema: PERSON,
    });
    assert.deepEqual(object, ADA);
    assert.equal(response.stopReason, "end_turn");
    assert.deepEqual(usage, response.usage);
    const format = asked[0]?.outputConfig?.textFormat?.structure.jsonSchema;
    assert.deepEqual(JSON.parse(format?.schema ?? ""), { ...PERSON, additionalProperties: false });
    assert.equal(asked[0]?.toolConfig, undefined);
    assert.equal(asked[0]?.operation, "converse-stream");
  });

  for (const modelId of [FORCED, "us.amazon.nova-lite-v1:0", "test.unknown-v1:0"]) {
    test(`a forced tool for ${modelId}`, async (context) => {
      const { llm, asked } = await playModel(context, [call(ADA)], { modelId });
      const { object } = await llm.invokeObject({ messages: MESSAGES, schema: PERSON });
      assert.deepEqual(object, ADA);
      const { tools = [], toolChoice } = asked[0]?.toolConfig ?? {};
      assert.deepEqual(toolChoice, { tool: { name: "answer" } });
      assert.deepEqual(
        tools.map(({ toolSpec }) => toolSpec?.inputSchema.json),
        [PERSON],
      );
      assert.equal(asked[0]?.system, undefined);
    });
  }

  test("any of one tool, where none can be named", async (context) => {
    const modelId = "mistral.mistral-large-3-675b-instruct";
    const { llm, asked } = await playModel(context, [call(ADA)], { modelId });
    const { response } = await llm.invokeObject({ messages: MESSAGES, schema: PERSON });
    assert.deepEqual(asked[0]?.toolConfig?.toolChoice, { any: {} });
    assert.equal(response.$metadata?.warnings, undefined);
  });

  test("a tool and a word, where a call cannot be forced", async (context) => {
    const { llm, asked } = await playModel(context, [call(ADA)], { modelId: UNFORCED });
    const systemPrompt = "You are a historian.";
    const asking = { messages: MESSAGES, schema: PERSON, systemPrompt };
    const { object, response } = await llm.invokeObject(asking);
    assert.deepEqual(object, ADA);
    assert.equal(asked[0]?.toolConfig?.toolChoice, undefined);
    assert.match(systemOf(asked[0]), /^You are a historian\.\n.*calling the tool answer/);
    assert.equal(response.$metadata?.warnings, undefined);
  });

  test("a model that thinks is not forced where it cannot do both, and goes on thinking", async (context) => {
    const { llm, asked } = await playModel(context, [call(ADA)], { modelId: NATIVE });
    const thinking = { type: "enabled", budget_tokens: 1024 };
    const asking = { messages: MESSAGES, schema: PERSON, mode: "tool" } as const;
    await llm.invokeObject({ ...asking, additionalModelRequestFields: { thinking } });
    assert.equal(asked[0]?.toolConfig?.toolChoice, undefined);
    assert.deepEqual(asked[0]?.additionalModelRequestFields, { thinking });
    await llm.invokeObject(asking);
    assert.deepEqual(asked[1]?.toolConfig?.toolChoice, { tool: { name: "answer" } });
  });

  test("a tool, where the schema is none that a model can be held to", async (context) => {
    const { llm, asked } = await playModel(context, [call({ a: 1 })], { modelId: NATIVE });
    const schema = { type: "object", additionalProperties: { type: "number" } } as const;
    const { object } = await llm.invokeObject({ messages: MESSAGES, schema });
    assert.deepEqual(object, { a: 1 });
    assert.equal(asked[0]?.outputConfig, undefined);
    assert.deepEqual(asked[0]?.toolConfig?.toolChoice, { tool: { name: "answer" } });
  });

  test("a tool, where the answer is to cite documents", async (context) => {
    const { llm, asked } = await playModel(context, [call(ADA)], { modelId: NATIVE });
    const document = {
      name: "Notes",
      format: "txt",
      source: { text: "Ada wrote the first program." },
      citations: { enabled: true },
    } as const;
    const messages = [{ role: "user", content: [{ document }, MESSAGES] }] as const;
    assert.deepEqual((await llm.invokeObject({ messages, schema: PERSON })).object, ADA);
    assert.equal(asked[0]?.outputConfig, undefined);
    assert.deepEqual(asked[0]?.toolConfig?.toolChoice, { tool: { name: "answer" } });
  });

  test("words alone, where they are asked for", async (context) => {
    const reply = `Here it is:\n\`\`\`json\n${JSON.stringify(ADA, null, 2)}\n\`\`\`\n`;
    const { llm, asked } = await playModel(context, [reply], { modelId: FORCED });
    const asking = { messages: MESSAGES, schema: PERSON, mode: "prompt" } as const;
    const { object } = await llm.invokeObject(asking);
    assert.deepEqual(object, ADA);
    assert.equal(asked[0]?.toolConfig, undefined);
    assert.ok(systemOf(asked[0]).endsWith(JSON.stringify(PERSON)));
  });

  test("native, where it is asked for, comes to words for a model that has it not", async (context) => {
    const { llm, asked } = await playModel(context, [JSON.stringify(ADA)], { modelId: FORCED });
    const asking = { messages: MESSAGES, schema: PERSON, mode: "native" } as const;
    assert.deepEqual((await llm.invokeObject(asking)).object, ADA);
    assert.equal(asked[0]?.outputConfig, undefined);
    assert.ok(systemOf(asked[0]).endsWith(JSON.stringify(PERSON)));
  });

  test("effort goes with each of them", async (context) => {
    const replies = [JSON.stringify(ADA), call(ADA)];
    const { llm, asked } = await playModel(context, replies);
    for (const modelId of ["us.anthropic.claude-opus-4-5-20251101-v1:0", FORCED]) {
      const outputConfig = { effort: "low" };
      await llm.invokeObject({ modelId, messages: MESSAGES, schema: PERSON, outputConfig });
    }
    assert.deepEqual(
      asked.map(({ outputConfig }) => outputConfig?.effort),
      ["low", "low"],
    );
    assert.ok(asked[0]?.outputConfig?.textFormat);
  });

  test("the caller's own tools keep their names and are not called", async (context) => {
    const tools = [
      { name: "answer", inputSchema: { type: "object" } },
      { toolSpec: { name: "answer_2", inputSchema: { json: { type: "object" } } } },
    ];
    const { llm, asked } = await playModel(context, [call(ADA), JSON.stringify(ADA)]);
    const asking = { messages: MESSAGES, schema: PERSON, tools };
    await llm.invokeObject({ ...asking, modelId: FORCED });
    const offered = asked[0]?.toolConfig?.tools.map(({ toolSpec }) => toolSpec?.name);
    assert.deepEqual(offered, ["answer", "answer_2", "answer_3"]);
    assert.deepEqual(asked[0]?.toolConfig?.toolChoice, { tool: { name: "answer_3" } });
    await llm.invokeObject({ ...asking, modelId: NATIVE });
    assert.equal(asked[1]?.toolConfig?.tools.length, 2);
    assert.match(systemOf(asked[1]), /Do not call any tool/);
  });
});

describe("the schema", () => {
  const schemas = {
    zod: z.object({ name: z.string(), age: z.number().int() }),
    valibot: v.object({ name: v.string(), age: v.pipe(v.number(), v.integer()) }),
    arktype: type({ name: "string", age: "number.integer" }),
    "JSON Schema": PERSON,
  } as const;
  for (const [library, schema] of Object.entries(schemas)) {
    test(`may be of ${library}`, async (context) => {
      const { llm, asked } = await playModel(context, [call(ADA)], { modelId: FORCED });
      const { object } = await llm.invokeObject({ messages: MESSAGES, schema });
      assert.deepEqual(object, ADA);
      const json = asked[0]?.toolConfig?.tools[0]?.toolSpec?.inputSchema.json;
      assert.deepEqual(Object.keys((json as { properties: object }).properties).sort(), [
        "age",
        "name",
      ]);
    });
  }

  test("gives the object its type, and transforms it", async (context) => {
    const { llm } = await playModel(context, [call({ born: "1815-12-10" })], { modelId: FORCED });
    const schema = z.object({ born: z.string().transform((text) => Number(text.slice(0, 4))) });
    const { object } = await llm.invokeObject({ messages: MESSAGES, schema });
    const born: number = object.born;
    assert.equal(born, 1815);
    const other = await playModel(context, [call(ADA)], { modelId: FORCED });
    const { object: person } = await other.llm.invokeObject({ messages: MESSAGES, schema: PERSON });
    const name: string = person.name;
    assert.equal(name, "Ada");
  });

  test("of a list is wrapped for the model, and its value unwrapped", async (context) => {
    const people = [ADA, { name: "Grace", age: 85 }];
    const schema = z.array(z.object({ name: z.string(), age: z.number() }));
    const steps = [call({ value: people }), JSON.stringify({ value: people })];
    const { llm, asked } = await playModel(context, steps);
    for (const modelId of [FORCED, NATIVE]) {
      const { object } = await llm.invokeObject({ modelId, messages: MESSAGES, schema });
      assert.deepEqual(object, people);
    }
    const json = asked[0]?.toolConfig?.tools[0]?.toolSpec?.inputSchema.json;
    const wrapped = json as { required: string[]; properties: { value: { type: string } } };
    assert.deepEqual(wrapped.required, ["value"]);
    assert.equal(wrapped.properties.value.type, "array");
  });

  test("of a text or of a union is wrapped as well; a bare answer is taken at its word", async (context) => {
    const { llm } = await playModel(context, [call({ value: "blue" }), '["a"]', "7"]);
    const colour = { type: "string", enum: ["red", "blue"] } as const;
    const asking = { modelId: FORCED, messages: MESSAGES };
    assert.equal((await llm.invokeObject({ ...asking, schema: colour })).object, "blue");
    const words = { ...asking, mode: "prompt" } as const;
    const list = await llm.invokeObject({ ...words, schema: z.array(z.string()) });
    assert.deepEqual(list.object, ["a"]);
    const either = z.union([z.string(), z.number()]);
    assert.equal((await llm.invokeObject({ ...words, schema: either })).object, 7);
  });
});

describe("an answer that does not fit", () => {
  test("is asked for once more, as the result of its call", async (context) => {
    const wrong = { name: "Ada", age: "thirty-six" };
    const { llm, asked } = await playModel(context, [call(wrong), call(ADA)], { modelId: FORCED });
    const strict = z.object({ name: z.string(), age: z.number() });
    const { object, response, usage } = await llm.invokeObject({
      messages: MESSAGES,
      schema: strict,
    });
    assert.deepEqual(object, ADA);
    const [question, answer, repair] = asked[1]?.messages ?? [];
    assert.deepEqual(question, { role: "user", content: [{ text: MESSAGES }] });
    assert.deepEqual(answer?.content[0]?.toolUse?.input, wrong);
    const result = repair?.content[0]?.toolResult;
    assert.equal(result?.status, "error");
    assert.match(result?.content[0]?.text ?? "", /cannot be used[\s\S]*number/);
    assert.deepEqual(asked[1]?.toolConfig, asked[0]?.toolConfig);
    assert.equal(asked.length, 2);
    assert.ok(usage.outputTokens > response.usage.outputTokens);
    assert.ok(usage.inputTokens > response.usage.inputTokens);
  });

  test("is asked for once more in words where it was a text", async (context) => {
    for (const modelId of [NATIVE, UNFORCED]) {
      const steps = ["Ada, at 36.", modelId === NATIVE ? JSON.stringify(ADA) : call(ADA)];
      const { llm, asked } = await playModel(context, steps, { modelId });
      const messages = [{ role: "user", content: MESSAGES }] as const;
      const { object } = await llm.invokeObject({ messages, schema: PERSON });
      assert.deepEqual(object, ADA);
      const [, answer, repair] = asked[1]?.messages ?? [];
      assert.deepEqual(answer?.content, [{ text: "Ada, at 36." }]);
      assert.match(repair?.content[0]?.text ?? "", /holds no JSON/);
      assert.deepEqual(asked[1]?.outputConfig, asked[0]?.outputConfig);
    }
  });

  test("is told with the place within what it was wrapped in", async (context) => {
    const steps = [call({ value: [1, "two"] }), call({ value: [1, 2] })];
    const { llm, asked } = await playModel(context, steps, { modelId: FORCED });
    const { object } = await llm.invokeObject({ messages: "Count", schema: z.array(z.number()) });
    assert.deepEqual(object, [1, 2]);
    const text = asked[1]?.messages?.[2]?.content[0]?.toolResult?.content[0]?.text ?? "";
    assert.match(text, /^- value/m);
  });

  test("is an answer all the same where it is text instead of a call", async (context) => {
    const { llm, asked } = await playModel(context, [JSON.stringify(ADA)], { modelId: UNFORCED });
    const { object } = await llm.invokeObject({ messages: MESSAGES, schema: PERSON });
    assert.deepEqual(object, ADA);
    assert.equal(asked.length, 1);
  });

  test("is not guessed at where there are two", async (context) => {
    const two = `${JSON.stringify(ADA)} or ${JSON.stringify({ name: "Grace", age: 85 })}`;
    const { llm, asked } = await playModel(context, [two, JSON.stringify(ADA)]);
    const asking = { messages: MESSAGES, schema: PERSON, mode: "prompt" } as const;
    assert.deepEqual((await llm.invokeObject(asking)).object, ADA);
    assert.equal(asked.length, 2);
  });

  test("reasoning before it is passed over, and goes back with it", async (context) => {
    const reasoning = { reasoningText: { text: '{"name":"nobody","age":0}', signature: "s" } };
    const wrong = { toolUse: { toolUseId: "t1", name: "answer", input: {} } };
    const first = { content: [{ reasoningContent: reasoning }, wrong], stopReason: "tool_use" };
    const { llm, asked } = await playModel(context, [first, call(ADA)], { modelId: UNFORCED });
    const { object } = await llm.invokeObject({ messages: MESSAGES, schema: PERSON });
    assert.deepEqual(object, ADA);
    assert.deepEqual(asked[1]?.messages?.[1]?.content[0]?.reasoningContent, reasoning);
  });

  test("several calls of it are answered each", async (context) => {
    const calls = ["t1", "t2"].map((toolUseId) => ({
      toolUse: { toolUseId, name: "answer", input: { name: toolUseId } },
    }));
    const { llm, asked } = await playModel(context, [{ content: calls }, call(ADA)], {
      modelId: FORCED,
    });
    await llm.invokeObject({ messages: MESSAGES, schema: PERSON });
    const results = asked[1]?.messages?.[2]?.content.map(({ toolResult }) => toolResult);
    assert.deepEqual(
      results?.map((result) => [result?.toolUseId, result?.status]),
      [
        ["t1", "error"],
        ["t2", "error"],
      ],
    );
  });
});

describe("options that are wrong", () => {
  const rejected = async (llm: BedrockLLM, more: object, message: RegExp): Promise<void> => {
    const asking = { messages: "hi", schema: PERSON, ...more } as InvokeObjectOptions;
    const asked = llm.invokeObject(asking);
    await assert.rejects(async () => await asked, { name: "TypeError", message });
    const read = async (): Promise<void> => {
      for await (const _ of llm.invokeObject(asking).stream);
    };
    await assert.rejects(read, { name: "TypeError", message });
  };

  test("are a rejection that names them, before anything is sent", async (context) => {
    const { llm, asked } = await playModel(context, [call(ADA)]);
    await rejected(llm, { shema: 1 }, /^invokeObject: “shema” is not a known option.*“schema”/);
    await rejected(llm, { response_format: 1 }, /Did you mean “schema”/);
    await rejected(llm, { schema: undefined }, /^invokeObject: schema/);
    await rejected(llm, { schema: "name" }, /^invokeObject: schema/);
    await rejected(llm, { toolChoice: "auto" }, /^invokeObject: toolChoice cannot be given/);
    const outputConfig = { textFormat: { type: "json_schema" } };
    await rejected(llm, { outputConfig }, /^invokeObject: outputConfig\.textFormat cannot/);
    await rejected(llm, { mode: "json" }, /^invokeObject: mode must be one of auto, native/);
    await rejected(llm, { repairTurns: 2 }, /^invokeObject: repairTurns must be a whole number/);
    await rejected(llm, { maxTokens: 0 }, /maxTokens must be/);
    await rejected(llm, { tools: "all" }, /tools must be a list/);
    await rejected(llm, { systemPrompt: 7, mode: "prompt" }, /systemPrompt must be/);
    await rejected(llm, { messages: [] }, /messages holds nothing to send/);
    await rejected(llm, { signal: 1 }, /signal must be an AbortSignal/);
    await rejected(llm, { retry: { attempts: 1 } }, /retry/);
    await rejected(llm, { timeouts: { responseMs: -1 } }, /timeouts\.responseMs/);
    const messages = ["user", "assistant"].map((role) => ({ role, content: "hi" }));
    await assert.rejects(
      async () => await llm.invokeObject({ modelId: FORCED, messages, schema: PERSON }),
      { name: "InvalidRequestError", message: /^invokeObject: Bedrock would refuse/ },
    );
    await assert.rejects(async () => await llm.invokeObject(undefined as never), TypeError);
    await llm.close();
    await rejected(llm, {}, /This client was closed/);
    assert.equal(asked.length, 0);
  });
});
