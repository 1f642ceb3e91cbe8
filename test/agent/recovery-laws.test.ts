// A run is cut at every event, at every state that is told and inside of every tool, and gone on with from
// what was left, until it is done: no call is ever run twice, and the history ends up legal.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  Agent,
  type AgentResult,
  type AgentRun,
  type AgentState,
  type ApprovalDecisions,
  defineTool,
  MemoryOnceStore,
} from "../../src/index.ts";
import { issuesOf } from "../helpers/history.ts";
import { type ScriptedCall, type ScriptedLLM, scriptedLLM } from "../helpers/scripted-llm.ts";

const KINDS = ["plain", "slow", "alone", "asks", "throws", "idempotent"] as const;
type Kind = (typeof KINDS)[number];

/** Where a run is cut: while its reader holds the n-th event, by leaving or by aborting; after the n-th state
 * was kept, by a crash that takes the memory of the process with it; in the n-th tool that runs. */
interface Cut {
  readonly how: "leave" | "abort" | "crash" | "tool";
  readonly at: number;
}

/** A model that goes through a plan of calls, whatever happens to them, and then says that it is done. */
function planned(plan: readonly (readonly Kind[])[]): ScriptedLLM {
  return scriptedLLM(({ messages }) => {
    assert.ok(Array.isArray(messages));
    assert.deepEqual(issuesOf(messages), []);
    const turn = messages.filter(({ role }) => role === "assistant").length;
    const calls = plan[turn]?.map((kind, index): ScriptedCall => {
      return { id: `call-${index}`, name: kind, input: { turn, index } };
    });
    return calls ?? "Done.";
  });
}

class World {
  readonly executions = new Map<string, number>();
  readonly #llm: ScriptedLLM;
  #store = new MemoryOnceStore();
  /** Called inside of each tool. */
  onTool: () => void = () => {};

  constructor(llm: ScriptedLLM) {
    this.#llm = llm;
  }

  /** Whatever only the process knew is gone. */
  forget(): void {
    this.#store = new MemoryOnceStore();
  }

  agent(): Agent {
    return new Agent({
      llm: this.#llm,
      tools: KINDS.map((kind) => this.#tool(kind)),
      approvals: { key: "a key of thirty-two bytes, for tests", store: this.#store },
    });
  }

  #tool(kind: Kind) {
    return defineTool({
      name: kind,
      description: `A tool that is ${kind}.`,
      inputSchema: {
        type: "object",
        properties: { turn: { type: "number" }, index: { type: "number" } },
        required: ["turn", "index"],
      },
      requiresApproval: kind === "asks",
      sequential: kind === "alone",
      idempotent: kind === "idempotent",
      execute: async ({ turn, index }, { idempotencyKey }) => {
        const key = kind === "idempotent" ? idempotencyKey : `${turn}/${index}`;
        this.executions.set(key, (this.executions.get(key) ?? 0) + 1);
        this.onTool();
        if (kind === "slow") await new Promise((resolve) => setImmediate(resolve));
        if (kind === "throws") throw new Error("It did not work.");
        return `${turn}/${index}`;
      },
    });
  }
}

/** Reads a run until it is cut, and returns what is left of it. */
async function readUntil(
  begin: (options: object) => AgentRun,
  cut: Cut | undefined,
  world: World,
): Promise<{ state: AgentState | undefined; result?: AgentResult }> {
  let kept: AgentState | undefined;
  let states = 0;
  let tools = 0;
  const crash = new Error("The process has crashed.");
  const onState = (state: AgentState) => {
    kept = structuredClone(state) as AgentState;
    states += 1;
    if (cut?.how === "crash" && states > cut.at) throw crash;
  };
  const run = begin(cut?.how === "crash" ? { onState } : {});
  world.onTool = () => {
    tools += 1;
    if (cut?.how === "tool" && tools > cut.at) run.abort();
  };
  let events = 0;
  try {
    for await (const _ of run) {
      events += 1;
      if (events <= (cut?.at ?? 0)) continue;
      if (cut?.how === "abort") run.abort();
      if (cut?.how === "leave") break;
    }
    const result = await run.result();
    // What is handed on is what a database has kept of it.
    const state = JSON.parse(JSON.stringify(result.state)) as AgentState;
    return { state, result };
  } catch (error) {
    if (error !== crash) throw error;
    world.forget();
    return { state: kept };
  }
}

async function runCut(plan: readonly (readonly Kind[])[], cuts: readonly Cut[]) {
  const world = new World(planned(plan));
  let next = 0;
  let left = await readUntil((o) => world.agent().stream("Go.", o), cuts[next++], world);
  for (let rounds = 0; left.result?.stopReason !== "end_turn"; rounds++) {
    assert.ok(rounds < 50, "it goes on for ever");
    const { state, result } = left;
    const decisions: ApprovalDecisions = Object.fromEntries(
      (result?.pendingApprovals ?? []).map(({ toolUseId }) => [toolUseId, { approve: true }]),
    );
    const begin =
      state === undefined
        ? (options: object) => world.agent().stream("Go.", options)
        : (options: object) => world.agent().resumeStream(state, decisions, options);
    left = await readUntil(begin, cuts[next++], world);
  }
  return { world, result: left.result };
}

function assertLaws(plan: readonly (readonly Kind[])[], world: World, result: AgentResult): void {
  for (const [key, times] of world.executions) {
    const isIdempotent = !key.includes("/");
    assert.ok(times === 1 || isIdempotent, `${key} was run ${times} times`);
  }
  assert.equal(result.text, "Done.");
  assert.deepEqual(issuesOf(result.messages), []);
  const expected = plan.flatMap((kinds, turn) =>
    kinds.map((_, index) => `${turn + 1} call-${index}`),
  );
  assert.deepEqual(
    result.toolCalls.map(({ turn, toolUseId }) => `${turn} ${toolUseId}`),
    expected,
  );
  for (const message of result.messages.filter(({ role }) => role === "assistant")) {
    const calls = message.content.flatMap(({ toolUse }) => toolUse?.toolUseId ?? []);
    const answer = result.messages[result.messages.indexOf(message) + 1];
    const results = answer?.content.flatMap(({ toolResult }) => toolResult?.toolUseId ?? []) ?? [];
    assert.deepEqual(results, calls);
  }
}

const FIXED_PLAN: readonly (readonly Kind[])[] = [
  ["plain", "slow", "throws"],
  ["slow", "alone", "plain"],
  ["asks", "plain", "alone", "asks"],
  ["idempotent"],
];

for (const how of ["leave", "abort", "crash", "tool"] as const) {
  test(`a run that is cut anywhere (${how}) goes on without running anything twice`, async () => {
    for (let at = 0; at < 60; at++) {
      const { world, result } = await runCut(FIXED_PLAN, [{ how, at }]);
      assert.ok(result !== undefined);
      assertLaws(FIXED_PLAN, world, result);
    }
  });
}

test("any plan, cut any number of times in any way, is done once", async () => {
  const plans = fc.array(fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 5 }), {
    maxLength: 4,
  });
  const cuts = fc.array(
    fc.record({
      how: fc.constantFrom("leave", "abort", "crash", "tool"),
      at: fc.nat({ max: 20 }),
    }) as fc.Arbitrary<Cut>,
    { maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(plans, cuts, async (plan, where) => {
      const { world, result } = await runCut(plan, where);
      assert.ok(result !== undefined);
      assertLaws(plan, world, result);
    }),
    { numRuns: 300 },
  );
});

test("an earlier state, resumed in the same process, runs no call again that it had asked for", async () => {
  const world = new World(planned(FIXED_PLAN));
  const states: AgentState[] = [];
  const agent = world.agent();
  const first = await agent.run("Go.", { onState: (state) => void states.push(state) });
  assert.equal(first.stopReason, "approval_required");
  const before = new Map(world.executions);
  for (const state of states) await agent.resume(state).catch(() => {});
  // Later turns are asked for anew, and their calls are others.
  const asked = [...before].filter(([key]) => key.startsWith("0/"));
  assert.equal(asked.length, 3);
  for (const [key, times] of asked) assert.equal(world.executions.get(key), times, key);
});
