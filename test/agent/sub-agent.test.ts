// Agents as tools of agents: their text is the result, their events the progress, what they spend and wait
// for is spent and waited for above.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Agent, type AgentEvent, type AgentState, defineTool } from "../../src/index.ts";
import { issuesOf } from "../helpers/history.ts";
import { type ScriptedReply, scriptedLLM, USAGE } from "../helpers/scripted-llm.ts";

const ask = (prompt: string, id = "s") => [{ id, name: "research", input: { prompt } }];

/** A model that answers by how far its conversation has come, so that it can be asked again. */
function stepwise(replies: readonly ScriptedReply[]) {
  return scriptedLLM(({ messages }) => {
    const given = messages as readonly { role: string }[];
    const turn = given.filter(({ role }) => role === "assistant").length;
    return replies[turn] ?? assert.fail("nothing left to say");
  });
}

function world(options: { requiresApproval?: boolean; onRun?: () => void } = {}) {
  const executed: unknown[] = [];
  const search = defineTool({
    name: "search",
    description: "Search.",
    inputSchema: { type: "object", properties: { q: { type: "string" } }, required: ["q"] },
    requiresApproval: options.requiresApproval ?? false,
    execute: ({ q }, { context }) => {
      executed.push([q, context]);
      options.onRun?.();
      return `found ${q}`;
    },
  });
  const inner = stepwise([[{ id: "q", name: "search", input: { q: "moss" } }], "It is green."]);
  const researcher = new Agent({ llm: inner, tools: [search] });
  const outer = stepwise([ask("What is moss?"), "Moss is green."]);
  const tools = [researcher.asTool({ name: "research", description: "Finds things out." })];
  return { agent: new Agent({ llm: outer, tools }), inner, outer, executed };
}

test("an agent answers another one, with the same context, and its cost is counted above", async () => {
  const { agent, inner, executed } = world();
  const result = await agent.run("Tell me of moss.", { context: "mine" });
  assert.equal(result.text, "Moss is green.");
  assert.deepEqual(executed, [["moss", "mine"]]);
  assert.deepEqual(result.toolCalls[0]?.result.content, [{ text: "It is green." }]);
  assert.deepEqual(inner.requests[0]?.messages, [
    { role: "user", content: [{ text: "What is moss?" }] },
  ]);
  assert.equal(result.turns, 2);
  assert.equal(result.usage.totalTokens, 4 * USAGE.totalTokens);
});

test("its events are the progress of the call", async () => {
  const { agent } = world();
  const told: AgentEvent[] = [];
  for await (const event of agent.stream("Tell me.")) {
    if (event.type === "tool_progress") told.push(event.progress as AgentEvent);
  }
  assert.deepEqual(
    told.map(({ type }) => type),
    [
      "turn_start",
      "tool_input_delta",
      "tool_call_start",
      "tool_call_end",
      "turn_end",
      "turn_start",
      "text_delta",
      "turn_end",
      "run_end",
    ],
  );
});

test("where it waits for a person, so does the run above, and goes on from there", async () => {
  const { agent, executed, inner } = world({ requiresApproval: true });
  const waiting = await agent.run("Tell me.");
  assert.equal(waiting.stopReason, "approval_required");
  const [pending] = waiting.pendingApprovals;
  assert.equal(pending?.toolUseId, "s/q");
  assert.equal(pending?.name, "search");
  assert.deepEqual(pending?.input, { q: "moss" });
  assert.deepEqual(executed, []);
  const state = JSON.stringify(waiting.state);
  const result = await agent.resume(state, { "s/q": { approve: true } });
  assert.equal(result.text, "Moss is green.");
  assert.equal(executed.length, 1);
  assert.equal(inner.requests.length, 2);
  assert.equal(result.usage.totalTokens, 4 * USAGE.totalTokens);
  await assert.rejects(agent.resume(state, { "s/q": { approve: true } }), { reason: "replayed" });
  assert.equal(executed.length, 1);
});

test("a decision for something else below is refused before anything is used up", async () => {
  const { agent, executed } = world({ requiresApproval: true });
  const { state } = await agent.run("Tell me.");
  const wrong = { "s/x": { approve: true } } as const;
  await assert.rejects(agent.resume(state, wrong), { reason: "unknown_call" });
  await assert.rejects(agent.resume(state, { s: { approve: true } }), { reason: "unknown_call" });
  const edited = { "s/q": { approve: true, input: { q: 1 } } } as const;
  await assert.rejects(agent.resume(state, edited), { reason: "invalid_input" });
  await agent.resume(state, { "s/q": { approve: true, input: { q: "fern" } } });
  assert.deepEqual(executed, [["fern", undefined]]);
});

test("three agents deep, a person is asked and answered too", async () => {
  const { agent, executed } = world({ requiresApproval: true });
  const top = new Agent({
    llm: stepwise([[{ id: "t", name: "chief", input: { prompt: "Moss?" } }], "Green, I hear."]),
    tools: [agent.asTool({ name: "chief", description: "Asks others." })],
  });
  const waiting = await top.run("Moss?");
  assert.equal(waiting.pendingApprovals[0]?.toolUseId, "t/s/q");
  const result = await top.resume(waiting.state, { "t/s/q": { approve: true } });
  assert.equal(result.text, "Green, I hear.");
  assert.equal(executed.length, 1);
  assert.equal(result.usage.totalTokens, 6 * USAGE.totalTokens);
});

test("a crash inside of it loses nothing it had finished", async () => {
  let states: AgentState[] = [];
  const crash = new Error("crash");
  for (let at = 1; ; at++) {
    states = [];
    const { agent, executed, inner, outer } = world();
    const onState = (state: AgentState) => {
      states.push(structuredClone(state) as AgentState);
      if (states.length === at) throw crash;
    };
    const outcome = await agent.run("Tell me.", { onState }).catch((error: unknown) => error);
    if (outcome !== crash) {
      // A failure within the agent below is the result of its call, and the run goes on.
      if (states.length < at) {
        assert.ok(at > 6, "it was cut at several places");
        return;
      }
    }
    const result = await agent.resume(states.at(-1) ?? assert.fail("no state"));
    assert.equal(result.text, "Moss is green.");
    assert.ok(executed.length <= 1, `cut at ${at}: ${executed.length}`);
    assert.ok(inner.requests.length <= 4 && outer.requests.length <= 4);
    assert.deepEqual(issuesOf(result.messages), []);
  }
});

test("its abort is the run's", async () => {
  const controller = new AbortController();
  const { agent } = world({ onRun: () => controller.abort() });
  const result = await agent.run("Tell me.", { signal: controller.signal });
  assert.equal(result.stopReason, "aborted");
  const resumed = await agent.resume(result.state);
  assert.equal(resumed.text, "Moss is green.");
});

test("one that fails is an error for the model above to read", async () => {
  const broken = new Agent({
    llm: scriptedLLM(() => {
      throw new Error("No such model.");
    }),
  });
  const tools = [broken.asTool({ name: "research", description: "Broken." })];
  const llm = scriptedLLM([ask("?"), "Never mind."]);
  const result = await new Agent({ llm, tools }).run("Go.");
  assert.equal(result.toolCalls[0]?.status, "error");
  assert.match(result.toolCalls[0]?.result.content[0]?.text ?? "", /No such model\./);
});

test("one that reaches its limit says so", async () => {
  const endless = new Agent({
    llm: scriptedLLM((_, index) => [{ id: `t${index}`, name: "again", input: {} }]),
    tools: [{ name: "again", description: "Again.", inputSchema: { type: "object" } }],
    toolFunctions: { again: () => "ok" },
    maxTurns: 2,
  });
  const tools = [endless.asTool({ name: "research", description: "Endless." })];
  const llm = scriptedLLM([ask("?"), "Enough."]);
  const result = await new Agent({ llm, tools }).run("Go.");
  const text = result.toolCalls[0]?.result.content[0]?.text ?? "";
  assert.match(text, /ended with max_turns/);
});

test("the tool runs by itself too", async () => {
  const agent = new Agent({ llm: scriptedLLM(() => "Yes.") });
  const tool = agent.asTool({ name: "yes", description: "Says yes." });
  const execution = {
    toolUseId: "a",
    idempotencyKey: "k",
    signal: new AbortController().signal,
    context: undefined,
    progress: () => {},
  };
  assert.equal(await tool.execute({ prompt: "?" }, execution as never), "Yes.");
});
