// What an agent and a run can be told. These types are the manual of `Agent`.

import { INVOKE_OPTION_NAMES, type InvokeOptions } from "../client/request-options.ts";
import { isRecord } from "../core/json.ts";
import { type Logger, readLogger } from "../core/logger.ts";
import { assertKnownOptions, kindOf, readNumber, readSignal } from "../core/options.ts";
import type { MessagesInput } from "../messages/message-input.ts";
import { readToolSet, type ToolFunctions, type ToolSet } from "../tools/tool-set.ts";
import type { AgentState } from "./agent-result.ts";
import { type ApprovalOptions, type ApprovalSettings, readApprovals } from "./approval-options.ts";
import { type Budget, readBudget } from "./budget.ts";
import type { AgentHooks, PrepareTurn, StopWhen } from "./hooks.ts";
import type { LLM } from "./llm.ts";

/** The tools of an agent: from `defineTool` and `asTool`, or plain ones whose functions stand beside. */
export type AgentTools = NonNullable<InvokeOptions["tools"]>;

/** Everything `invoke` takes is sent with every turn; the rest is the agent's own. */
export interface AgentOptions extends Omit<InvokeOptions, "messages" | "signal"> {
  /** Who answers: a `BedrockLLM`, or any `{ invoke, invokeStream }`. */
  readonly llm: LLM;
  /** What runs for tools that are given as plain objects, by name. Gets the checked input. */
  readonly toolFunctions?: ToolFunctions | undefined;
  /** Answers of the model after which a run ends with `max_turns`. @default 25 */
  readonly maxTurns?: number | undefined;
  /** Most tokens and dollars of a run; it ends after the turn that goes beyond. @default no limit */
  readonly budget?: Budget | undefined;
  /** Asked after each turn that had calls. @default a run goes on */
  readonly stopWhen?: StopWhen | undefined;
  readonly hooks?: AgentHooks | undefined;
  /** Asked before each turn for the history to go on with, such as `tokenWindow(…)`. */
  readonly prepareTurn?: PrepareTurn | undefined;
  /** How approvals and states are signed, when they expire, and who knows what was used. */
  readonly approvals?: ApprovalOptions | undefined;
  /** Calls of one turn that run at a time. @default 8 */
  readonly maxParallelCalls?: number | undefined;
  /** How answers that break off are asked for again. */
  readonly turnRetry?: TurnRetryOptions | undefined;
  /** Told of retries and of what cannot be kept. Never prompts, never results. */
  readonly logger?: Logger | undefined;
}

/** How answers that break off are asked for again: on top of what the client does before content comes. */
export interface TurnRetryOptions {
  /** The first included. @default 3 */
  readonly maxAttempts?: number | undefined;
  /** Milliseconds before the second, doubled for each one after, with jitter. @default 500 */
  readonly baseMs?: number | undefined;
}

/** What one run can be told. */
export interface RunOptions {
  /**
   * Ends the run with `aborted`, whatever it waits for: a model, a tool, a hook or a store. Nothing that is
   * finished is lost.
   */
  readonly signal?: AbortSignal | undefined;
  /** For tools and hooks. The agent does not look at it, and no state holds it. */
  readonly context?: unknown;
  /** The conversation so far, which the prompt is added to. */
  readonly messages?: MessagesInput | undefined;
  /**
   * Told the state after each step, and waited for: before a call begins, after it has ended, after each
   * answer. What it keeps is what a crash leaves. What it throws ends the run. After an abort it is given
   * another second.
   */
  readonly onState?: ((state: AgentState) => void | Promise<void>) | undefined;
}

/** What going on with a run can be told. */
export type ResumeOptions = Omit<RunOptions, "messages">;

/** Options with every value known. */
export interface AgentSettings {
  readonly llm: LLM;
  /** For every turn: everything of `InvokeOptions` but the messages and the signal. */
  readonly request: InvokeOptions;
  /** Which model answers, as far as it is known. */
  readonly modelId: string | undefined;
  readonly tools: ToolSet;
  readonly maxTurns: number;
  readonly budget: Budget;
  readonly stopWhen: StopWhen | undefined;
  readonly hooks: AgentHooks;
  readonly prepareTurn: PrepareTurn | undefined;
  readonly approvals: ApprovalSettings;
  readonly maxParallelCalls: number;
  readonly turnRetry: { readonly maxAttempts: number; readonly baseMs: number };
  readonly logger: Logger | undefined;
}

const OWN_NAMES = [
  "llm",
  "toolFunctions",
  "maxTurns",
  "budget",
  "stopWhen",
  "hooks",
  "prepareTurn",
  "approvals",
  "maxParallelCalls",
  "turnRetry",
  "logger",
] as const satisfies readonly (keyof AgentOptions)[];

const REQUEST_NAMES = INVOKE_OPTION_NAMES.filter(
  (name) => name !== "messages" && name !== "signal",
);
const HOOK_NAMES = ["beforeModel", "afterModel", "beforeTool", "afterTool"] as const;

/** From other libraries. */
const FOREIGN_NAMES = {
  model: "llm, modelId",
  client: "llm",
  instructions: "systemPrompt",
  system: "systemPrompt",
  functions: "toolFunctions",
  maxSteps: "maxTurns",
  maxIterations: "maxTurns",
  max_iterations: "maxTurns",
  prepareStep: "prepareTurn",
  messages: "run(prompt, { messages })",
  signal: "run(prompt, { signal })",
  context: "run(prompt, { context })",
};

const DEFAULT_MAX_TURNS = 25;
const DEFAULT_MAX_PARALLEL_CALLS = 8;
const WHERE = "Agent";

/** Reads what an agent is made with. Throws `TypeError` naming what is wrong. */
export function readAgentOptions(options: AgentOptions): AgentSettings {
  assertKnownOptions(options, [...OWN_NAMES, ...REQUEST_NAMES], WHERE, FOREIGN_NAMES);
  const given: AgentOptions = options;
  const llm = readLLM(given.llm);
  const modelId = given.modelId ?? llm.modelId;
  const tools = readToolSet(given.tools, given.toolFunctions, WHERE);
  const request: Record<string, unknown> = {};
  for (const name of REQUEST_NAMES) if (given[name] !== undefined) request[name] = given[name];
  if (tools.entries.length > 0) request["tools"] = tools.entries;
  return {
    llm,
    request,
    modelId,
    tools,
    maxTurns: readCount(given.maxTurns, "maxTurns") ?? DEFAULT_MAX_TURNS,
    budget: readBudget(given.budget, modelId, llm.region),
    stopWhen: readFunction(given.stopWhen, "stopWhen"),
    hooks: readHooks(given.hooks),
    prepareTurn: readFunction(given.prepareTurn, "prepareTurn"),
    approvals: readApprovals(given.approvals),
    maxParallelCalls:
      readCount(given.maxParallelCalls, "maxParallelCalls") ?? DEFAULT_MAX_PARALLEL_CALLS,
    turnRetry: readTurnRetry(given.turnRetry),
    logger: readLogger(given.logger),
  };
}

function readLLM(llm: unknown): LLM {
  const candidate = llm as Partial<LLM> | null | undefined;
  if (typeof candidate?.invokeStream === "function" || typeof candidate?.invoke === "function") {
    return llm as LLM;
  }
  throw new TypeError(
    `${WHERE}: llm must be a BedrockLLM, or anything with invoke and invokeStream; got ${kindOf(llm)}.`,
  );
}

function readHooks(hooks: unknown): AgentHooks {
  if (hooks === undefined) return {};
  assertKnownOptions(hooks, HOOK_NAMES, `${WHERE}: hooks`);
  for (const name of HOOK_NAMES) readFunction(hooks[name], `hooks.${name}`);
  return hooks;
}

function readTurnRetry(given: unknown): AgentSettings["turnRetry"] {
  const { maxAttempts, baseMs } = isRecord(given) ? given : {};
  if (given !== undefined) {
    assertKnownOptions(given, ["maxAttempts", "baseMs"], `${WHERE}: turnRetry`);
  }
  return {
    maxAttempts: readCount(maxAttempts, "turnRetry.maxAttempts") ?? 3,
    baseMs: readNumber(baseMs, `${WHERE}: turnRetry.baseMs`, { min: 0 }) ?? 500,
  };
}

function readCount(value: unknown, name: string): number | undefined {
  return readNumber(value, `${WHERE}: ${name}`, { min: 1, integer: true });
}

function readFunction<Value>(value: Value, name: string): Value {
  if (value === undefined || typeof value === "function") return value;
  throw new TypeError(`${WHERE}: ${name} must be a function; got ${kindOf(value)}.`);
}

const RUN_NAMES = ["signal", "context", "messages", "onState"] as const;

/** Reads what a run is begun with. Throws `TypeError`. */
export function readRunOptions(options: RunOptions, where: "run" | "resume"): RunOptions {
  const names = where === "run" ? RUN_NAMES : RUN_NAMES.filter((name) => name !== "messages");
  assertKnownOptions(options, names, where);
  const { signal, onState } = options as RunOptions;
  readSignal(signal, `${where}: signal`);
  if (onState !== undefined && typeof onState !== "function") {
    throw new TypeError(`${where}: onState must be a function; got ${kindOf(onState)}.`);
  }
  return options;
}
