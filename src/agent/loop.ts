// The loop: ask, run the calls of the complete answer, hand back the results, and again until the model has
// no more calls or the run has to end. It has no state of its own: everything it knows is in the run's, so
// that it goes on from wherever that stands.

import type { InvokeOptions } from "../client/request-options.ts";
import type { Message } from "../core/content.ts";
import type { ConverseResponse } from "../core/converse-response.ts";
import { AbortError } from "../core/errors.ts";
import { isRecord } from "../core/json.ts";
import { addUsage } from "../core/usage.ts";
import { toolUsesOf } from "../messages/readers.ts";
import { costOf } from "../models/cost-of.ts";
import { toErrorContent } from "../tools/result-content.ts";
import type { AgentEvent } from "./agent-events.ts";
import type { AgentStopReason } from "./agent-result.ts";
import { askModel, type ModelAnswer, tellResponse } from "./ask-model.ts";
import { findOverspending } from "./budget.ts";
import { decideCalls, finishCall, refuseCut } from "./decide-calls.ts";
import { runCalls, toResultBlock } from "./run-calls.ts";
import type { RunContext } from "./run-context.ts";
import { createCallRecord, NO_USAGE, type RunState } from "./run-state.ts";

/** Ways to stop after which an answer is whole, and its calls are meant. */
const WHOLE_STOPS: readonly string[] = ["tool_use", "end_turn"];

/** Goes on until the run ends, and returns why. Throws what a model, a hook or a store fails with. */
export async function* runLoop(run: RunContext): AsyncGenerator<AgentEvent, AgentStopReason> {
  const { state, signal } = run;
  for (;;) {
    if (state.calls.length > 0) {
      await decideCalls(run);
      yield* runCalls(run);
      if (signal.aborted) return "aborted";
      if (state.calls.some(({ phase }) => phase !== "done")) return "approval_required";
      yield* endTurn(run);
      const reason = await findReasonToStop(run);
      if (reason !== undefined) return reason;
    }
    // Its last answer was kept, and then nothing more: a crash can come as late as that.
    if (state.turns > 0 && state.messages.at(-1)?.role === "assistant") return state.turnStopReason;
    if (signal.aborted) return "aborted";
    if (state.turns - state.spent.turns >= run.settings.maxTurns) return "max_turns";
    try {
      yield* takeTurn(run);
    } catch (error) {
      if (error instanceof AbortError && signal.aborted) return "aborted";
      throw error;
    }
    if (state.calls.length === 0) {
      yield* endTurn(run);
      return state.turnStopReason;
    }
  }
}

/** Asks the model and takes its answer into the state, which is one step. */
async function* takeTurn(run: RunContext): AsyncGenerator<AgentEvent, void> {
  const { state } = run;
  const turn = state.turns + 1;
  yield { type: "turn_start", turn };
  await prepareTurn(run, turn);
  const answer = yield* findAnswer(run, turn);
  const response = await askAfterModel(run, turn, answer.response);
  const { message } = response.output;
  state.turns = turn;
  if (message.content.length > 0) state.messages = [...state.messages, message];
  state.turnStopReason = response.stopReason;
  // Whatever a hook makes of an answer, it has cost what it has cost.
  state.lastUsage = answer.response.usage;
  state.turnUsage = addUsage(answer.withdrawnUsage, state.lastUsage);
  run.spend(state.turnUsage, priceOf(answer));
  const calls = toolUsesOf(response).filter(({ type }) => type !== "server_tool_use");
  state.calls = calls.map(createCallRecord);
  if (!WHOLE_STOPS.includes(response.stopReason)) refuseCalls(state, response.stopReason);
  await run.checkpoint();
}

/** An answer that was cut off, or stopped by someone else, is not one whose calls may run. */
function refuseCalls(state: RunState, stopReason: string): void {
  for (const record of state.calls) finishCall(record, toErrorContent(refuseCut(stopReason)));
}

/** What was spent on an answer and its attempts, in dollars; null where one of them is not known. */
function priceOf({ response, withdrawnUsage, modelId }: FoundAnswer): number | null {
  if (response.$metadata?.usageMissing === true) return null;
  let sum = 0;
  for (const usage of [withdrawnUsage, response.usage]) {
    // What used nothing costs nothing, whoever gave it.
    if (usage.totalTokens === 0) continue;
    const usd = modelId === undefined ? undefined : costOf(usage, modelId)?.usd;
    if (usd === undefined) return null;
    sum += usd;
  }
  return sum;
}

async function prepareTurn(run: RunContext, turn: number): Promise<void> {
  const { state, settings, context, signal } = run;
  const { usage, lastUsage } = state;
  const messages = [...state.messages];
  const prepared = await settings.prepareTurn?.({
    messages,
    turn,
    usage,
    lastUsage,
    context,
    signal,
  });
  if (prepared === undefined) return;
  if (!Array.isArray(prepared) || !prepared.every(isMessage)) {
    throw new TypeError("prepareTurn must return a list of messages, or nothing.");
  }
  state.messages = [...prepared];
}

function isMessage(value: unknown): value is Message {
  return isRecord(value) && typeof value["role"] === "string" && Array.isArray(value["content"]);
}

/** An answer, from the model or from a hook in its place. */
interface FoundAnswer extends ModelAnswer {
  /** Who was asked, as far as it is known. */
  readonly modelId: string | undefined;
}

async function* findAnswer(
  { state, settings, context, signal }: RunContext,
  turn: number,
): AsyncGenerator<AgentEvent, FoundAnswer> {
  const request: InvokeOptions = { ...settings.request, messages: state.messages };
  const replaced = await settings.hooks.beforeModel?.({ request, turn, context, signal });
  if (replaced !== undefined && "response" in replaced) {
    const { response } = replaced;
    yield* tellResponse(response);
    return { response, withdrawnUsage: NO_USAGE, modelId: undefined };
  }
  const asked = { ...request, ...replaced?.request };
  const answer = yield* askModel(settings, asked, turn, signal);
  return { ...answer, modelId: asked.modelId ?? settings.modelId };
}

async function askAfterModel(
  { settings, context, signal }: RunContext,
  turn: number,
  response: ConverseResponse,
): Promise<ConverseResponse> {
  const replaced = await settings.hooks.afterModel?.({ response, turn, context, signal });
  return replaced?.response ?? response;
}

/** Closes the turn: the results of its calls, in their order, make the next message. */
async function* endTurn(run: RunContext): AsyncGenerator<AgentEvent, void> {
  const { state } = run;
  const { calls } = state;
  if (calls.length > 0) {
    const content = calls.map((record) => ({ toolResult: toResultBlock(record) }));
    state.messages = [...state.messages, { role: "user", content }];
    const finished = calls.map((record) => ({
      toolUseId: record.toolUseId,
      name: record.name,
      input: record.input,
      status: record.result?.status ?? "error",
      result: toResultBlock(record),
      turn: state.turns,
      durationMs: record.durationMs,
    }));
    state.toolCalls = [...state.toolCalls, ...finished];
    state.calls = [];
    await run.checkpoint();
  }
  const { turns: turn, turnStopReason: stopReason, turnUsage: usage } = state;
  yield { type: "turn_end", turn, stopReason, usage };
}

/** After a turn with calls: whether there is to be no other. */
async function findReasonToStop(run: RunContext): Promise<AgentStopReason | undefined> {
  const { state, settings, context } = run;
  const stopReason = state.turnStopReason;
  // A model that ran out of room in its answer can ask for less; the others have nothing more to say.
  if (!WHOLE_STOPS.includes(stopReason) && stopReason !== "max_tokens") return stopReason;
  const overspent = findOverspending(state, settings.budget);
  if (overspent !== undefined) return overspent;
  const { turns: turn, messages, usage } = state;
  const isEnough = await settings.stopWhen?.({ turn, messages, usage, context });
  return isEnough ? "stop_when" : undefined;
}
