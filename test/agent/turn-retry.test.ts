// An answer that breaks off is that turn's loss alone: it is withdrawn, asked for again, and no tool of it has
// run.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Agent,
  type AgentEvent,
  type AgentState,
  BedrockError,
  BedrockLLM,
  ConnectionError,
  type ConverseStreamEvent,
  defineTool,
  type InvokeOptions,
  StreamError,
  TimeoutError,
} from "../../src/index.ts";
import { type Fault, startLocalBedrock } from "../../src/local/index.ts";
import { TEST_CREDENTIALS } from "../helpers/client.ts";
import { issuesOf } from "../helpers/history.ts";
import { scriptedLLM, toResponse, USAGE } from "../helpers/scripted-llm.ts";

const FAST = { turnRetry: { maxAttempts: 3, baseMs: 0 } };
const truncated = () => new StreamError("Cut.", { reason: "truncated", retryable: true });

/** Breaks off after so many events, for each answer in turn; `undefined` lets an answer be whole. */
function breaking(
  llm: ReturnType<typeof scriptedLLM>,
  breaks: readonly (readonly [events: number, error: unknown] | undefined)[],
) {
  let asked = 0;
  return {
    invoke: (options: InvokeOptions) => llm.invoke(options),
    async *invokeStream(options: InvokeOptions): AsyncGenerator<ConverseStreamEvent, void> {
      const [events = Number.POSITIVE_INFINITY, error] = breaks[asked++] ?? [];
      let told = 0;
      for await (const event of llm.invokeStream(options)) {
        if (told++ >= events) throw error;
        yield event;
      }
    },
  };
}

/** Says the same whenever the history is the same. */
function steady(executed: unknown[]) {
  const llm = scriptedLLM(({ messages }) => {
    const isAnswered = (messages as readonly unknown[]).length > 1;
    return isAnswered ? "It is done." : [{ id: "a", name: "work", input: { n: 1 } }];
  });
  const work = defineTool({
    name: "work",
    description: "Work.",
    inputSchema: { type: "object" },
    execute: (input) => void executed.push(input),
  });
  return { llm, work };
}

async function eventsOf(run: AsyncIterable<AgentEvent>): Promise<AgentEvent[]> {
  const events: AgentEvent[] = [];
  for await (const event of run) events.push(event);
  return events;
}

test("wherever an answer breaks off, it is asked for again, and each tool runs once", async () => {
  // A call takes six events, a text five.
  for (const [turn, length] of [6, 5].entries()) {
    for (let events = 0; events < length; events++) {
      const executed: unknown[] = [];
      const { llm, work } = steady(executed);
      const breaks = [...Array(turn).fill(undefined), [events, truncated()] as const];
      const agent = new Agent({ llm: breaking(llm, breaks), tools: [work], ...FAST });
      const run = agent.stream("Go.");
      const told = await eventsOf(run);
      const result = await run.result();
      assert.equal(result.text, "It is done.");
      assert.deepEqual(executed, [{ n: 1 }]);
      assert.deepEqual(issuesOf(result.messages), []);
      const retries = told.filter(({ type }) => type === "turn_retry");
      assert.equal(retries.length, 1);
      const [retry] = retries;
      assert.ok(retry?.type === "turn_retry");
      assert.deepEqual([retry.turn, retry.attempt, retry.reason], [turn + 1, 2, "StreamError"]);
      const types = told.map(({ type }) => type);
      const started = types.indexOf("tool_call_start");
      assert.equal(types.lastIndexOf("tool_call_start"), started);
      if (turn === 0) assert.ok(types.indexOf("turn_retry") < started);
      // What a reader keeps who withdraws what was shown since the turn began.
      let shown = "";
      let kept = "";
      for (const event of told) {
        if (event.type === "turn_retry") shown = "";
        if (event.type === "text_delta") shown += event.text;
        if (event.type !== "turn_end") continue;
        kept += shown;
        shown = "";
      }
      assert.equal(kept, "It is done.");
    }
  }
});

const PASSING = [
  new ConnectionError("Reset.", { retryable: true }),
  new BedrockError("Slow down.", { code: "ThrottlingException", retryable: true }),
  new StreamError("Nonsense.", { reason: "protocol" }),
  new TimeoutError("Silence.", { phase: "idle", elapsedMs: 5 }),
];

for (const error of PASSING) {
  test(`${error.name}${"phase" in error ? ` (${error.phase})` : ""} in an answer is survived`, async () => {
    const { llm, work } = steady([]);
    const agent = new Agent({ llm: breaking(llm, [[2, error]]), tools: [work], ...FAST });
    assert.equal((await agent.run("Go.")).text, "It is done.");
  });
}

const LASTING = [
  new BedrockError("No.", { code: "AccessDeniedException" }),
  new ConnectionError("Bad certificate."),
  new TimeoutError("Silence.", { phase: "first_event", elapsedMs: 5 }),
  new TypeError("A mistake."),
];

for (const error of LASTING) {
  test(`${error.name} (${error.message}) ends the run, which can go on from its state`, async () => {
    const executed: unknown[] = [];
    const { llm, work } = steady(executed);
    const make = (breaks: Parameters<typeof breaking>[1]) =>
      new Agent({ llm: breaking(llm, breaks), tools: [work], ...FAST });
    const failed = await make([undefined, [1, error]])
      .run("Go.")
      .then(() => assert.fail("it did not fail"))
      .catch((thrown: Error & { state?: AgentState }) => thrown);
    assert.equal(failed, error);
    assert.doesNotMatch(JSON.stringify(failed) + String(failed.stack), /"messages"/);
    const result = await make([]).resume(failed.state ?? assert.fail("no state"));
    assert.equal(result.text, "It is done.");
    assert.deepEqual(executed, [{ n: 1 }]);
  });
}

test("attempts are limited, and the last error is the run's", async () => {
  const { llm, work } = steady([]);
  const breaks = [1, 2, 3, 4].map(() => [1, truncated()] as const);
  const agent = new Agent({ llm: breaking(llm, breaks), tools: [work], ...FAST });
  await assert.rejects(agent.run("Go."), { name: "StreamError" });
  assert.equal(llm.requests.length, 3);
});

test("an answer that ends without its end is none", async () => {
  const { llm, work } = steady([]);
  const cutShort = {
    invoke: llm.invoke,
    async *invokeStream(options: InvokeOptions) {
      for await (const event of llm.invokeStream(options)) {
        if (event.messageStop !== undefined) return;
        yield event;
      }
    },
  };
  const agent = new Agent({ llm: cutShort, tools: [work], ...FAST });
  await assert.rejects(agent.run("Go."), { name: "StreamError", reason: "truncated" });
});

test("an answer in no legal form is asked for again, and its cost is counted", async () => {
  const bad = { ...toResponse("?"), stopReason: "malformed_tool_use" };
  const agent = new Agent({ llm: scriptedLLM([bad, bad, "Yes."]), ...FAST });
  const result = await agent.run("Go.");
  assert.equal(result.text, "Yes.");
  assert.equal(result.turns, 1);
  assert.equal(result.usage.totalTokens, 3 * USAGE.totalTokens);
  const never = await new Agent({ llm: scriptedLLM(() => bad), ...FAST }).run("Go.");
  assert.equal(never.stopReason, "malformed_tool_use");
});

test("an abort ends the pause before another attempt", async () => {
  const { llm, work } = steady([]);
  const turnRetry = { maxAttempts: 3, baseMs: 1e9 };
  const agent = new Agent({ llm: breaking(llm, [[1, truncated()]]), tools: [work], turnRetry });
  const run = agent.stream("Go.");
  for await (const { type } of run) if (type === "turn_retry") run.abort();
  assert.equal((await run.result()).stopReason, "aborted");
});

const FAULTS: readonly Fault[] = [
  { type: "reset_peer", afterFrames: 3 },
  { type: "truncation", frames: 3 },
  { type: "bad_checksum", frame: 3 },
  { type: "ModelStreamErrorException", frame: 3 },
];

for (const fault of FAULTS) {
  test(`through a real socket: ${fault.type} costs a turn, and no tool`, async (t) => {
    let answers = 0;
    const local = await startLocalBedrock({
      model: ({ messages }) =>
        (messages?.length ?? 0) > 1
          ? "It is done."
          : { content: [{ toolUse: { toolUseId: "a", name: "work", input: { n: 1 } } }] },
      faults: () => (answers++ % 2 === 0 ? [fault] : []),
    });
    t.after(() => local.close());
    const executed: unknown[] = [];
    const { work } = steady(executed);
    const llm = new BedrockLLM({
      endpoint: local.url,
      credentials: TEST_CREDENTIALS,
      modelId: "us.anthropic.claude-haiku-4-5-20251001-v1:0",
    });
    t.after(() => llm.close());
    const run = new Agent({ llm, tools: [work], ...FAST }).stream("Go.");
    const types = (await eventsOf(run)).map(({ type }) => type);
    assert.equal((await run.result()).text, "It is done.");
    assert.deepEqual(executed, [{ n: 1 }]);
    assert.equal(types.filter((type) => type === "turn_retry").length, 2);
  });
}
