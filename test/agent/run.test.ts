// The loop as its caller sees it: what is asked, what comes back, when it ends.

import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import {
  Agent,
  type AgentEvent,
  BedrockLLM,
  type ConverseResponse,
  costOf,
  defineTool,
  type InvokeOptions,
} from "../../src/index.ts";
import { startLocalBedrock } from "../../src/local/index.ts";
import { TEST_CREDENTIALS } from "../helpers/client.ts";
import { issuesOf } from "../helpers/history.ts";
import { scriptedLLM, toResponse, USAGE } from "../helpers/scripted-llm.ts";

const getWeather = defineTool({
  name: "get_weather",
  description: "Get current weather for a location",
  inputSchema: z.object({ location: z.string() }),
  execute: ({ location }) => `72°F and sunny in ${location}`,
});

const CALL = { id: "t1", name: "get_weather", input: { location: "NYC" } };

test("a run asks, runs the calls, hands back the results and ends with the answer", async () => {
  const llm = scriptedLLM([[CALL], "It is sunny."]);
  const agent = new Agent({ llm, systemPrompt: "Be brief.", maxTokens: 99, tools: [getWeather] });

  const result = await agent.run("What's the weather in NYC?");

  assert.equal(result.text, "It is sunny.");
  assert.equal(result.stopReason, "end_turn");
  assert.equal(result.turns, 2);
  assert.deepEqual(result.pendingApprovals, []);
  const block = { toolUseId: "t1", content: [{ text: "72°F and sunny in NYC" }] };
  assert.deepEqual(result.messages, [
    { role: "user", content: [{ text: "What's the weather in NYC?" }] },
    {
      role: "assistant",
      content: [{ toolUse: { toolUseId: "t1", name: "get_weather", input: { location: "NYC" } } }],
    },
    { role: "user", content: [{ toolResult: block }] },
    { role: "assistant", content: [{ text: "It is sunny." }] },
  ]);
  const [call, ...others] = result.toolCalls;
  assert.deepEqual(others, []);
  assert.deepEqual(
    { ...call, durationMs: 0 },
    {
      toolUseId: "t1",
      name: "get_weather",
      input: { location: "NYC" },
      status: "success",
      result: block,
      turn: 1,
      durationMs: 0,
    },
  );
  const [first] = llm.requests;
  assert.equal(first?.systemPrompt, "Be brief.");
  assert.equal(first?.maxTokens, 99);
  assert.deepEqual(first?.tools, [{ toolSpec: getWeather.toolSpec }]);
});

test("the tools of the guide work as they are, beside a map of functions", async () => {
  const tools = [
    {
      name: "get_weather",
      description: "Get current weather for a location",
      input_schema: {
        type: "object",
        properties: { location: { type: "string" } },
        required: ["location"],
      },
    },
  ];
  const functions = {
    get_weather: ({ location }: { location: string }) => `Weather in ${location}: 72°F, sunny`,
  };
  for (const toolFunctions of [functions, new Map(Object.entries(functions))]) {
    const llm = scriptedLLM([[CALL], "Sunny."]);
    const result = await new Agent({ llm, tools, toolFunctions }).run("Weather?");
    assert.deepEqual(result.toolCalls[0]?.result.content, [
      { text: "Weather in NYC: 72°F, sunny" },
    ]);
  }
});

test("the events of a run come in the order of what happens", async () => {
  const reasoning = { reasoningContent: { reasoningText: { text: "Hm.", signature: "s" } } };
  const first = toResponse([CALL]);
  first.output.message.content.unshift(reasoning, { text: "Let me see." });
  const tool = defineTool({
    name: "get_weather",
    description: "Weather",
    inputSchema: { type: "object" },
    execute: (_, { progress }) => {
      progress({ percent: 50 });
      return "sunny";
    },
  });
  const agent = new Agent({ llm: scriptedLLM([first, "Sunny."]), tools: [tool] });
  const run = agent.stream("Weather?");
  const events: AgentEvent[] = [];
  for await (const event of run) events.push(event);
  const result = await run.result();

  const call = { toolUseId: "t1", name: "get_weather" };
  const usage = { ...USAGE };
  assert.deepEqual(
    events.map((event) => ("durationMs" in event ? { ...event, durationMs: 0 } : event)),
    [
      { type: "turn_start", turn: 1 },
      { type: "reasoning_delta", text: "Hm." },
      { type: "text_delta", text: "Let me see." },
      { type: "tool_input_delta", ...call, delta: '{"location":"NYC"}' },
      { type: "tool_call_start", ...call, input: { location: "NYC" } },
      { type: "tool_progress", ...call, progress: { percent: 50 } },
      {
        type: "tool_call_end",
        ...call,
        status: "success",
        result: { toolUseId: "t1", content: [{ text: "sunny" }] },
        durationMs: 0,
      },
      { type: "turn_end", turn: 1, stopReason: "tool_use", usage },
      { type: "turn_start", turn: 2 },
      { type: "text_delta", text: "Sunny." },
      { type: "turn_end", turn: 2, stopReason: "end_turn", usage },
      { type: "run_end", result },
    ],
  );
});

test("the conversation so far goes before the prompt, and messages may be the prompt", async () => {
  const llm = scriptedLLM(() => "Yes.");
  const agent = new Agent({ llm });
  const first = await agent.run("One.");
  await agent.run("Two.", { messages: first.messages });
  await agent.run([...first.messages, { role: "user", content: "Two." }]);
  await agent.run([{ text: "A" }, "B"]);
  await agent.run({ text: "C" });
  const texts = llm.requests.map(({ messages }) => JSON.stringify(messages));
  assert.equal(texts[1], texts[2]);
  assert.match(texts[1] ?? "", /One\..*Yes\..*Two\./);
  assert.match(texts[3] ?? "", /"A".*"B"/);
  assert.match(texts[4] ?? "", /"C"/);
});

test("a model that always calls is stopped after 25 answers, and its last calls are run", async () => {
  let runs = 0;
  const tool = { name: "again", description: "Again", inputSchema: { type: "object" } };
  const llm = scriptedLLM((_, index) => [{ id: `t${index}`, name: "again", input: {} }]);
  const toolFunctions = { again: () => `${++runs}` };
  const result = await new Agent({ llm, tools: [tool], toolFunctions }).run("Go.");
  assert.equal(result.stopReason, "max_turns");
  assert.equal(result.turns, 25);
  assert.equal(llm.requests.length, 25);
  assert.equal(runs, 25);
  assert.deepEqual(issuesOf(result.messages), []);
});

test("a run that reached its limit is given it anew when it is resumed", async () => {
  const llm = scriptedLLM((_, index) => (index < 5 ? [{ ...CALL, id: `t${index}` }] : "Done."));
  const agent = new Agent({ llm, tools: [getWeather], maxTurns: 2 });
  const first = await agent.run("Go.");
  const second = await agent.resume(first.state);
  const third = await agent.resume(second.state);
  assert.deepEqual(
    [first, second, third].map(({ stopReason, turns }) => `${stopReason} ${turns}`),
    ["max_turns 2", "max_turns 4", "end_turn 6"],
  );
  assert.equal(third.toolCalls.length, 5);
  assert.deepEqual(await agent.resume(third.state).then(({ text }) => text), "Done.");
});

test("a run ends after the turn that goes beyond its budget of tokens", async () => {
  const llm = scriptedLLM((_, index) => [{ ...CALL, id: `t${index}` }]);
  const agent = new Agent({ llm, tools: [getWeather], budget: { tokens: 40 } });
  const result = await agent.run("Go.");
  assert.equal(result.stopReason, "token_budget");
  assert.equal(result.turns, 3);
  assert.deepEqual(result.usage, { inputTokens: 30, outputTokens: 15, totalTokens: 45 });
  assert.equal((await agent.resume(result.state)).turns, 6);
});

test("a run ends after the turn that goes beyond its budget of money", async () => {
  const modelId = "global.anthropic.claude-sonnet-5";
  const turnCost = costOf(USAGE, modelId)?.usd ?? assert.fail("no price");
  const llm = scriptedLLM((_, index) => [{ ...CALL, id: `t${index}` }]);
  const agent = new Agent({
    llm,
    modelId,
    tools: [getWeather],
    budget: { usd: turnCost * 1.5 },
  });
  const result = await agent.run("Go.");
  assert.equal(result.stopReason, "cost_budget");
  assert.equal(result.turns, 2);
  assert.ok(Math.abs((result.cost?.usd ?? 0) - 2 * turnCost) < 1e-12);
});

test("what a run cost is not guessed", async () => {
  const llm = scriptedLLM(() => "Yes.");
  assert.equal((await new Agent({ llm }).run("Hi.")).cost, undefined);
  const unknown = new Agent({ llm, modelId: "global.anthropic.claude-haiku-5-5" });
  assert.equal((await unknown.run("Hi.")).cost, undefined);
  const unmetered = scriptedLLM(() => ({
    ...toResponse("Yes."),
    usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 },
    $metadata: { usageMissing: true },
  }));
  const modelId = "global.anthropic.claude-sonnet-5";
  assert.equal((await new Agent({ llm: unmetered, modelId }).run("Hi.")).cost, undefined);
  const budget = new Agent({
    llm: scriptedLLM(() => ({ ...toResponse([CALL]), $metadata: { usageMissing: true } })),
    modelId,
    tools: [getWeather],
    budget: { usd: 10 },
  });
  assert.equal((await budget.run("Hi.")).stopReason, "cost_budget", "what is unknown is not held");
});

test("a bare id costs what it costs in the region of the client, where that is known", async () => {
  const modelId = "amazon.nova-pro-v1:0";
  const here = { ...scriptedLLM(() => "Yes."), region: "eu-central-1" };
  assert.equal(
    (await new Agent({ llm: here, modelId }).run("Hi.")).cost?.usd,
    costOf(USAGE, modelId, { region: "eu-central-1" })?.usd,
  );
  const client = new BedrockLLM({ region: "eu-central-1", modelId, credentials: TEST_CREDENTIALS });
  assert.equal(client.region, "eu-central-1");
  assert.equal(client.modelId, modelId);
  const budget = { usd: 1 };
  assert.ok(new Agent({ llm: scriptedLLM(() => "Yes."), modelId, budget }));
  assert.throws(() => new Agent({ llm: here, modelId, budget }), /no price is known/);
});

test("a model may be an async function", async () => {
  const scripted = scriptedLLM(() => "Yes.");
  const llm = {
    invoke: scripted.invoke,
    invokeStream: async (options: InvokeOptions) => scripted.invokeStream(options),
  };
  assert.equal((await new Agent({ llm }).run("Hi.")).text, "Yes.");
});

test("stopWhen ends a run after a turn with calls", async () => {
  const llm = scriptedLLM((_, index) => [{ ...CALL, id: `t${index}` }]);
  const seen: unknown[] = [];
  const agent = new Agent({
    llm,
    tools: [getWeather],
    stopWhen: async ({ turn, messages, usage, context }) => {
      seen.push([turn, messages.length, usage.totalTokens, context]);
      return turn === 2;
    },
  });
  const result = await agent.run("Go.", { context: "mine" });
  assert.equal(result.stopReason, "stop_when");
  assert.deepEqual(seen, [
    [1, 3, 15, "mine"],
    [2, 5, 30, "mine"],
  ]);
});

for (const stopReason of ["max_tokens", "guardrail_intervened", "content_filtered", "refusal"]) {
  test(`an answer without calls that ends with ${stopReason} ends the run with it`, async () => {
    const llm = scriptedLLM([{ ...toResponse("Half of"), stopReason }]);
    const result = await new Agent({ llm }).run("Go.");
    assert.equal(result.stopReason, stopReason);
    assert.equal(result.text, "Half of");
  });
}

test("an answer with no content at all ends the run and leaves a legal history", async () => {
  const response: ConverseResponse = { ...toResponse(""), stopReason: "guardrail_intervened" };
  response.output.message.content = [];
  const result = await new Agent({ llm: scriptedLLM([response]) }).run("Go.");
  assert.equal(result.stopReason, "guardrail_intervened");
  assert.equal(result.text, "");
  assert.deepEqual(issuesOf(result.messages), []);
});

test("a model with invoke alone is enough, and tells the same events", async () => {
  const scripted = scriptedLLM([[CALL], "Sunny."]);
  const llm = { invoke: (options: InvokeOptions) => scripted.invoke(options) };
  const types: string[] = [];
  const run = new Agent({ llm, tools: [getWeather] }).stream("Weather?");
  for await (const { type } of run) types.push(type);
  assert.equal((await run.result()).text, "Sunny.");
  assert.ok(types.includes("text_delta") && types.includes("tool_input_delta"));
});

test("a run can be read once, awaited any number of times, and left", async () => {
  const agent = new Agent({ llm: scriptedLLM(() => "Yes.") });
  const run = agent.stream("Hi.");
  assert.equal(run.state, undefined);
  const results = await Promise.all([run.result(), run.result()]);
  assert.equal(results[0], results[1]);
  assert.throws(() => run[Symbol.asyncIterator](), /read already/);

  const left = agent.stream("Hi.");
  for await (const _ of left) break;
  const result = await left.result();
  assert.equal(result.stopReason, "aborted");
  assert.equal((await agent.resume(result.state)).text, "Yes.");
});

test("who reads half of a run by hand and then awaits the result, gets it", async () => {
  const agent = new Agent({ llm: scriptedLLM(() => "Yes.") });
  const run = agent.stream("Hi.");
  const iterator = run[Symbol.asyncIterator]();
  await iterator.next();
  assert.equal((await run.result()).text, "Yes.");
});

test("an aborted run resolves with what is finished, and goes on from there", async () => {
  const controller = new AbortController();
  const llm = scriptedLLM(({ messages }) => {
    const answered = (messages as readonly unknown[]).length > 1;
    return answered ? "Done." : [CALL];
  });
  const tool = defineTool({
    name: "get_weather",
    description: "Weather",
    inputSchema: { type: "object" },
    idempotent: true,
    execute: async (_, { signal }) => {
      if (!controller.signal.aborted) controller.abort(new Error("Enough."));
      return signal.aborted ? "late" : "in time";
    },
  });
  const agent = new Agent({ llm, tools: [tool] });
  const result = await agent.run("Go.", { signal: controller.signal });
  assert.equal(result.stopReason, "aborted");
  assert.deepEqual(issuesOf(result.messages), []);
  const resumed = await agent.resume(result.state);
  assert.equal(resumed.text, "Done.");
  assert.deepEqual(resumed.toolCalls[0]?.result.content, [{ text: "in time" }]);
  const never = await agent.run("Go.", { signal: AbortSignal.abort() });
  assert.equal(never.stopReason, "aborted");
  assert.equal(never.turns, 0);
});

test("a run leaves no listener on its caller's signal", async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = ((...given: Parameters<typeof add>) => {
    listeners += 1;
    add(...given);
  }) as typeof signal.addEventListener;
  signal.removeEventListener = ((...given: Parameters<typeof remove>) => {
    listeners -= 1;
    remove(...given);
  }) as typeof signal.removeEventListener;
  const agent = new Agent({ llm: scriptedLLM([[CALL], "Yes."]), tools: [getWeather] });
  await agent.run("Hi.", { signal });
  assert.equal(listeners, 0);
});

test("the whole way through the embedded endpoint, with the simulator's own calls", async (t) => {
  const local = await startLocalBedrock();
  t.after(() => local.close());
  const llm = new BedrockLLM({ endpoint: local.url, credentials: TEST_CREDENTIALS });
  t.after(() => llm.close());
  const agent = new Agent({ llm, modelId: "fast", tools: [getWeather] });
  const result = await agent.run("What is the weather in Tokyo?");
  assert.equal(result.stopReason, "end_turn");
  assert.equal(result.toolCalls[0]?.status, "success");
  assert.match(result.text, /sunny in/);
  assert.ok((result.cost?.usd ?? 0) > 0);
});
