// What a run tells and keeps, whatever it is given: events in pairs, histories that are legal, sums that are
// right, models and hooks that are odd.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  Agent,
  type AgentEvent,
  type AgentHooks,
  type AgentRun,
  type AgentState,
  BedrockError,
  type ContentBlock,
  costOf,
  defineTool,
  type InvokeOptions,
  type Message,
  StreamError,
} from "../../src/index.ts";
import { issuesOf } from "../helpers/history.ts";
import {
  type ScriptedLLM,
  type ScriptedReply,
  scriptedLLM,
  toResponse,
  USAGE,
} from "../helpers/scripted-llm.ts";

const FAST = { turnRetry: { maxAttempts: 3, baseMs: 0 } };
const MODEL = "global.anthropic.claude-sonnet-5";
const broken = () => new StreamError("It broke.", { reason: "truncated", retryable: true });

function stepwise(replies: readonly ScriptedReply[]): ScriptedLLM {
  return scriptedLLM(({ messages }) => {
    const given = messages as readonly Message[];
    return replies[given.filter(({ role }) => role === "assistant").length] ?? "Done.";
  });
}

function tool(name: string, options: object = {}) {
  return defineTool({
    name,
    description: `The tool ${name}.`,
    inputSchema: { type: "object" },
    execute: () => `${name} worked`,
    ...options,
  });
}

async function eventsOf(run: AgentRun): Promise<{ events: AgentEvent[]; error?: unknown }> {
  const events: AgentEvent[] = [];
  try {
    for await (const event of run) events.push(event);
    return { events };
  } catch (error) {
    return { events, error };
  }
}

/** Turns begin and end in order; between them calls do; what was withdrawn is withdrawn before any call. */
function assertSequence(events: readonly AgentEvent[], isFailed: boolean): void {
  let open: number | undefined;
  const calls = new Set<string>();
  for (const event of events) {
    if (event.type === "turn_start") {
      assert.equal(open, undefined, "a turn begins within another one");
      open = event.turn;
    } else if (event.type === "turn_end") {
      if (open !== undefined) assert.equal(event.turn, open);
      assert.equal(calls.size, 0, "a turn ends with calls that do not");
      open = undefined;
    } else if (event.type === "tool_call_start") {
      assert.ok(!calls.has(event.toolUseId), "a call begins twice");
      calls.add(event.toolUseId);
    } else if (event.type === "tool_call_end") {
      assert.ok(calls.delete(event.toolUseId), "a call ends that has not begun");
    } else if (event.type === "turn_retry") {
      assert.equal(event.turn, open);
      assert.equal(calls.size, 0);
    }
  }
  assert.equal(events.filter(({ type }) => type === "run_end").length, isFailed ? 0 : 1);
  if (!isFailed) assert.equal(events.at(-1)?.type, "run_end");
}

const KINDS = ["plain", "asks", "alone", "throws", "missing"] as const;

/** Breaks where a list says so, and else answers by a plan. */
function breaking(llm: ScriptedLLM, breaks: boolean[]) {
  return {
    invoke: llm.invoke,
    async *invokeStream(options: InvokeOptions) {
      const isBroken = breaks.shift() === true;
      for await (const event of llm.invokeStream(options)) {
        if (isBroken && event.contentBlockStop !== undefined) throw broken();
        yield event;
      }
    },
  };
}

test("events come in pairs and in order, whatever breaks, waits or is aborted, and when gone on with", async () => {
  const plans = fc.array(fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 4 }), {
    maxLength: 3,
  });
  const breaks = fc.array(fc.boolean(), { maxLength: 12 });
  const abortAt = fc.option(fc.nat({ max: 25 }), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(plans, breaks, abortAt, async (plan, breaksAt, at) => {
      const replies = plan.map((kinds, turn) =>
        kinds.map((name, index) => ({ id: `${turn}-${index}`, name, input: {} })),
      );
      const tools = [
        tool("plain"),
        tool("asks", { requiresApproval: true }),
        tool("alone", { sequential: true }),
        tool("throws", { execute: () => Promise.reject(new Error("No.")) }),
      ];
      const llm = breaking(stepwise(replies), [...breaksAt]);
      const agent = new Agent({ llm, tools, ...FAST });
      let run = agent.stream("Go.");
      for (let round = 0; round < 40; round++) {
        let told = 0;
        const events: AgentEvent[] = [];
        let error: { state: AgentState } | undefined;
        try {
          for await (const event of run) {
            events.push(event);
            if (round === 0 && told++ === at) run.abort();
          }
        } catch (thrown) {
          error = thrown as { state: AgentState };
        }
        assertSequence(events, error !== undefined);
        const last = events.at(-1);
        if (error !== undefined) {
          run = agent.resumeStream(error.state);
          continue;
        }
        assert.ok(last?.type === "run_end");
        const { stopReason, state, messages, pendingApprovals } = last.result;
        assert.deepEqual(issuesOf(messages), []);
        if (stopReason === "end_turn") return;
        const decisions = Object.fromEntries(
          pendingApprovals.map(({ toolUseId }) => [toolUseId, { approve: true as const }]),
        );
        run = agent.resumeStream(state, decisions);
      }
      assert.fail("it goes on for ever");
    }),
    { numRuns: 200 },
  );
});

test("a history stays legal, and reasoning verbatim and first, with odd answers, ids and names", async () => {
  const bytes = new Uint8Array([0, 255, 36]);
  const reasoning: ContentBlock[] = [
    { reasoningContent: { reasoningText: { text: " Hm. \n", signature: "s1" } } },
    { reasoningContent: { redactedContent: bytes } },
  ];
  const call = (toolUseId: unknown, name: string, input: unknown = {}): ContentBlock =>
    ({ toolUse: { toolUseId, name, input } }) as ContentBlock;
  const contents: ContentBlock[][] = [
    [...reasoning, { text: "" }, call("a", "plain")],
    [
      ...reasoning,
      call("x".repeat(200), "plain"),
      call("ü ü", "plain"),
      call("", "plain"),
      call(undefined, "plain"),
    ],
    [...reasoning, call("b", "$READ<|channel|>"), call("c", "x".repeat(300)), call("d", "")],
    [...reasoning, call("e", "plain"), call("e", "plain"), call("__proto__", "__proto__")],
    [...reasoning, call("f", "plain", ""), call("g", "plain", '{"a"'), call("h", "plain", [1])],
    [...reasoning, call("i", "image"), call("j", "nothing"), call("k", "blank")],
    [...reasoning, { text: " " }, { text: "Done." }],
  ];
  const llm = stepwise(
    contents.map((content, index) => ({
      ...toResponse(""),
      output: { message: { role: "assistant" as const, content } },
      stopReason: index < contents.length - 1 ? "tool_use" : "end_turn",
    })),
  );
  const png = new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]);
  const image = { image: { format: "png", source: { bytes: png } } };
  const tools = [
    tool("plain"),
    tool("image", { execute: () => [image, { text: "" }] }),
    tool("nothing", { execute: () => {} }),
    tool("blank", { execute: () => " \n" }),
  ];
  const agent = new Agent({ llm, tools });
  const states: AgentState[] = [];
  const prompt = [{ text: "See." }, image] as ContentBlock[];
  const result = await agent.run(prompt, { onState: (state) => void states.push(state) });
  assert.equal(result.stopReason, "end_turn");
  for (const state of states) {
    const aborted = await agent.resume(JSON.stringify(state), {}, { signal: AbortSignal.abort() });
    for (const { messages } of [result, aborted]) {
      assert.deepEqual(issuesOf(messages), []);
      for (const { role, content } of messages) {
        if (role === "assistant") assert.deepEqual(content.slice(0, 2), reasoning);
      }
      assert.deepEqual(messages[0]?.content[1], image);
    }
  }
});

test("an input nested beyond all reason is refused, and the run goes on", async () => {
  for (const depth of [65, 300, 20_000]) {
    const input = `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
    const toolUse = { toolUseId: "a", name: "plain" };
    const deep = [
      { messageStart: { role: "assistant" } },
      { contentBlockStart: { contentBlockIndex: 0, start: { toolUse } } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { toolUse: { input } } } },
      { contentBlockStop: { contentBlockIndex: 0 } },
      { messageStop: { stopReason: "tool_use" } },
    ];
    const done = stepwise([]);
    const llm = {
      invoke: done.invoke,
      async *invokeStream(options: InvokeOptions) {
        const isFirst = (options.messages?.length ?? 0) === 1;
        yield* isFirst ? (deep as never) : done.invokeStream({ ...options, messages: [] });
      },
    };
    const work = tool("plain", { execute: () => assert.fail("it ran") });
    const result = await new Agent({ llm, tools: [work] }).run("Go.");
    assert.equal(result.text, "Done.");
    assert.match(result.toolCalls[0]?.result.content[0]?.text ?? "", /more than 64 deep/);
    assert.deepEqual(issuesOf(result.messages), []);
    assert.ok(JSON.stringify(result.state).length > 0);
  }
});

test("what was paid is counted: withdrawn attempts, answers a hook fails on, and failures in between", async () => {
  const malformed = { ...toResponse("?"), stopReason: "malformed_tool_use" };
  const failing = scriptedLLM((_, index) => {
    if (index < 2) return malformed;
    throw new BedrockError("No.", { code: "AccessDeniedException" });
  });
  const failed = await new Agent({ llm: failing, ...FAST }).run("Go.").catch((error) => error);
  const paid = (state: AgentState) => (state["run"] as { usage: { totalTokens: number } }).usage;
  assert.equal(paid(failed.state).totalTokens, 2 * USAGE.totalTokens);

  let isUp = false;
  const hooks: AgentHooks = {
    afterModel: () => {
      if (!isUp) throw new Error("The policy server is down.");
    },
  };
  const agent = new Agent({ llm: stepwise([]), modelId: MODEL, hooks });
  const { state } = await agent.run("Go.").catch((error) => error);
  isUp = true;
  const result = await agent.resume(state);
  assert.equal(result.usage.totalTokens, 2 * USAGE.totalTokens);
  assert.equal(result.turns, 1);
  const each = costOf(USAGE, MODEL)?.usd ?? assert.fail();
  assert.ok(Math.abs((result.cost?.usd ?? 0) - 2 * each) < 1e-12);
});

test("an agent below is paid for once, wherever the run above is cut and gone on with", async () => {
  for (let at = 1; ; at++) {
    let answers = 0;
    const counted = (llm: ScriptedLLM) => ({
      invoke: llm.invoke,
      async *invokeStream(options: InvokeOptions) {
        yield* llm.invokeStream(options);
        answers += 1;
      },
    });
    const call = (name: string) => [{ id: "a", name, input: { prompt: "Go." } }];
    const below = new Agent({
      llm: counted(stepwise([call("plain"), call("asks")])),
      tools: [tool("plain"), tool("asks", { requiresApproval: true })],
    });
    const tools = [below.asTool({ name: "below", description: "Works." })];
    const agent = new Agent({ llm: counted(stepwise([call("below")])), tools });
    let told = 0;
    let kept: AgentState | undefined;
    const onState = (state: AgentState) => {
      kept = structuredClone(state) as AgentState;
      told += 1;
      if (told === at) throw new Error("crash");
    };
    const first = await agent.run("Go.", { onState }).catch(() => undefined);
    const waiting = first ?? (await agent.resume(kept ?? assert.fail(), {}, { onState }));
    const yes = { "a/a": { approve: true } } as const;
    const result =
      waiting.stopReason === "approval_required"
        ? await agent.resume(waiting.state, yes).catch(() => waiting)
        : waiting;
    assert.equal(result.usage.totalTokens, answers * USAGE.totalTokens, `cut at ${at}`);
    if (told < at) {
      assert.ok(at > 6, `${at}`);
      return;
    }
  }
});

test("a model that tells no usage is no reason to fail, and its cost is not known", async () => {
  const answer = { output: { message: toResponse("Yes.").output.message }, stopReason: "end_turn" };
  const llm = { invoke: async () => answer as never };
  const result = await new Agent({ llm, modelId: MODEL }).run("Go.");
  assert.equal(result.text, "Yes.");
  assert.equal(result.usage.totalTokens, 0);
  assert.equal(result.cost, undefined);
});

test("who is asked to come back in an hour fails at once, and can go on then", async () => {
  const busy = new BedrockError("Busy.", {
    code: "ThrottlingException",
    retryable: true,
    retryAfterMs: 3_600_000,
  });
  const llm = scriptedLLM((_, index) => {
    if (index === 0) throw busy;
    return "Done.";
  });
  const agent = new Agent({ llm });
  const error = await agent.run("Go.").catch((thrown: Error & { state: AgentState }) => thrown);
  assert.equal(error, busy);
  assert.ok("state" in error);
  assert.equal((await agent.resume(error.state as AgentState)).text, "Done.");
});

test("what a hook may not return is a TypeError, and nothing runs because of it", async () => {
  const wrong: [hook: keyof AgentHooks, answer: unknown][] = [
    ["beforeModel", "text"],
    ["beforeModel", { requests: {} }],
    ["beforeModel", { request: null }],
    ["beforeModel", { response: {} }],
    ["beforeModel", { response: { output: { message: {} }, stopReason: "end_turn" } }],
    ["afterModel", {}],
    ["afterModel", toResponse("Yes.")],
    ["afterModel", { response: undefined }],
    ["afterTool", {}],
    ["afterTool", "redacted"],
    ["afterTool", null],
  ];
  for (const [hook, answer] of wrong) {
    const llm = stepwise([[{ id: "a", name: "plain", input: {} }]]);
    const agent = new Agent({ llm, tools: [tool("plain")], hooks: { [hook]: () => answer } });
    const { events, error } = await eventsOf(agent.stream("Go."));
    assert.ok(error instanceof TypeError, `${hook} ${JSON.stringify(answer)}`);
    assert.match(error.message, new RegExp(`^${hook} must return`));
    if (hook !== "afterTool") assert.ok(!events.some(({ type }) => type === "tool_call_start"));
  }
});

test("hooks that look on change nothing, whatever they do to the lists they are shown", async () => {
  const llm = stepwise([[{ id: "a", name: "plain", input: {} }]]);
  const empty = (messages: unknown) => void (messages as unknown[]).splice(0);
  const agent = new Agent({
    llm,
    tools: [tool("plain")],
    prepareTurn: ({ messages }) => empty(messages),
    stopWhen: ({ messages }) => {
      empty(messages);
      return false;
    },
    hooks: { beforeModel: ({ request }) => empty([...(request.messages as Message[])]) },
  });
  const result = await agent.run("Go.");
  assert.equal(result.messages.length, 4);
  assert.equal(llm.requests[1]?.messages?.length, 3);
});
