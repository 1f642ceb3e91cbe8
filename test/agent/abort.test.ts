// Nobody keeps a run from ending: whatever is asked of others may stay silent for ever, and the run ends
// soon after its abort all the same, with what was finished.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextRound } from "node:timers/promises";
import {
  Agent,
  type AgentEvent,
  type AgentOptions,
  type AgentRun,
  type AgentState,
  defineTool,
  type InvokeOptions,
} from "../../src/index.ts";
import { issuesOf } from "../helpers/history.ts";
import { scriptedLLM } from "../helpers/scripted-llm.ts";

const CALL = { id: "a", name: "work", input: {} };
const KEY = "a key of thirty-two bytes, for tests";
const never = (): Promise<never> => new Promise(() => {});

/** Answers by how far the conversation has come, so that it can be asked again. */
function steady() {
  return scriptedLLM(({ messages }) =>
    (messages as readonly unknown[]).length > 1 ? "Done." : [CALL],
  );
}

function tool(execute: () => unknown = () => "worked", options: object = {}) {
  return defineTool({
    name: "work",
    description: "Work.",
    inputSchema: { type: "object" },
    execute,
    ...options,
  });
}

/** Fails where a run does not end; how fast this machine is does not matter. */
async function soon<Value>(work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("It did not end.")), 15_000);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

const silentStream = () => ({
  invoke: never,
  invokeStream: () => ({ [Symbol.asyncIterator]: () => ({ next: never, return: never }) }),
});

const silentResponse = () => {
  const llm = steady();
  return {
    invoke: never,
    invokeStream: (options: InvokeOptions) => {
      const events = llm.invokeStream(options);
      return { [Symbol.asyncIterator]: () => events, response: never };
    },
  };
};

const SILENT: [what: string, options: () => Partial<AgentOptions>][] = [
  ["a model that answers nothing", () => ({ llm: { invoke: never } })],
  ["a model that streams nothing and ignores its signal", () => ({ llm: silentStream() })],
  ["a model that never tells its response", () => ({ llm: silentResponse() })],
  ["prepareTurn", () => ({ prepareTurn: never })],
  ["stopWhen", () => ({ stopWhen: never })],
  ["beforeModel", () => ({ hooks: { beforeModel: never } })],
  ["afterModel", () => ({ hooks: { afterModel: never } })],
  ["beforeTool", () => ({ hooks: { beforeTool: never } })],
  ["afterTool", () => ({ hooks: { afterTool: never } })],
  ["a tool that ignores its signal", () => ({ tools: [tool(never)] })],
  ["requiresApproval", () => ({ tools: [tool(() => "", { requiresApproval: never })] })],
  ["a store", () => ({ approvals: { key: KEY, store: { claim: never } } })],
  [
    "the check of an input",
    () => ({
      tools: [
        { ...tool(), check: never },
        { ...tool(), name: "other", toolSpec: { ...tool().toolSpec, name: "other" } },
      ],
    }),
  ],
];

for (const [what, options] of SILENT) {
  const agent = () => new Agent({ llm: steady(), tools: [tool()], ...options() });

  test(`${what}: silent for ever, and the run ends when it is aborted`, async () => {
    const run = agent().stream("Go.");
    const ended = run.result();
    for (let rounds = 0; rounds < 20; rounds++) await nextRound();
    run.abort(new Error("Enough."));
    const result = await soon(ended);
    assert.equal(result.stopReason, "aborted");
    assert.deepEqual(issuesOf(result.messages), []);
    const resumed = new Agent({ llm: steady(), tools: [tool()], approvals: { key: KEY } });
    const [state] = [JSON.stringify(result.state)];
    if (options().approvals !== undefined)
      assert.equal((await resumed.resume(state)).text, "Done.");
  });

  test(`${what}: silent for ever, and so is an agent above it`, async () => {
    const tools = [agent().asTool({ name: "work", description: "Works." })];
    const { approvals } = options();
    const run = new Agent({ llm: steadyAbove(), tools, approvals }).stream("Go.");
    const ended = run.result();
    for (let rounds = 0; rounds < 30; rounds++) await nextRound();
    run.abort();
    assert.equal((await soon(ended)).stopReason, "aborted");
  });
}

function steadyAbove() {
  return scriptedLLM(() => [{ id: "s", name: "work", input: { prompt: "Go." } }]);
}

test("an onState that never returns is given up, some time after the abort", async () => {
  const agent = new Agent({ llm: steady(), tools: [tool()] });
  const run = agent.stream("Go.", { onState: never });
  const ended = run.result();
  await nextRound();
  run.abort();
  const result = await soon(ended);
  assert.equal(result.stopReason, "aborted");
  assert.equal((await agent.resume(result.state)).text, "Done.");
});

test("an onState that takes its time is waited for: what it keeps last is the last", async () => {
  const agent = new Agent({ llm: steady(), tools: [tool()] });
  let finish: () => void = () => {};
  let kept = 0;
  const onState = () =>
    new Promise<void>((resolve) => {
      finish = () => {
        kept += 1;
        resolve();
      };
    });
  const run = agent.stream("Go.", { onState });
  const ended = run.result();
  for (let rounds = 0; rounds < 10; rounds++) await nextRound();
  run.abort();
  finish();
  await soon(ended);
  assert.equal(kept, 1);
});

test("decisions on a store that is silent end with the abort, and can be made again", async () => {
  const options = { llm: steady(), tools: [tool(() => "worked", { requiresApproval: true })] };
  const agent = new Agent({ ...options, approvals: { key: KEY } });
  const { state } = await agent.run("Go.");
  const stuck = new Agent({ ...options, approvals: { key: KEY, store: { claim: never } } });
  const run = stuck.resumeStream(state, { a: { approve: true } });
  const ended = run.result();
  await nextRound();
  run.abort();
  await assert.rejects(soon(ended), { name: "AbortError" });
  assert.equal((await agent.resume(state, { a: { approve: true } })).text, "Done.");
});

test("a reader who leaves while he waits for an event is let go at once", async () => {
  let signal: AbortSignal | undefined;
  const silent = defineTool({
    name: "work",
    description: "Work.",
    inputSchema: { type: "object" },
    execute: (_, execution) => {
      signal = execution.signal;
      return never();
    },
  });
  const run = new Agent({ llm: steady(), tools: [silent] }).stream("Go.");
  const events = run[Symbol.asyncIterator]();
  while (signal === undefined) {
    const next = events.next();
    await Promise.race([next, nextRound()]);
    for (let rounds = 0; rounds < 10; rounds++) await nextRound();
  }
  const waiting = events.next();
  await soon(events.return(undefined));
  await soon(waiting);
  assert.ok(signal.aborted);
  assert.equal((await soon(run.result())).stopReason, "aborted");
});

test("a reader who leaves before he has begun leaves nothing running", async () => {
  const llm = steady();
  const run = new Agent({ llm, tools: [tool()] }).stream("Go.");
  await run[Symbol.asyncIterator]().return(undefined);
  assert.equal((await soon(run.result())).stopReason, "aborted");
  assert.equal(llm.requests.length, 0);
});

test("a reader who leaves at approval_required has what the run came to", async () => {
  const agent = new Agent({ llm: steady(), tools: [tool(() => "", { requiresApproval: true })] });
  const run = agent.stream("Go.");
  for await (const { type } of run) if (type === "approval_required") break;
  const { stopReason, pendingApprovals, state } = await run.result();
  assert.equal(stopReason, "approval_required");
  assert.equal(pendingApprovals.length, 1);
  assert.equal((await agent.resume(state, { a: { approve: true } })).text, "Done.");
});

test("a hook that fails because of the abort is part of it, and one that fails besides is told", async () => {
  const failing = (error: (signal: AbortSignal) => unknown) =>
    new Agent({
      llm: steady(),
      tools: [tool()],
      prepareTurn: ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(error(signal)));
        }),
    });
  const abort = async (agent: Agent) => {
    const run = agent.stream("Go.");
    const ended = run.result();
    await nextRound();
    run.abort();
    return await soon(ended);
  };
  const obedient = failing(({ reason }) => reason);
  assert.equal((await abort(obedient)).stopReason, "aborted");
  const other = new Error("Something else.");
  await assert.rejects(abort(failing(() => other)), other);
});

test("progress that nobody reads is bounded, who reads it late included", async () => {
  const flood = 200_000;
  const noisy = defineTool({
    name: "work",
    description: "Work.",
    inputSchema: { type: "object" },
    execute: async (_, { progress }) => {
      for (let told = 0; told < flood; told++) {
        progress({ told });
        if (told % 500 === 0) await nextRound();
      }
    },
  });
  const above = new Agent({
    llm: steadyAbove(),
    maxTurns: 1,
    tools: [
      new Agent({ llm: steady(), tools: [noisy] }).asTool({ name: "work", description: "Works." }),
    ],
  });
  for (const agent of [new Agent({ llm: steady(), tools: [noisy] }), above]) {
    const run: AgentRun = agent.stream("Go.");
    const events = run[Symbol.asyncIterator]();
    await events.next();
    await run.result();
    const types: AgentEvent["type"][] = [];
    for await (const { type } of events) types.push(type);
    const told = types.filter((type) => type === "tool_progress").length;
    assert.ok(told > 0 && told < flood / 10, `${told}`);
    assert.equal(types.at(-1), "run_end");
    assert.ok(types.includes("tool_call_end"), "what is no progress is all there");
  }
});

test("runs that are cut leave no listener on the caller's signal, and no timer", async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  Object.assign(signal, {
    addEventListener: (...given: Parameters<typeof add>) => {
      listeners += 1;
      add(...given);
    },
    removeEventListener: (...given: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...given);
    },
  });
  const silent = new Agent({ llm: steady(), tools: [tool(never)] });
  const failing = new Agent({ llm: { invoke: () => Promise.reject(new Error("No.")) } });
  for (let round = 0; round < 5; round++) {
    for await (const { type } of silent.stream("Go.", { signal })) {
      if (type === "tool_call_start") break;
    }
    await assert.rejects(failing.run("Go.", { signal }));
    await assert.rejects(silent.resume({} as AgentState, {}, { signal }));
  }
  assert.equal(listeners, 0);
});

test("progress that nobody reads at all is bounded too", async () => {
  let flooded: () => void = () => {};
  const flood = new Promise<void>((resolve) => {
    flooded = resolve;
  });
  const noisy = defineTool({
    name: "work",
    description: "Work.",
    inputSchema: { type: "object" },
    execute: (_, { progress }) => {
      for (let told = 0; told < 100_000; told++) progress({ told });
      flooded();
    },
  });
  const events = new Agent({ llm: steady(), tools: [noisy] }).stream("Go.")[Symbol.asyncIterator]();
  for (let next = await events.next(); next.value?.type !== "tool_call_start"; ) {
    next = await events.next();
  }
  await flood;
  let told = 0;
  for await (const { type } of events) if (type === "tool_progress") told += 1;
  assert.ok(told > 0 && told < 10_000, `${told}`);
});

test("any number of runs on one signal, and of calls in one turn, is nothing to warn of", async () => {
  const warnings: string[] = [];
  const onWarning = ({ name }: Error) => void warnings.push(name);
  process.on("warning", onWarning);
  const { signal } = new AbortController();
  const calls = Array.from({ length: 50 }, (_, index) => ({ ...CALL, id: `t${index}` }));
  const llm = scriptedLLM(({ messages }) =>
    (messages as readonly unknown[]).length > 1 ? "Done." : calls,
  );
  const slow = tool(nextRound);
  const agent = new Agent({ llm, tools: [slow], maxParallelCalls: 50 });
  const options = { signal, onState: () => nextRound() };
  await Promise.all(calls.map(() => agent.run("Go.", options)));
  await nextRound();
  process.off("warning", onWarning);
  assert.deepEqual(warnings, []);
});
