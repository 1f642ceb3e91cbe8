// Whoever resumes what, whenever, as often as they like and at the same time: a call begins once.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate as nextRound } from "node:timers/promises";
import {
  Agent,
  type AgentResult,
  type AgentState,
  type DefinedTool,
  defineTool,
  FileOnceStore,
  MemoryOnceStore,
  type OnceStore,
} from "../../src/index.ts";
import { issuesOf } from "../helpers/history.ts";
import { type ScriptedReply, scriptedLLM } from "../helpers/scripted-llm.ts";

const KEY = "a key of thirty-two bytes, for tests";
const DAY_MS = 24 * 60 * 60 * 1_000;

/** A model that goes by how far its conversation has come. */
function stepwise(replies: readonly ScriptedReply[]) {
  return scriptedLLM(({ messages }) => {
    const given = messages as readonly { role: string }[];
    const turn = given.filter(({ role }) => role === "assistant").length;
    return replies[turn] ?? "Done.";
  });
}

/** Runs of calls by key, wherever they happen. */
class Ledger {
  readonly begun = new Map<string, number>();
  readonly inputs: unknown[] = [];

  tool(name: string, options: { requiresApproval?: boolean } = {}) {
    return defineTool({
      name,
      description: `The tool ${name}.`,
      inputSchema: { type: "object" },
      ...options,
      execute: async (input, { idempotencyKey }) => {
        this.begun.set(idempotencyKey, (this.begun.get(idempotencyKey) ?? 0) + 1);
        this.inputs.push(input);
        await nextRound();
        return "worked";
      },
    });
  }

  assertOnce(): void {
    for (const [key, times] of this.begun) assert.equal(times, 1, key);
  }
}

const CALLS = ["a", "b", "c"].map((id) => ({ id, name: "work", input: { id } }));

function agentOf(ledger: Ledger, store: OnceStore, tools: readonly DefinedTool[] = []): Agent {
  const approvals = { key: KEY, store };
  return new Agent({
    llm: stepwise([CALLS]),
    tools: tools.length > 0 ? tools : [ledger.tool("work")],
    approvals,
  });
}

/** An agent above one that runs the calls. */
function agentAbove(ledger: Ledger, store: OnceStore, options = {}): Agent {
  const below = new Agent({
    llm: stepwise([CALLS.slice(0, 2)]),
    tools: [ledger.tool("work", options)],
  });
  return new Agent({
    llm: stepwise([[{ id: "s", name: "below", input: { prompt: "Go." } }]]),
    tools: [below.asTool({ name: "below", description: "Works." })],
    approvals: { key: KEY, store },
  });
}

async function statesOf(agent: Agent): Promise<AgentState[]> {
  const states: AgentState[] = [];
  const onState = (state: AgentState) => void states.push(state);
  const { state } = await agent.run("Go.", { onState });
  return [...states, state];
}

for (const [what, make] of [
  ["a run", agentOf],
  ["a run with an agent below", agentAbove],
] as const) {
  test(`${what}: each of its states, resumed three times at once by agents that share a store`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "dcaf-races-"));
    t.after(() => rm(folder, { recursive: true }));
    const ledger = new Ledger();
    const states = await statesOf(make(ledger, new FileOnceStore(folder)));
    assert.ok(states.length > 6);
    const agents = [1, 2, 3].map(() => make(ledger, new FileOnceStore(folder)));
    const outcomes = await Promise.all(
      states.flatMap((state) => agents.map(async (agent) => await agent.resume(state))),
    );
    for (const { text, messages } of outcomes) {
      assert.equal(text, "Done.");
      assert.deepEqual(issuesOf(messages), []);
    }
    ledger.assertOnce();
  });

  test(`${what}: its states, resumed while it still goes on`, async () => {
    const ledger = new Ledger();
    const store = new MemoryOnceStore();
    const agent = make(ledger, store);
    const resumed: Promise<AgentResult>[] = [];
    const onState = (state: AgentState) => {
      if (resumed.length < 30) resumed.push(agent.resume(structuredClone(state) as AgentState));
    };
    const result = await agent.run("Go.", { onState });
    assert.equal(result.text, "Done.");
    for (const { text } of await Promise.all(resumed)) assert.equal(text, "Done.");
    ledger.assertOnce();
  });

  test(`${what}: its states, resumed years later, when no store remembers`, async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
    const ledger = new Ledger();
    const store = new MemoryOnceStore();
    const agent = make(ledger, store);
    const states = await statesOf(agent);
    t.mock.timers.tick(800 * DAY_MS);
    for (let claims = 0; claims < 2_000; claims++) store.claim(`other-${claims}`, 0);
    const before = ledger.begun.size;
    for (const state of states) assert.equal((await agent.resume(state)).text, "Done.");
    ledger.assertOnce();
    // An agent below that had no answer yet is asked anew: its calls are others.
    if (make === agentOf) assert.equal(ledger.begun.size, before);
  });
}

test("what waits is asked about again after its expiry, and too late it is the model's to ask", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const ledger = new Ledger();
  const make = (above: boolean) => {
    const store = new MemoryOnceStore();
    const tools = [ledger.tool("work", { requiresApproval: true })];
    return above
      ? agentAbove(ledger, store, { requiresApproval: true })
      : agentOf(ledger, store, tools);
  };
  for (const [above, id] of [
    [false, "a"],
    [true, "s/a"],
  ] as const) {
    const agent = make(above);
    const { state } = await agent.run("Go.");
    t.mock.timers.tick(DAY_MS + 1);
    const decisions = { [id]: { approve: true } } as const;
    await assert.rejects(agent.resume(state, decisions), { reason: "expired" });
    const again = await agent.resume(state);
    assert.equal(again.stopReason, "approval_required");
    assert.ok(Date.parse(again.pendingApprovals[0]?.expiresAt ?? "") > Date.now());
    const before = ledger.inputs.length;
    await agent.resume(again.state, decisions);
    assert.equal(ledger.inputs.length, before + 1);

    t.mock.timers.tick(2 * DAY_MS);
    const late = await agent.resume(state);
    assert.equal(ledger.inputs.length, before + 1);
    if (above) continue;
    assert.equal(late.text, "Done.");
    assert.match(late.toolCalls[0]?.result.content[0]?.text ?? "", /so long ago/);
  }
  ledger.assertOnce();
});

test("a call that grows too old while it is decided on does not begin", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const ledger = new Ledger();
  const agent = new Agent({
    llm: stepwise([CALLS]),
    tools: [ledger.tool("work")],
    hooks: { beforeTool: () => t.mock.timers.tick(DAY_MS) },
  });
  const result = await agent.run("Go.");
  assert.equal(ledger.begun.size, 0);
  for (const { status } of result.toolCalls) assert.equal(status, "error");
});

test("a plain tool in the place of an agent is claimed as any other", async () => {
  const ledger = new Ledger();
  const store = new MemoryOnceStore();
  const states = await statesOf(agentAbove(ledger, store));
  ledger.begun.clear();
  const { toolSpec } = agentAbove(ledger, store).asTool({ name: "below", description: "Works." });
  const plain = { ...ledger.tool("below"), toolSpec };
  const agent = new Agent({
    llm: stepwise([[]]),
    tools: [plain],
    approvals: { key: KEY, store },
  });
  for (const state of states) await agent.resume(state);
  assert.equal(ledger.begun.size, 0, "the call was begun by the agent");
});

test("a store that fails ends the run, and the call runs when it is back", async () => {
  for (const make of [agentOf, agentAbove]) {
    const ledger = new Ledger();
    const memory = new MemoryOnceStore();
    let left = 1;
    const full = new Error("No space left on device.");
    const store: OnceStore = {
      claim: (id, expiresAt) => {
        if (left-- === (make === agentOf ? 1 : 0)) throw full;
        return memory.claim(id, expiresAt);
      },
    };
    const agent = make(ledger, store);
    const failed = await agent.run("Go.").then(
      () => assert.fail("it did not fail"),
      (error: Error & { state: AgentState }) => error,
    );
    assert.equal(failed, full);
    const result = await agent.resume(failed.state);
    assert.equal(result.text, "Done.");
    ledger.assertOnce();
    // Of those beside it, one may have been granted, and stopped before it began: nobody can tell.
    const [failing] = CALLS;
    assert.ok(ledger.inputs.some((input) => (input as { id: string }).id === failing?.id));
    assert.doesNotMatch(JSON.stringify(result.messages), /No space/);
  }
});

test("an onState that fails once, anywhere: nothing is run twice, and nothing finished is lost", async () => {
  for (const make of [agentOf, agentAbove]) {
    for (let at = 1; ; at++) {
      const ledger = new Ledger();
      const agent = make(ledger, new MemoryOnceStore());
      let told = 0;
      const down = new Error("The database is down.");
      const onState = () => {
        told += 1;
        if (told === at) throw down;
      };
      const outcome = await agent.run("Go.", { onState }).catch((error: unknown) => error);
      if (told < at) {
        assert.ok(at > 6);
        break;
      }
      assert.equal(outcome, down, `at ${at}`);
      const result = await agent.resume((outcome as Error & { state: AgentState }).state);
      assert.equal(result.text, "Done.");
      assert.doesNotMatch(JSON.stringify(result.messages), /database/);
      ledger.assertOnce();
      assert.deepEqual(issuesOf(result.messages), []);
    }
  }
});
