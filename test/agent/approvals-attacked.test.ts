// What else might be made of an approval: moved, altered on the way to the tool, lost in a crash below.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import {
  Agent,
  type AgentOptions,
  type AgentResult,
  type AgentState,
  ApprovalError,
  type ConverseResponse,
  defineTool,
  MemoryOnceStore,
} from "../../src/index.ts";
import { issuesOf } from "../helpers/history.ts";
import { type ScriptedCall, scriptedLLM } from "../helpers/scripted-llm.ts";

const KEY = "a key of thirty-two bytes, for tests";

function stepwise(...turns: readonly ScriptedCall[][]) {
  return scriptedLLM(({ messages }) => {
    const given = messages as readonly { role: string }[];
    return turns[given.filter(({ role }) => role === "assistant").length] ?? "Done.";
  });
}

const CALL = { id: "a", name: "pay", input: { usd: 1 } };

function world(options: Partial<AgentOptions> = {}, description = "Pay.") {
  const paid: unknown[] = [];
  const pay = defineTool({
    name: "pay",
    description,
    inputSchema: { type: "object", properties: { usd: { type: "number" } }, required: ["usd"] },
    requiresApproval: true,
    execute: (input) => {
      paid.push(structuredClone(input));
      // Tools do as they please with what they are given.
      (input as { usd?: number }).usd = 1e9;
      return "paid";
    },
  });
  const approvals = { key: KEY, store: new MemoryOnceStore() };
  const base = { llm: stepwise([CALL]), tools: [pay], approvals, ...options };
  const below = new Agent({ ...base, approvals: undefined });
  const agent = new Agent(base);
  const tools = [below.asTool({ name: "below", description: "Pays." })];
  const llm = stepwise([{ id: "s", name: "below", input: { prompt: "Pay." } }]);
  const above = new Agent({ llm, tools, approvals });
  return { agent, above, paid, pay, approvals };
}

const YES = { a: { approve: true } } as const;
const YES_BELOW = { "s/a": { approve: true } } as const;

test("who blacks out what he is shown changes nothing of what runs, is kept or is read", async () => {
  const { agent, paid } = world();
  const run = agent.stream("Pay.");
  const blacken = (value: { readonly input: unknown }) => {
    (value.input as { usd: unknown }).usd = "***";
  };
  for await (const event of run) if (event.type === "approval_required") blacken(event);
  for (const pending of (await run.result()).pendingApprovals) blacken(pending);
  const resumed = agent.resumeStream(run.state ?? assert.fail(), YES);
  for await (const event of resumed) if (event.type === "tool_call_start") blacken(event);
  const result = await resumed.result();
  assert.deepEqual(paid, [{ usd: 1 }]);
  assert.deepEqual(result.toolCalls[0]?.input, { usd: 1 });
  assert.deepEqual(result.messages[1]?.content[0]?.toolUse?.input, { usd: 1 });
});

test("what approves a call, and what checks it, may change the copy it is given", async () => {
  const paid: unknown[] = [];
  const pay = defineTool({
    name: "pay",
    description: "Pay.",
    inputSchema: { type: "object" },
    requiresApproval: (input) => {
      (input as { usd?: number }).usd = 0;
      return true;
    },
    execute: (input) => void paid.push(input),
  });
  const agent = new Agent({ llm: stepwise([CALL]), tools: [pay] });
  const { state, pendingApprovals } = await agent.run("Pay.");
  assert.deepEqual(pendingApprovals[0]?.input, { usd: 1 });
  await agent.resume(state, YES);
  assert.deepEqual(paid, [{ usd: 1 }]);
});

test("only a plain no lets a call pass without a person", async () => {
  for (const answer of [undefined, null, 0, "", "no", true, {}]) {
    const { pay, paid } = world();
    const tools = [{ ...pay, requiresApproval: () => answer }];
    const result = await new Agent({ llm: stepwise([CALL]), tools }).run("Pay.");
    assert.equal(result.stopReason, "approval_required", String(answer));
    assert.deepEqual(paid, []);
  }
});

test("a call that runs alone waits for those before it, that wait for a person", async () => {
  const { pay, paid } = world();
  const ran: string[] = [];
  const alone = defineTool({
    name: "alone",
    description: "Runs alone.",
    inputSchema: { type: "object" },
    sequential: true,
    execute: () => void ran.push(`after ${paid.length}`),
  });
  const calls = [CALL, { id: "b", name: "alone", input: {} }];
  const agent = new Agent({ llm: stepwise(calls), tools: [pay, alone] });
  const { state } = await agent.run("Pay.");
  assert.deepEqual(ran, []);
  await agent.resume(state, YES);
  assert.deepEqual(ran, ["after 1"]);
});

test("who keeps the answer of the model and changes it later changes no call", async () => {
  let kept: ConverseResponse | undefined;
  const afterModel = ({ response }: { response: ConverseResponse }) => {
    kept ??= response;
  };
  const { agent, paid } = world({ hooks: { afterModel } });
  const run = agent.stream("Pay.");
  await run.result();
  const toolUse = kept?.output.message.content[0]?.toolUse;
  Object.assign((toolUse?.input as object | undefined) ?? assert.fail(), { usd: 1e6 });
  await agent.resume(run.state ?? assert.fail(), YES);
  assert.deepEqual(paid, [{ usd: 1 }]);
});

test("parts of two genuine states make none", async () => {
  const { agent, paid } = world();
  const one = (await agent.run("Pay.")).state;
  const other = (await agent.run("Pay.")).state;
  // Two that were made within a millisecond expire together.
  const members = Object.keys(one).filter(
    (name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]),
  );
  assert.ok(members.length >= 3, members.join());
  for (const member of members) {
    const mixed = { ...one, [member]: other[member] } as AgentState;
    await assert.rejects(agent.resume(mixed, YES), { reason: "altered" });
  }
  assert.deepEqual(paid, []);
});

test("an approval is for the tool that was shown, up to the moment it runs", async () => {
  const first = world();
  const { state } = await first.agent.run("Pay.");
  const signal = AbortSignal.abort();
  const approved = await first.agent.resume(state, YES, { signal });
  assert.equal(approved.stopReason, "aborted");
  const changed = world({ approvals: first.approvals }, "Pay twice.");
  const result = await changed.agent.resume(approved.state);
  assert.deepEqual(changed.paid, []);
  assert.match(result.toolCalls[0]?.result.content[0]?.text ?? "", /not the one that was shown/);
  assert.equal((await first.agent.resume(approved.state)).toolCalls[0]?.status, "success");
});

test("the state of an agent below counts within that of the run above, and nowhere else", async () => {
  const { above, agent, paid } = world();
  const waiting = await above.run("Pay.");
  const { run } = waiting.state as unknown as { run: { calls: { childState: AgentState }[] } };
  const taken = run.calls[0]?.childState ?? assert.fail();
  for (const resumer of [agent, above]) {
    await assert.rejects(resumer.resume(taken, YES), { reason: "altered" });
  }
  assert.deepEqual(paid, []);
  const result = await above.resume(waiting.state, YES_BELOW);
  assert.equal(result.text, "Done.");
  assert.deepEqual(paid, [{ usd: 1 }]);
});

test("a decision that was taken, and lost in a crash, is made again: here and below", async () => {
  const { agent, above, paid } = world();
  for (const [runner, decisions] of [
    [agent, YES],
    [above, YES_BELOW],
  ] as const) {
    paid.length = 0;
    const { state } = await runner.run("Pay.");
    const crash = new Error("crash");
    const onState = () => {
      throw crash;
    };
    await assert.rejects(runner.resume(state, decisions, { onState }), crash);
    await assert.rejects(runner.resume(state, decisions), { reason: "replayed" });
    const again = await runner.resume(state);
    assert.equal(again.stopReason, "approval_required");
    assert.equal((await runner.resume(again.state, decisions)).text, "Done.");
    assert.deepEqual(paid, [{ usd: 1 }]);
  }
});

test("a decision in the wrong place is told what waits, below too", async () => {
  const { above } = world();
  const { state } = await above.run("Pay.");
  await assert.rejects(above.resume(state, YES), /What waits: s\/a\./);
});

test("no call can pass for one below another one", async () => {
  const { pay, paid, approvals } = world();
  const harmless = defineTool({
    name: "harmless",
    description: "Does nothing.",
    inputSchema: { type: "object" },
    requiresApproval: true,
    execute: () => "nothing",
  });
  const below = new Agent({ llm: stepwise([CALL]), tools: [pay] });
  const agent = new Agent({
    llm: stepwise([
      { id: "s/a", name: "harmless", input: {} },
      { id: "s", name: "below", input: { prompt: "Pay." } },
      { id: "other/a", name: "harmless", input: {} },
    ]),
    tools: [harmless, below.asTool({ name: "below", description: "Pays." })],
    approvals,
  });
  const result = await agent.run("Go.");
  const ids = result.pendingApprovals.map(({ toolUseId, name }) => `${toolUseId} ${name}`);
  assert.deepEqual(ids, ["s/a pay", "other/a harmless"]);
  assert.deepEqual(issuesOf(result.messages), []);
  const second = await agent.resume(result.state, { "other/a": { approve: true } });
  assert.deepEqual(paid, []);
  assert.equal(second.pendingApprovals.length, 1);
});

test("a changed input that is no JSON is refused, and the call can be decided on again", async () => {
  const { agent, paid } = world();
  const { state } = await agent.run("Pay.");
  const circle: Record<string, unknown> = { usd: 1 };
  circle["self"] = circle;
  const inputs = [
    { usd: 1n },
    circle,
    () => {},
    Symbol("a"),
    "text",
    [],
    null,
    { usd: Number.NaN },
  ];
  for (const input of inputs) {
    const resumed = agent.resume(state, { a: { approve: true, input: input as never } });
    await assert.rejects(
      resumed,
      (error) => error instanceof ApprovalError && error.reason === "invalid_input",
    );
  }
  const edited = { usd: 2, extra: undefined, at: new Date(0) };
  await agent.resume(state, { a: { approve: true, input: edited as never } });
  assert.deepEqual(paid, [{ usd: 2, at: "1970-01-01T00:00:00.000Z" }]);
});

test("states made up to do harm are refused, quickly and by name", async () => {
  const { agent } = world();
  let deep: unknown = 1;
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];
  const circle: Record<string, unknown> = { version: 1, signature: "x" };
  circle["run"] = circle;
  const made: unknown[] = [
    { version: 1, signature: "x", run: deep },
    circle,
    `{"version":1,"signature":"x","run":${"[".repeat(200_000)}${"]".repeat(200_000)}}`,
    `{"version":1,"signature":"","run":{},"__proto__":{"isAdmin":true}}`,
    { version: 1, signature: "x", run: 1n },
    { version: 1, signature: "\ud800", run: { at: Symbol("a") } },
  ];
  for (const state of made) {
    await assert.rejects(
      agent.resume(state as never, YES),
      (error) => error instanceof ApprovalError || error instanceof TypeError,
    );
  }
  assert.equal(({} as { isAdmin?: boolean }).isAdmin, undefined);
});

test("an expiry that no date can tell is refused when the agent is made", () => {
  for (const expiresInMs of [Number.POSITIVE_INFINITY, 1e17, -1, Number.NaN]) {
    assert.throws(() => world({ approvals: { key: KEY, expiresInMs } }), /expiresInMs must be/);
  }
});

test("with a key above, none is missing below: nobody is warned, and another process goes on", async () => {
  const program = `
    import { Agent, defineTool } from "./src/index.ts";
    import { scriptedLLM } from "./test/helpers/scripted-llm.ts";
    const ask = defineTool({ name: "ask", description: "Ask.", inputSchema: { type: "object" },
      requiresApproval: true, execute: () => "asked" });
    const state = process.argv.at(-1);
    const turn = ({ messages }) => messages.length > 1 ? "Done." : undefined;
    const llm = scriptedLLM((request) => turn(request) ?? [{ id: "a", name: "ask", input: {} }]);
    const tool = new Agent({ llm, tools: [ask] }).asTool({ name: "below", description: "Asks." });
    const above = scriptedLLM((request) =>
      turn(request) ?? [{ id: "s", name: "below", input: { prompt: "?" } }]);
    const agent = new Agent({ llm: above, tools: [tool], approvals: { key: "x".repeat(32) } });
    const result = state === "none"
      ? await agent.run("Go.")
      : await agent.resume(state, { "s/a": { approve: true } });
    console.log(JSON.stringify(result));
  `;
  const run = async (state: string): Promise<AgentResult> => {
    const flags = ["--import", "tsx", "--input-type=module", "--eval", program, "--", state];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, flags);
    assert.doesNotMatch(stderr, /DCAF_APPROVAL_KEY/);
    return JSON.parse(stdout) as AgentResult;
  };
  const waiting = await run("none");
  assert.equal(waiting.stopReason, "approval_required");
  const { stopReason, toolCalls } = await run(JSON.stringify(waiting.state));
  assert.equal(stopReason, "end_turn");
  assert.equal(toolCalls[0]?.status, "success");
});
