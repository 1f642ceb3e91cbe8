// What the compiler knows of an agent: tools of different inputs in one list, events by their type. That
// it compiles is most of the test.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { z } from "zod";
import {
  Agent,
  type AgentEvent,
  type AgentResult,
  type DefinedTool,
  defineTool,
  type ToolExecution,
} from "../../src/index.ts";
import { scriptedLLM } from "../helpers/scripted-llm.ts";

/** Whether two types are the same. */
type Same<One, Other> =
  (<Value>() => Value extends One ? 1 : 2) extends <Value>() => Value extends Other ? 1 : 2
    ? true
    : false;

function assertType<_Holds extends true>(): void {}

interface User {
  readonly name: string;
}

const byZod = defineTool({
  name: "zod",
  description: "Zod.",
  inputSchema: z.object({ city: z.string(), days: z.number().default(1) }),
  execute: (input) => {
    assertType<Same<typeof input, { city: string; days: number }>>();
    return input.city.repeat(input.days);
  },
});

const byValibot = defineTool({
  name: "valibot",
  description: "Valibot.",
  inputSchema: v.object({ ids: v.array(v.number()) }),
  requiresApproval: ({ ids }) => ids.length > 10,
  execute: async ({ ids }, { signal, progress }) => {
    progress({ count: ids.length });
    return signal.aborted ? [] : ids;
  },
});

const byJsonSchema = defineTool({
  name: "json",
  description: "JSON Schema.",
  inputSchema: {
    type: "object",
    properties: { unit: { enum: ["celsius", "fahrenheit"] }, note: { type: "string" } },
    required: ["unit"],
  },
  execute: ({ unit, note }) => {
    assertType<Same<typeof unit, "celsius" | "fahrenheit">>();
    assertType<Same<typeof note, string | undefined>>();
    return unit;
  },
});

const withContext = defineTool({
  name: "context",
  description: "Context.",
  inputSchema: z.object({}),
  execute: (_: object, { context }: ToolExecution<User>) => context.name,
});

/** What a reader makes of an event; nothing is left when all types are dealt with. */
function describe(event: AgentEvent): string {
  switch (event.type) {
    case "text_delta":
    case "reasoning_delta":
      return event.text;
    case "tool_input_delta":
      return event.delta;
    case "tool_call_start":
    case "approval_required":
      return `${event.name}(${JSON.stringify(event.input)})`;
    case "tool_progress":
      return JSON.stringify(event.progress);
    case "tool_call_end":
      return `${event.status} ${event.result.content.length}`;
    case "turn_start":
      return `turn ${event.turn}`;
    case "turn_retry":
      return `${event.reason} ${event.delayMs}`;
    case "turn_end":
      return `${event.stopReason} ${event.usage.totalTokens}`;
    case "run_end":
      return event.result.text;
    default:
      assertType<Same<typeof event, never>>();
      return "";
  }
}

test("tools of all kinds of inputs go into one list, and each gets its own", async () => {
  const list: DefinedTool[] = [byZod, byValibot, byJsonSchema, withContext];
  const llm = scriptedLLM([
    [
      { id: "a", name: "zod", input: { city: "Oslo" } },
      { id: "b", name: "valibot", input: { ids: [1] } },
      { id: "c", name: "json", input: { unit: "celsius" } },
      { id: "d", name: "context", input: {} },
    ],
    "Done.",
  ]);
  const agent = new Agent({ llm, tools: [byZod, byValibot, byJsonSchema, withContext] });
  assert.ok(new Agent({ llm, tools: list }) instanceof Agent);
  const run = agent.stream("Go.", { context: { name: "Ada" } satisfies User });
  const told: string[] = [];
  for await (const event of run) told.push(describe(event));
  assert.ok(told.includes('zod({"city":"Oslo"})'));
  const result: AgentResult = await run.result();
  const texts = result.toolCalls.map(({ result: { content } }) => content[0]?.text);
  assert.deepEqual(texts, ["Oslo", "[1]", "celsius", "Ada"]);
});

test("a state goes into resume as it came, as an object or as text, with plain decisions", async () => {
  const ask = defineTool({ ...definition, requiresApproval: true });
  const agent = new Agent({ llm: scriptedLLM([CALLS, "Done."]), tools: [ask] });
  const result = await agent.run("Go.");
  const decisions: Record<string, { approve: true } | { approve: false; reason: string }> = {};
  for (const { toolUseId } of result.pendingApprovals) {
    decisions[toolUseId] = { approve: false, reason: "No." };
  }
  const kept: string = JSON.stringify(result.state);
  const resumed = await agent.resume(JSON.parse(kept), decisions);
  assert.equal(resumed.text, "Done.");
  if (resumed.stopReason === "approval_required") assert.fail();
  await assert.rejects(agent.resume(result.state, { a: { approve: true } }), {
    reason: "replayed",
  });
  // @ts-expect-error: a yes has to be one
  await assert.rejects(agent.resume(kept, { a: { approve: "yes" } }), TypeError);
});

const CALLS = [{ id: "a", name: "ask", input: {} }];
const definition = {
  name: "ask",
  description: "Ask.",
  inputSchema: { type: "object" },
  execute: () => "asked",
} as const;
