// No prompt, no input, no result, no key and no state in whatever is printed of an error or told to a logger.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import * as v from "valibot";
import {
  Agent,
  type AgentOptions,
  type AgentState,
  defineTool,
  MemoryOnceStore,
  StreamError,
} from "../../src/index.ts";
import { scriptedLLM, toResponse } from "../helpers/scripted-llm.ts";

const CANARY = "canary-7c1f";
const KEY = `${CANARY}-key-of-thirty-two-bytes-or-more`;

function assertClean(error: unknown, where: string): void {
  assert.ok(error instanceof Error, where);
  const printed = [
    inspect(error, { depth: 20 }),
    inspect(error, { depth: 20, showHidden: true }),
    JSON.stringify(error),
    String(error.stack),
    JSON.stringify({ ...error }),
  ];
  for (const text of printed) assert.ok(!text.includes(CANARY), `${where}: ${text.slice(0, 500)}`);
}

const CALL = { id: "a", name: "work", input: { text: CANARY } };

function world(options: Partial<AgentOptions> = {}) {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const work = defineTool({
    name: "work",
    description: `Work. ${CANARY}`,
    inputSchema: v.object({
      text: v.pipe(v.string(), v.minLength(3)),
      times: v.optional(v.number()),
    }),
    requiresApproval: true,
    execute: ({ text }) => `${CANARY} ${text}`,
  });
  const agent = new Agent({
    llm: scriptedLLM(({ messages }) =>
      (messages as readonly unknown[]).length > 1 ? `Done ${CANARY}.` : [CALL],
    ),
    systemPrompt: CANARY,
    tools: [work],
    approvals: { key: KEY, store: new MemoryOnceStore() },
    logger: { debug: write, info: write, warn: write, error: write },
    turnRetry: { maxAttempts: 2, baseMs: 0 },
    ...options,
  });
  return { agent, lines };
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => assert.fail("it did not fail"),
    (error: unknown) => error,
  );
}

test("errors of decisions and states hold nothing of what was decided on", async () => {
  const { agent } = world();
  const { state } = await agent.run(CANARY);
  const edited = (input: unknown) => ({ a: { approve: true, input: input as never } }) as const;
  const yes = { a: { approve: true } } as const;
  const forged = { ...state, nonce: CANARY } as AgentState;
  const otherKey = world({ approvals: { key: `${CANARY}-another-key-of-thirty-two` } }).agent;
  const noTool = world({ tools: [] }).agent;
  const failures: [where: string, work: Promise<unknown>][] = [
    ["an input of another type", agent.resume(state, edited({ text: 5, [CANARY]: 1 }))],
    [
      "an input that a library tells of",
      agent.resume(state, edited({ text: "abc", times: CANARY })),
    ],
    ["an input that is refused", agent.resume(state, edited({ other: CANARY }))],
    ["an input that is no object", agent.resume(state, edited(CANARY))],
    ["an input that is no JSON", agent.resume(state, edited({ text: CANARY, n: 1n }))],
    ["a forged state", agent.resume(forged, yes)],
    ["a state of another key", otherKey.resume(state, yes)],
    ["a state that is no JSON", agent.resume(`{"run": ${CANARY}`, yes)],
    ["a tool that is gone", noTool.resume(state, yes)],
    ["a call that does not wait", agent.resume(state, { b: { approve: true } })],
    ["no decision", agent.resume(state, { a: { approve: CANARY } as never })],
    ["no reason", agent.resume(state, { a: { approve: false, reason: [CANARY] as never } })],
  ];
  for (const [where, work] of failures) assertClean(await failureOf(work), where);
  await agent.resume(state, yes);
  assertClean(await failureOf(agent.resume(state, yes)), "replayed");
});

test("errors of a run hide the state they carry, and the words of the model", async () => {
  const broken = scriptedLLM(() => {
    const error = new StreamError("It broke.", { reason: "truncated", retryable: true });
    Object.defineProperty(error, "partial", { get: () => toResponse(CANARY) });
    throw error;
  });
  const hook = () => {
    throw new Error("The policy server is down.");
  };
  const wrong = () => ({ [CANARY]: CANARY }) as never;
  const cases: [where: string, options: Partial<AgentOptions>][] = [
    ["a stream that breaks", { llm: broken }],
    ["a hook that throws", { hooks: { afterModel: hook } }],
    ["a hook that returns anything", { hooks: { beforeTool: wrong } }],
    ["a prepareTurn that returns anything", { prepareTurn: () => CANARY as never }],
    ["a store", { approvals: { key: KEY, store: { claim: hook } }, tools: [plain()] }],
  ];
  for (const [where, options] of cases) {
    const { agent, lines } = world(options);
    const error = await failureOf(agent.run(CANARY, { context: CANARY }));
    assertClean(error, where);
    const { state } = error as { state?: AgentState };
    assert.ok(state !== undefined && JSON.stringify(state).includes(CANARY), `${where}: its state`);
    assert.equal(Object.keys(error as object).includes("state"), false);
    assert.doesNotMatch(lines.join("\n"), new RegExp(CANARY));
    if (options.llm !== undefined) assert.equal(lines.length, 1);
  }
});

function plain() {
  return defineTool({
    name: "work",
    description: "Work.",
    inputSchema: { type: "object" },
    execute: () => CANARY,
  });
}

test("agents and runs show no key and no prompt when they are printed", async () => {
  const { agent } = world();
  const run = agent.stream(CANARY);
  await run.result();
  for (const value of [agent, run]) {
    const printed = inspect(value, { depth: 20, showHidden: true }) + JSON.stringify(value);
    assert.ok(!printed.includes(KEY));
  }
});

test("an error that two runs fail with shows neither of them the conversation of the other", async () => {
  const shared = new Error("The policy server is down.");
  const { agent } = world({
    hooks: {
      beforeModel: () => {
        throw shared;
      },
    },
  });
  const [one, other] = (await Promise.all(
    ["first", "second"].map((prompt) => failureOf(agent.run(prompt))),
  )) as (Error & { state?: AgentState })[];
  for (const [error, prompt] of [
    [one, "first"],
    [other, "second"],
  ] as const) {
    assert.equal(error?.message, shared.message);
    assert.ok(error instanceof Error);
    assertClean(error, prompt);
    assert.match(JSON.stringify(error?.state), new RegExp(prompt));
  }
});
