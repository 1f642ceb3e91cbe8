// Edges 13 to 16 and 22 to 24: names, ids and choices that models refuse. See docs/sharp-edges.md.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ConverseStreamEvent, toolUsesOf } from "../../src/index.ts";
import type { LocalModel } from "../../src/local/index.ts";
import { testClient } from "../helpers/client.ts";
import { answerError, answerJson, scriptedServer } from "../helpers/scripted-server.ts";
import {
  assistant,
  callOf,
  LLAMA_4,
  MISTRAL,
  NOVA_PRO,
  OPUS_4_6,
  OPUS_5,
  OPUS_5_5,
  resultOf,
  rulesOf,
  SONNET_4_5,
  startAsking,
  user,
  WEATHER,
} from "./asking.ts";

/** Calls the first tool it is offered by the name it is offered under, then says “ok”. */
const callsFirstTool: LocalModel = ({ messages = [], toolConfig }) =>
  messages.length > 1 ? "ok" : callOf("call_1", toolConfig?.tools[0]?.toolSpec?.name ?? "");

describe("tool names", () => {
  test("edge 13: a name of an MCP server is sent in a legal form, everywhere the same, and comes back as it was", async (context) => {
    const { ask, local } = await startAsking(context, {
      modelId: SONNET_4_5,
      model: callsFirstTool,
    });
    const name = `weather.service/${"forecasts_".repeat(9)}for a city`;
    assert.ok(name.length > 100);
    const tools = [{ ...WEATHER, name }];
    const { response } = await ask({ messages: "Weather?", tools, toolChoice: { tool: { name } } });
    assert.deepEqual(toolUsesOf(response), [callOf("call_1", name).toolUse]);
    await ask({
      tools,
      messages: [user("Weather?"), response.output.message, user(resultOf("call_1", "sunny"))],
    });
    const sent = JSON.stringify(local.requests.map(({ body }) => body));
    const names = [...sent.matchAll(/"name":"([^"]*)"/g)].map(([, found]) => found ?? "");
    assert.equal(names.length, 4, "in two lists of tools, one choice and one call");
    assert.equal(new Set(names).size, 1);
    assert.match(names[0] ?? "", /^[a-zA-Z0-9_-]{1,64}$/);
  });

  test("edge 14: Nova is offered names without hyphens, and calls come back with them", async (context) => {
    const { ask } = await startAsking(context, { modelId: NOVA_PRO, model: callsFirstTool });
    const tools = [{ ...WEATHER, name: "get-weather" }];
    const { sent, response } = await ask({ messages: "Weather?", tools });
    assert.match(sent.toolConfig?.tools[0]?.toolSpec?.name ?? "", /^get_weather_[0-9a-f]{8}$/);
    assert.equal(toolUsesOf(response)[0]?.name, "get-weather");
    const claude = await ask({ modelId: SONNET_4_5, messages: "Weather?", tools });
    assert.equal(claude.sent.toolConfig?.tools[0]?.toolSpec?.name, "get-weather");
  });

  test("edge 14: a call that Nova itself spoilt is asked for again; another failure is not", async (context) => {
    const spoilt = "Model produced invalid sequence as part of ToolUse.";
    const server = await scriptedServer(context, ({ body }, response, index) => {
      const isSpoilt = body.includes("Weather?");
      if (isSpoilt && index > 0) return answerJson(response, "sunny");
      answerError(response, 424, "ModelErrorException", isSpoilt ? spoilt : "It failed.");
    });
    const llm = testClient(context, server.url, { modelId: NOVA_PRO });
    const answer = await llm.invoke({ messages: "Weather?", tools: [WEATHER] });
    assert.equal(answer.$metadata?.attempts, 2);
    await assert.rejects(llm.invoke({ messages: "Hello" }), {
      code: "ModelErrorException",
      attempts: 1,
    });
  });

  test("edge 15: a name the model made up comes as it is and is answered in every later turn", async (context) => {
    const names = ["$READFILE", "<|channel|>commentary", "x".repeat(80)];
    const calls = names.map((name, index) => callOf(`call_${index}`, name));
    const server = await scriptedServer(context, (_, response, index) => {
      const message = { role: "assistant", content: calls };
      if (index > 0) answerJson(response, "ok");
      else answerJson(response, "", { output: { message }, stopReason: "tool_use" });
    });
    const first = testClient(context, server.url, { modelId: SONNET_4_5 });
    const answer = await first.invoke({ messages: "Read it.", tools: [WEATHER] });
    assert.deepEqual(
      toolUsesOf(answer).map(({ name }) => name),
      names,
    );
    const unknown = toolUsesOf(answer).map(({ toolUseId }) => ({
      toolResult: { toolUseId, content: "There is no such tool.", status: "error" },
    }));
    const messages = [user("Read it."), answer.output.message, user(...unknown)];
    const { ask } = await startAsking(context, { modelId: SONNET_4_5 });
    const { sent } = await ask({ messages, tools: [WEATHER] });
    for (const { toolUse } of sent.messages[1]?.content ?? []) {
      assert.match(toolUse?.name ?? "", /^[a-zA-Z0-9_-]{1,64}$/);
    }
    assert.equal(sent.messages[2]?.content.length, 3);
  });

  test("edge 16: ids of other providers are replaced in a call and its result alike", async (context) => {
    const { ask } = await startAsking(context);
    const ids = ["functions.get_weather:0", "call_Ab|fc_12", "x".repeat(80), "fine_id-1"];
    const messages = [
      user("Weather?"),
      assistant(...ids.map((id) => callOf(id))),
      user(...ids.map((id) => resultOf(id, "sunny"))),
    ];
    for (const [modelId, form] of [
      [SONNET_4_5, /^[a-zA-Z0-9_-]{1,64}$/],
      [MISTRAL, /^[a-zA-Z0-9]{9}$/],
    ] as const) {
      const { sent } = await ask({ modelId, messages, tools: [WEATHER] });
      const called = sent.messages[1]?.content.map(({ toolUse }) => toolUse?.toolUseId);
      const answered = sent.messages[2]?.content.map(({ toolResult }) => toolResult?.toolUseId);
      assert.deepEqual(answered, called);
      assert.equal(new Set(called).size, ids.length);
      for (const id of called ?? []) assert.match(id ?? "", form);
      const again = await ask({ modelId, messages, tools: [WEATHER] });
      assert.deepEqual(again.sent, { ...sent });
    }
  });
});

describe("a choice that cannot be had", () => {
  const tools = [WEATHER];

  test("edge 22: “none” is said in the instructions, with the tools still there", async (context) => {
    const { ask } = await startAsking(context, { modelId: SONNET_4_5 });
    const { sent } = await ask({ messages: "Sum it up.", tools, toolChoice: "none" });
    assert.equal(sent.toolConfig?.tools.length, 1);
    assert.equal(sent.toolConfig?.toolChoice, undefined);
    assert.match(sent.system?.at(-1)?.text ?? "", /Do not call any tool/);
  });

  test("edge 22: a model that cannot be forced is told to call, and its caller is warned", async (context) => {
    const { ask } = await startAsking(context, { modelId: OPUS_5_5 });
    const toolChoice = { tool: { name: "get_weather" } };
    const { sent, warnings } = await ask({ messages: "Weather?", tools, toolChoice });
    assert.equal(sent.toolConfig?.toolChoice, undefined);
    assert.match(sent.system?.at(-1)?.text ?? "", /Call the tool get_weather in this answer/);
    assert.deepEqual(rulesOf(warnings), ["tool-choice-refused"]);
  });

  test("edge 22: a model that is not known is learnt from its refusal", async (context) => {
    const server = await scriptedServer(context, ({ body }, response) => {
      if (!body.includes('"toolChoice":{"tool"')) return answerJson(response, "ok");
      const message =
        "This model doesn't support the toolConfig.toolChoice.tool field. Remove toolConfig.toolChoice.tool and try again.";
      answerError(response, 400, "ValidationException", message);
    });
    const llm = testClient(context, server.url);
    const asked = { messages: "Weather?", tools, toolChoice: { tool: { name: "get_weather" } } };
    const first = await llm.invoke(asked);
    assert.equal(first.$metadata?.attempts, 2);
    assert.deepEqual(rulesOf(first.$metadata?.warnings), ["tool-choice-refused"]);
    const second = await llm.invoke(asked);
    assert.equal(second.$metadata?.attempts, 1);
    assert.equal(server.requests.length, 3);
    const sent = JSON.parse(server.requests.at(-1)?.body ?? "");
    assert.deepEqual(sent.toolConfig.toolChoice, { any: {} }, "the next best thing");
  });

  test("edge 23: a forced call goes before thinking where a model does not do both", async (context) => {
    const { ask } = await startAsking(context);
    const thinking = { type: "adaptive" };
    const asked = {
      messages: "Weather?",
      tools,
      toolChoice: "any",
      additionalModelRequestFields: { thinking },
    } as const;
    const older = await ask({ ...asked, modelId: OPUS_4_6 });
    assert.equal(older.sent.additionalModelRequestFields, undefined);
    assert.deepEqual(older.sent.toolConfig?.toolChoice, { any: {} });
    assert.deepEqual(rulesOf(older.warnings), ["thinking-forced-tool"]);
    const newer = await ask({ ...asked, modelId: OPUS_5 });
    assert.deepEqual(newer.sent.additionalModelRequestFields, { thinking });
    assert.deepEqual(newer.sent.toolConfig?.toolChoice, { any: {} });
    assert.deepEqual(newer.warnings, []);
  });
});

test("edge 24: a stream with tools is fetched whole where it must be, and read like any other", async (context) => {
  const said = [{ text: "Looking now." }, callOf("call_1", "get_weather", { city: "Oslo" })];
  const { llm, local } = await startAsking(context, { modelId: LLAMA_4, model: () => said });
  const asked = { messages: "Weather?", tools: [WEATHER] };
  const explained = llm.explainRequest(asked, "converse-stream");
  assert.equal(explained.operation, "converse");
  assert.deepEqual(rulesOf(explained.changes), ["streaming-tools"]);
  const stream = llm.invokeStream(asked);
  const events: ConverseStreamEvent[] = [];
  for await (const event of stream) events.push(event);
  assert.deepEqual(Object.keys(events[0] ?? {}), ["messageStart"]);
  assert.deepEqual(Object.keys(events.at(-1) ?? {}), ["metadata"]);
  const response = await stream.response();
  assert.deepEqual(response.output.message.content, said);
  assert.equal(response.stopReason, "tool_use");
  assert.deepEqual(
    local.requests.map(({ operation }) => operation),
    ["converse"],
  );
  await llm.invokeStream({ messages: "Hello" }).response();
  assert.equal(local.requests.at(-1)?.operation, "converse-stream");
});
