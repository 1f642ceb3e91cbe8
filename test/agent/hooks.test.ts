// Hooks look on, rewrite, deny and replace; one that fails lets nothing pass.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Agent, type AgentHooks, type AgentState, costOf, defineTool } from "../../src/index.ts";
import { issuesOf } from "../helpers/history.ts";
import { scriptedLLM, toResponse, USAGE } from "../helpers/scripted-llm.ts";

function world(hooks: AgentHooks, options: { requiresApproval?: boolean } = {}) {
  const executed: unknown[] = [];
  const work = defineTool({
    name: "work",
    description: "Work.",
    inputSchema: {
      type: "object",
      properties: { n: { type: "number" } },
      required: ["n"],
    },
    ...options,
    execute: (input) => {
      executed.push(input);
      return "worked";
    },
  });
  const llm = scriptedLLM([[{ id: "a", name: "work", input: { n: 1 } }], "Done.", "Done again."]);
  return { agent: new Agent({ llm, tools: [work], hooks }), llm, executed };
}

test("hooks are told of everything, in order, and change nothing by looking on", async () => {
  const seen: unknown[] = [];
  const { agent, executed } = world({
    beforeModel: ({ turn, request, context }) =>
      void seen.push(["beforeModel", turn, request.messages?.length, context]),
    afterModel: async ({ turn, response }) =>
      void seen.push(["afterModel", turn, response.stopReason]),
    beforeTool: ({ turn, name, input, toolUseId }) =>
      void seen.push(["beforeTool", turn, toolUseId, name, input]),
    afterTool: ({ turn, name, result, durationMs }) => {
      assert.equal(typeof durationMs, "number");
      seen.push(["afterTool", turn, name, result.content]);
    },
  });
  const result = await agent.run("Go.", { context: "mine" });
  assert.equal(result.text, "Done.");
  assert.deepEqual(executed, [{ n: 1 }]);
  assert.deepEqual(seen, [
    ["beforeModel", 1, 1, "mine"],
    ["afterModel", 1, "tool_use"],
    ["beforeTool", 1, "a", "work", { n: 1 }],
    ["afterTool", 1, "work", [{ text: "worked" }]],
    ["beforeModel", 2, 3, "mine"],
    ["afterModel", 2, "end_turn"],
  ]);
});

test("beforeModel rewrites a request, or answers in place of the model", async () => {
  const { agent, llm } = world({
    beforeModel: ({ turn }) =>
      turn === 1
        ? { request: { temperature: 0.5, systemPrompt: "Now." } }
        : { response: toResponse("Instead.") },
  });
  const result = await agent.run("Go.");
  assert.equal(llm.requests[0]?.temperature, 0.5);
  assert.equal(llm.requests[0]?.systemPrompt, "Now.");
  assert.equal(llm.requests.length, 1);
  assert.equal(result.text, "Instead.");
});

test("afterModel replaces the answer that counts", async () => {
  const { agent, executed } = world({ afterModel: () => ({ response: toResponse("No calls.") }) });
  const result = await agent.run("Go.");
  assert.equal(result.text, "No calls.");
  assert.deepEqual(executed, []);
});

test("a turn costs what the model that was asked costs, whatever hooks make of it", async () => {
  const dear = "global.anthropic.claude-opus-5";
  const cheap = "global.anthropic.claude-haiku-4-5-20251001-v1:0";
  const run = async (hooks: AgentHooks) => {
    const agent = new Agent({ llm: scriptedLLM(() => "Yes."), modelId: dear, hooks });
    return (await agent.run("Go.")).cost?.usd;
  };
  assert.equal(await run({}), costOf(USAGE, dear)?.usd);
  const rerouted = await run({ beforeModel: () => ({ request: { modelId: cheap } }) });
  assert.equal(rerouted, costOf(USAGE, cheap)?.usd);
  const free = { ...toResponse("No."), usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 } };
  assert.equal(await run({ afterModel: () => ({ response: free }) }), costOf(USAGE, dear)?.usd);
  assert.equal(await run({ beforeModel: () => ({ response: free }) }), 0);
  assert.equal(await run({ beforeModel: () => ({ response: toResponse("?") }) }), undefined);
});

test("beforeTool rewrites the input, which is checked again", async () => {
  const rewritten = world({ beforeTool: () => ({ input: { n: 2 } }) });
  const result = await rewritten.agent.run("Go.");
  assert.deepEqual(rewritten.executed, [{ n: 2 }]);
  assert.deepEqual(result.toolCalls[0]?.input, { n: 2 });

  const spoiled = world({ beforeTool: () => ({ input: { n: "two" } }) });
  const refused = await spoiled.agent.run("Go.");
  assert.deepEqual(spoiled.executed, []);
  assert.equal(refused.toolCalls[0]?.status, "error");
});

test("beforeTool denies a call, or gives its result without running it", async () => {
  const denied = world({ beforeTool: () => ({ deny: "Not on Sundays." }) });
  const refusal = await denied.agent.run("Go.");
  assert.deepEqual(denied.executed, []);
  assert.equal(refusal.toolCalls[0]?.status, "error");
  assert.match(refusal.toolCalls[0]?.result.content[0]?.text ?? "", /Not on Sundays\./);

  const replaced = world({ beforeTool: () => ({ result: { cached: true } }) });
  const result = await replaced.agent.run("Go.");
  assert.deepEqual(replaced.executed, []);
  assert.deepEqual(result.toolCalls[0]?.result.content, [{ json: { cached: true } }]);
  assert.equal(result.toolCalls[0]?.status, "success");
});

test("afterTool replaces the result the model reads", async () => {
  const { agent, llm } = world({ afterTool: () => ({ result: "[redacted]" }) });
  await agent.run("Go.");
  assert.match(JSON.stringify(llm.requests[1]?.messages), /\[redacted\]/);
  assert.doesNotMatch(JSON.stringify(llm.requests[1]?.messages), /worked/);
});

test("what a hook does to the input it is shown changes nothing", async () => {
  const { agent, executed } = world({
    beforeTool: ({ input }) => {
      (input as Record<string, unknown>)["n"] = 99;
    },
  });
  await agent.run("Go.");
  assert.deepEqual(executed, [{ n: 1 }]);
});

test("what beforeTool rewrites is what a person is shown, and it is not asked again about a yes", async () => {
  let asked = 0;
  const { agent, executed } = world(
    {
      beforeTool: () => {
        asked += 1;
        return { input: { n: 2 } };
      },
    },
    { requiresApproval: true },
  );
  const { state, pendingApprovals } = await agent.run("Go.");
  assert.deepEqual(pendingApprovals[0]?.input, { n: 2 });
  await agent.resume(state, { a: { approve: true } });
  assert.deepEqual(executed, [{ n: 2 }]);
  assert.equal(asked, 1);
});

test("a policy holds for what a person has changed too", async () => {
  const { agent, executed } = world(
    {
      beforeTool: ({ input }) =>
        (input as { n: number }).n > 5 ? { deny: "Too many." } : undefined,
    },
    { requiresApproval: true },
  );
  const { state } = await agent.run("Go.");
  const result = await agent.resume(state, { a: { approve: true, input: { n: 6 } } });
  assert.deepEqual(executed, []);
  assert.match(result.toolCalls[0]?.result.content[0]?.text ?? "", /Too many\./);
});

const FAILURE = new Error("The policy server is down.");
const fail = () => {
  throw FAILURE;
};

for (const name of ["beforeModel", "afterModel", "beforeTool"] as const) {
  test(`a ${name} that throws ends the run with its error, before anything runs`, async () => {
    const { agent, executed } = world({ [name]: fail });
    await assert.rejects(agent.run("Go."), FAILURE);
    assert.deepEqual(executed, []);
  });
}

test("an afterTool that throws ends the run; what was done is not done again", async () => {
  // Of this run alone: an error that runs share is told to each of them as its own.
  const failure = new Error("The policy server is down.");
  const afterTool = () => {
    throw failure;
  };
  const { agent, executed } = world({ afterTool });
  const failed = await agent.run("Go.").catch((error: { state: AgentState }) => error);
  assert.equal(failed, failure);
  assert.ok("state" in failed);
  const again = await agent.resume(failed.state).catch((error: unknown) => error);
  assert.equal(again, failure, "the hook is asked again");
  assert.deepEqual(executed, [{ n: 1 }]);
});

test("what no hook may return is a TypeError", async () => {
  for (const decision of [{}, { inputs: {} }, { deny: "a", input: {} }, "deny", true]) {
    const { agent, executed } = world({ beforeTool: () => decision as never });
    await assert.rejects(agent.run("Go."), /beforeTool must return/);
    assert.deepEqual(executed, []);
  }
});

test("prepareTurn rewrites the history that goes on, before each turn", async () => {
  const seen: unknown[] = [];
  const llm = scriptedLLM((_, index) =>
    index === 0 ? [{ id: "a", name: "work", input: {} }] : "Done.",
  );
  const work = { name: "work", description: "Work.", inputSchema: { type: "object" } };
  const agent = new Agent({
    llm,
    tools: [work],
    toolFunctions: { work: () => "worked" },
    prepareTurn: async ({ messages, turn, usage, lastUsage, context }) => {
      seen.push([turn, messages.length, usage.totalTokens, lastUsage?.totalTokens, context]);
      return turn === 2 ? [{ role: "user", content: [{ text: "In short." }] }] : undefined;
    },
  });
  const result = await agent.run("Go.", { context: 1 });
  assert.deepEqual(seen, [
    [1, 1, 0, undefined, 1],
    [2, 3, 15, 15, 1],
  ]);
  assert.deepEqual(llm.requests[1]?.messages, [{ role: "user", content: [{ text: "In short." }] }]);
  assert.equal(result.messages.length, 2);
  assert.deepEqual(issuesOf(result.messages), []);
});

test("a prepareTurn that returns no messages is a TypeError", async () => {
  for (const prepared of ["short", [1], [{ role: "user" }]]) {
    const agent = new Agent({
      llm: scriptedLLM(() => "Yes."),
      prepareTurn: () => prepared as never,
    });
    await assert.rejects(agent.run("Go."), /prepareTurn must return/);
  }
});
