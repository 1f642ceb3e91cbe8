// What becomes of the calls of a turn: which run, how many at a time, and what the model reads of the rest.

import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import {
  Agent,
  type AgentOptions,
  type AgentResult,
  defineTool,
  type InvokeOptions,
  type ToolDefinition,
} from "../../src/index.ts";
import { issuesOf } from "../helpers/history.ts";
import {
  type ScriptedCall,
  type ScriptedReply,
  scriptedLLM,
  toResponse,
} from "../helpers/scripted-llm.ts";

const ANY = { type: "object" } as const;

type Executable = Partial<ToolDefinition<typeof ANY>> & Pick<ToolDefinition<typeof ANY>, "execute">;

function tool(name: string, options: Executable) {
  return defineTool({ name, description: `The tool ${name}.`, inputSchema: ANY, ...options });
}

async function runCalls(
  calls: ScriptedReply,
  tools: AgentOptions["tools"],
  options: Partial<AgentOptions> = {},
): Promise<AgentResult> {
  const agent = new Agent({ llm: scriptedLLM([calls, "Done."]), tools, ...options });
  const result = await agent.run("Go.");
  assert.equal(result.text, "Done.");
  assert.deepEqual(issuesOf(result.messages), []);
  return result;
}

function textsOf({ toolCalls }: AgentResult): string[] {
  return toolCalls.map(({ result, status }) => `${status}: ${result.content[0]?.text ?? ""}`);
}

const CALLS = (count: number, name: string): ScriptedCall[] =>
  Array.from({ length: count }, (_, index) => ({ id: `t${index}`, name, input: { index } }));

/** Counts how many run at a time. */
function counter() {
  const state = { running: 0, most: 0, order: [] as unknown[] };
  const execute = async (input: unknown) => {
    state.running += 1;
    state.most = Math.max(state.most, state.running);
    state.order.push(input);
    await new Promise((resolve) => setImmediate(resolve));
    state.running -= 1;
    return JSON.stringify(input);
  };
  return { state, execute };
}

test("200 calls of a turn run 8 at a time, and their results are in call order", async () => {
  const { state, execute } = counter();
  const result = await runCalls(CALLS(200, "work"), [tool("work", { execute })]);
  assert.equal(state.most, 8);
  assert.deepEqual(
    textsOf(result),
    CALLS(200, "work").map(({ input }) => `success: ${JSON.stringify(input)}`),
  );
});

test("maxParallelCalls sets how many run at a time", async () => {
  const { state, execute } = counter();
  await runCalls(CALLS(20, "work"), [tool("work", { execute })], { maxParallelCalls: 3 });
  assert.equal(state.most, 3);
});

test("calls of a sequential tool run by themselves, in call order", async () => {
  const { state, execute } = counter();
  await runCalls(CALLS(20, "work"), [tool("work", { execute, sequential: true })]);
  assert.equal(state.most, 1);
  assert.deepEqual(
    state.order,
    CALLS(20, "work").map(({ input }) => input),
  );
});

test("results are in call order when calls end in another", async () => {
  let first: () => void = () => {};
  const waits = new Promise<void>((resolve) => {
    first = resolve;
  });
  const slow = tool("slow", { execute: () => waits.then(() => "slow") });
  const fast = tool("fast", {
    execute: () => {
      first();
      return "fast";
    },
  });
  const calls = [
    { id: "a", name: "slow", input: {} },
    { id: "b", name: "fast", input: {} },
  ];
  assert.deepEqual(textsOf(await runCalls(calls, [slow, fast])), [
    "success: slow",
    "success: fast",
  ]);
});

test("what may not run becomes an error result, and nothing of it is executed", async () => {
  const executed: unknown[] = [];
  const strict = defineTool({
    name: "strict",
    description: "Wants a number.",
    inputSchema: {
      type: "object",
      properties: { count: { type: "number" } },
      required: ["count"],
    },
    execute: (input) => void executed.push(input),
  });
  let deep: unknown = 1;
  for (let depth = 0; depth < 70; depth++) deep = { deep };
  const cases: [input: unknown, name: string, reason: RegExp][] = [
    [{ count: 1 }, "strickt", /no tool “strickt”.*Did you mean “strict”/s],
    [{ count: 1 }, "__proto__", /no tool “__proto__”/],
    [{ count: "one" }, "strict", /does not satisfy the schema[\s\S]*count/],
    [{}, "strict", /does not satisfy the schema/],
    ['{"count": 1', "strict", /not complete JSON/],
    ["", "strict", /not complete JSON/],
    [[1], "strict", /must be a JSON object/],
    [7, "strict", /must be a JSON object/],
    [{ count: 1, deep }, "strict", /more than 64 deep/],
    [{ count: 1, text: "x".repeat(1024 * 1024) }, "strict", /at most 1048576/],
  ];
  const calls = cases.map(([input, name], index) => ({ id: `t${index}`, name, input }));
  const llm = scriptedLLM([calls, "Done."]);
  const result = await new Agent({ llm, tools: [strict] }).run("Go.");
  assert.deepEqual(executed, []);
  for (const [index, [, , reason]] of cases.entries()) {
    const call = result.toolCalls[index];
    assert.equal(call?.status, "error");
    assert.equal(call?.result.status, "error");
    assert.match(call?.result.content[0]?.text ?? "", reason);
  }
  assert.deepEqual(issuesOf(result.messages), []);
});

test("several calls of one id are all refused, for their results could not be told apart", async () => {
  const executed: unknown[] = [];
  const work = tool("work", { execute: (input) => void executed.push(input) });
  const calls = [
    { id: "same", name: "work", input: { n: 1 } },
    { id: "other", name: "work", input: { n: 2 } },
    { id: "same", name: "work", input: { n: 3 } },
  ];
  const result = await runCalls(calls, [work]);
  assert.deepEqual(executed, [{ n: 2 }]);
  assert.deepEqual(
    result.toolCalls.map(({ status }) => status),
    ["error", "success", "error"],
  );
});

test("calls of an answer that was cut off are not run, and the model can ask again", async () => {
  const executed: unknown[] = [];
  const work = tool("work", { execute: (input) => void executed.push(input) });
  const cut = toResponse([
    { id: "a", name: "work", input: { whole: true } },
    { id: "b", name: "work", input: '{"half": ' },
  ]);
  const result = await runCalls({ ...cut, stopReason: "max_tokens" }, [work]);
  assert.deepEqual(executed, []);
  for (const text of textsOf(result)) assert.match(text, /^error: Not run: .*max_tokens/);
});

test("a call whose block never closed is not run, though what came of it is JSON", async () => {
  const whole = scriptedLLM([[{ id: "a", name: "work", input: { n: 1 } }], "Done."]);
  const llm = {
    invoke: whole.invoke,
    async *invokeStream(options: InvokeOptions) {
      for await (const event of whole.invokeStream(options)) {
        if (event.contentBlockStop === undefined) yield event;
      }
    },
  };
  const work = tool("work", { execute: () => assert.fail("it ran") });
  const result = await new Agent({ llm, tools: [work] }).run("Go.");
  assert.match(textsOf(result)[0] ?? "", /not complete JSON/);
  assert.deepEqual(issuesOf(result.messages), []);
});

for (const stopReason of [
  "guardrail_intervened",
  "content_filtered",
  "model_context_window_exceeded",
]) {
  test(`calls of an answer that ends with ${stopReason} are not run, and the run ends`, async () => {
    const work = tool("work", { execute: () => assert.fail("it ran") });
    const answer = { ...toResponse(CALLS(1, "work")), stopReason };
    const agent = new Agent({ llm: scriptedLLM([answer]), tools: [work] });
    const result = await agent.run("Go.");
    assert.equal(result.stopReason, stopReason);
    assert.equal(result.toolCalls[0]?.status, "error");
    assert.deepEqual(issuesOf(result.messages), []);
  });
}

test("a tool that throws, hangs or returns what is no JSON gives the model an error to read", async () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  const tools = [
    tool("throws", {
      execute: () => {
        throw new Error("No such city.");
      },
    }),
    tool("rejects", { execute: async () => Promise.reject(new TypeError("Not now.")) }),
    tool("throws_text", {
      execute: () => {
        throw "just text";
      },
    }),
    tool("throws_nothing", {
      execute: () => {
        throw undefined;
      },
    }),
    tool("hangs", { execute: () => new Promise(() => {}), timeoutMs: 5 }),
    tool("big", { execute: () => ({ value: 10n }) }),
    tool("circle", { execute: () => circle }),
    tool("function", { execute: () => () => {} }),
  ];
  const calls = tools.map(({ name }, index) => ({ id: `t${index}`, name, input: {} }));
  const result = await runCalls(calls, tools);
  const expected = [
    /^error: Error: No such city\.$/,
    /^error: Error: Not now\.$/,
    /^error: Error: just text$/,
    /^error: .*without saying why/,
    /^error: .*given up after 5 ms/,
    /^error: .*BigInt/,
    /^error: .*holds itself/,
    /^error: .*function/,
  ];
  const texts = textsOf(result);
  for (const [index, reason] of expected.entries()) assert.match(texts[index] ?? "", reason);
});

test("a hanging tool gets its signal when its time is over", async () => {
  let reason: unknown;
  const hangs = tool("hangs", {
    timeoutMs: 5,
    execute: (_, { signal }) =>
      new Promise(() => {
        signal.addEventListener("abort", () => {
          reason = signal.reason;
        });
      }),
  });
  await runCalls(CALLS(1, "hangs"), [hangs]);
  assert.equal((reason as Error).name, "TimeoutError");
});

test("results are text, JSON or content blocks, and an empty one is visible", async () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const image = { image: { format: "png", source: { bytes } } };
  const values: [returned: unknown, content: unknown][] = [
    ["text", [{ text: "text" }]],
    [{ a: [1, null] }, [{ json: { a: [1, null] } }]],
    [[1, 2], [{ text: "[1,2]" }]],
    [42, [{ text: "42" }]],
    [false, [{ text: "false" }]],
    [null, [{ text: "null" }]],
    [undefined, [{ text: "(no output)" }]],
    ["  ", [{ text: "(no output)" }]],
    [
      [{ text: "see" }, image],
      [{ text: "see" }, image],
    ],
    [image, [image]],
    [new Date(0), [{ text: '"1970-01-01T00:00:00.000Z"' }]],
  ];
  const tools = values.map(([returned], index) => tool(`t${index}`, { execute: () => returned }));
  const calls = values.map((_, index) => ({ id: `id${index}`, name: `t${index}`, input: {} }));
  const result = await runCalls(calls, tools);
  assert.deepEqual(
    result.toolCalls.map(({ result: { content } }) => content),
    values.map(([, content]) => content),
  );
});

test("media that Bedrock would refuse are an error, and leave the history as good as it was", async () => {
  const bytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const refused: unknown[] = [
    [{ image: { format: "png", source: { bytes: new Uint8Array() } } }],
    [{ image: { format: "exe", source: { bytes: new Uint8Array([1, 2, 3]) } } }],
    [{ text: "see" }, { document: { format: "exe", name: "a", source: { bytes } } }],
    [{ document: { format: "pdf", name: "a", source: { bytes: new Uint8Array() } } }],
  ];
  const taken: unknown[] = [
    [{ image: { format: "png", source: { bytes } } }],
    [{ document: { format: "txt", name: "a/b?", source: { bytes } } }],
  ];
  const values = [...refused, ...taken];
  const tools = values.map((returned, index) => tool(`t${index}`, { execute: () => returned }));
  const calls = values.map((_, index) => ({ id: `id${index}`, name: `t${index}`, input: {} }));
  const result = await runCalls(calls, tools);
  assert.deepEqual(
    result.toolCalls.map(({ status }) => status),
    [...refused.map(() => "error"), ...taken.map(() => "success")],
  );
  assert.match(textsOf(result)[0] ?? "", /not accepted/);
});

test("output beyond 256 KiB is cut, with a marker the model can see", async () => {
  const work = tool("work", { execute: () => "ä".repeat(300 * 1024) });
  const result = await runCalls(CALLS(1, "work"), [work]);
  const text = result.toolCalls[0]?.result.content[0]?.text ?? "";
  assert.ok(Buffer.byteLength(text) <= 256 * 1024);
  assert.match(text, /ä\n\[Cut: the first \d+ of 307200 characters are shown\.\]$/);
});

test("a schema that fails is told to its writer by the logger, and the model only that it did", async () => {
  const told: string[] = [];
  const silent = () => {};
  const logger = {
    debug: silent,
    info: silent,
    warn: silent,
    error: (text: string) => void told.push(text),
  };
  const broken = z.object({}).refine(() => {
    throw new Error("canary");
  });
  const tools = [
    defineTool({ name: "work", description: "Work.", inputSchema: broken, execute: () => "ran" }),
  ];
  const result = await runCalls(CALLS(1, "work"), tools, { logger });
  assert.match(textsOf(result)[0] ?? "", /^error: The input could not be checked/);
  assert.equal(told.length, 1);
  assert.match(told[0] ?? "", /Tool “work”: its schema failed/);
});

test("__proto__ and its kin are data", async () => {
  const seen: unknown[] = [];
  const work = tool("work", { execute: (input) => void seen.push(input) });
  const input = JSON.parse('{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"x":1}}}');
  const result = await runCalls([{ id: "a", name: "work", input }], [work]);
  const [got] = seen as Record<string, unknown>[];
  assert.ok(got !== undefined);
  assert.equal(Object.getPrototypeOf(got), Object.prototype);
  assert.equal(got["isAdmin"], undefined);
  assert.ok(Object.hasOwn(got, "__proto__"));
  assert.equal(({} as Record<string, unknown>)["isAdmin"], undefined);
  assert.equal(({} as Record<string, unknown>)["x"], undefined);
  // A state that holds it is kept and read as what it is.
  const kept = JSON.stringify(result.state);
  assert.match(kept, /"__proto__":\{"isAdmin":true\}/);
});

test("each call has an idempotency key of its own", async () => {
  const keys = new Set<string>();
  const work = tool("work", { execute: (_, { idempotencyKey }) => void keys.add(idempotencyKey) });
  const llm = scriptedLLM([CALLS(3, "work"), CALLS(3, "work"), "Done."]);
  await new Agent({ llm, tools: [work] }).run("Go.");
  assert.equal(keys.size, 6);
});

test("the provider's own tools and cache points are sent along, and nobody runs them", async () => {
  const work = tool("work", { execute: () => "ok" });
  const entries = [work, { cachePoint: { type: "default" } }, { systemTool: { name: "web" } }];
  const answer = toResponse("Done.");
  answer.output.message.content.unshift({
    toolUse: { toolUseId: "s", name: "web", input: {}, type: "server_tool_use" },
  });
  const llm = scriptedLLM([answer]);
  const result = await new Agent({ llm, tools: entries }).run("Go.");
  assert.equal(result.stopReason, "end_turn");
  assert.deepEqual(result.toolCalls, []);
  assert.deepEqual(llm.requests[0]?.tools, [{ toolSpec: work.toolSpec }, entries[1], entries[2]]);
});
