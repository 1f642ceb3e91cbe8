// What an agent makes of calls that go wrong, through a socket: models that repeat an id, make up a tool, call
// without end, and tools that never return.

import { Agent, type AgentResult, defineTool } from "../../src/index.ts";
import { textFrames, toolCallsFrames } from "../answer.ts";
import type { Bench } from "../bench.ts";
import { sendStream } from "../replies.ts";
import type { Finding, Measures } from "../row.ts";

/** What a run came to, and what it ran. */
interface RunFinding {
  readonly result: AgentResult;
  readonly executions: number;
  readonly requests: number;
}

/** One turn of calls, or of any number of them, and then an answer. */
interface CallsOptions {
  readonly calls: readonly { readonly id: string; readonly name: string }[];
  readonly turns?: number;
  readonly execute?: () => unknown;
  readonly timeoutMs?: number;
}

async function runCalls(
  bench: Bench,
  { calls, turns = 1, execute = () => "ok", timeoutMs = 1_000 }: CallsOptions,
): Promise<RunFinding> {
  const server = await bench.serve(({ index }, reply) => {
    const frames = index < turns ? toolCallsFrames(calls) : textFrames(["Done."]);
    return sendStream(reply, Buffer.concat(frames));
  });
  let executions = 0;
  const weather = defineTool({
    name: "weather",
    description: "The weather.",
    inputSchema: { type: "object" },
    timeoutMs,
    execute: () => {
      executions += 1;
      return execute();
    },
  });
  const agent = new Agent({ llm: bench.client(server), tools: [weather] });
  const result = await agent.run("Go on.");
  return { result, executions, requests: server.requestCount() };
}

function errorsOf({ toolCalls }: AgentResult): number {
  return toolCalls.filter(({ status }) => status === "error").length;
}

async function refuseOneIdTwice(bench: Bench): Promise<Finding> {
  const call = { id: "t1", name: "weather" };
  const { result, executions } = await runCalls(bench, { calls: [call, call] });
  return {
    ours: `ok, ${executions} of 2 run, ${errorsOf(result)} error results, goes on`,
    isMet: executions === 0 && errorsOf(result) === 2 && result.text === "Done.",
  };
}

async function refuseUnknownTool(bench: Bench): Promise<Finding> {
  const { result } = await runCalls(bench, { calls: [{ id: "t1", name: "wether" }] });
  return {
    ours: "ok, error result with the nearest name, goes on",
    isMet:
      errorsOf(result) === 1 &&
      result.text === "Done." &&
      /weather/.test(result.toolCalls[0]?.result.content[0]?.text ?? ""),
  };
}

async function endToolLoop(bench: Bench): Promise<Finding> {
  const calls = [{ id: "t1", name: "weather" }];
  const { result, requests } = await runCalls(bench, { calls, turns: Number.POSITIVE_INFINITY });
  return {
    ours: `stops after ${requests} calls of the model, \`${result.stopReason}\``,
    isMet: requests === 25 && result.stopReason === "max_turns",
  };
}

async function giveUpHangingTool(bench: Bench): Promise<Finding> {
  const calls = [{ id: "t1", name: "weather" }];
  const timeoutMs = bench.choose(1_000, 20);
  const execute = () => new Promise(() => {});
  const { result } = await runCalls(bench, { calls, execute, timeoutMs });
  return {
    ours: `ok, given up after \`timeoutMs\` (60 s unless set; here ${timeoutMs} ms), error result, goes on`,
    isMet: errorsOf(result) === 1 && result.text === "Done.",
  };
}

/** By the names of the rows. */
export const CALLS: Measures = {
  "one-id-twice": refuseOneIdTwice,
  "unknown-tool": refuseUnknownTool,
  "tool-loop": endToolLoop,
  "tool-hang": giveUpHangingTool,
};
