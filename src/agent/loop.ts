// The loop: ask, run the calls of the complete answer, hand back the results, and again until the model has
// no more calls or the run has to end. It has no state of its own: everything it knows is in the run's, so
// that it goes on from wherever that stands.

import type { InvokeOptions } from "../client/request-options.ts";
import type { Message } from "../core/content.ts";
import type { ConverseResponse, TokenUsage } from "../core/converse-response.ts";
import { isRecord } from "../core/json.ts";
import { isMetered } from "../core/response-builder.ts";
import { isAbort, untilAborted } from "../core/until-aborted.ts";
import { addUsage } from "../core/usage.ts";
import { costOf } from "../models/cost-of.ts";
import type { AgentEvent } from "./agent-events.ts";
import type { AgentStopReason } from "./agent-result.ts";
import { askModel, tellResponse } from "./ask-model.ts";
import { findOverspending } from "./budget.ts";
import { decideCalls } from "./decide-calls.ts";
import { readHookAnswer } from "./hook-answers.ts";
import { runCalls, toResultBlock } from "./run-calls.ts";
import type { RunContext } from "./run-context.ts";
import { NO_USAGE } from "./run-state.ts";
import { isWholeStop, takeAnswer } from "./take-answer.ts";

/** Goes on until the run ends, and returns why. Throws what a model, a hook or a store fails with. */
export async function* runLoop(run: RunContext): AsyncGenerator<AgentEvent, AgentStopReason> {
  try {
    return yield* goOn(run);
  } catch (error) {
    if (isAbort(error, run.signal)) return "aborted";
    throw error;
  }
}

async function* goOn(run: RunContext): AsyncGenerator<AgentEvent, AgentStopReason> {
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
    yield* takeTurn(run);
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
  state.turnUsage = NO_USAGE;
  const answer = yield* findAnswer(run, turn);
  const response = await askAfterModel(run, turn, answer);
  state.turns = turn;
  if (isMetered(answer.usage)) state.lastUsage = answer.usage;
  takeAnswer(state, response, run.settings.approvals);
  await run.checkpoint();
}

/** Counts an answer, or an attempt at one, as soon as it was given: whatever becomes of it, it is paid. */
function count(
  { state, settings, spend }: RunContext,
  modelId: string | undefined,
  { usage, $metadata }: Pick<ConverseResponse, "usage" | "$metadata">,
): void {
  const told = isMetered(usage) ? usage : NO_USAGE;
  state.turnUsage = addUsage(state.turnUsage, told);
  const isKnown = told === usage && $metadata?.usageMissing !== true;
  spend(told, isKnown ? priceOf(told, modelId, settings.llm.region) : null);
}

/** In dollars; null where it is not known. */
function priceOf(
  usage: TokenUsage,
  modelId: string | undefined,
  region: string | undefined,
): number | null {
  // What used nothing costs nothing, whoever gave it.
  if (usage.totalTokens === 0) return 0;
  return modelId === undefined ? null : (costOf(usage, modelId, { region })?.usd ?? null);
}

async function prepareTurn(run: RunContext, turn: number): Promise<void> {
  const { state, settings, context, signal } = run;
  const { usage, lastUsage } = state;
  const messages = [...state.messages];
  const prepared = await untilAborted(
    settings.prepareTurn?.({ messages, turn, usage, lastUsage, context, signal }),
    signal,
  );
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
async function* findAnswer(
  run: RunContext,
  turn: number,
): AsyncGenerator<AgentEvent, ConverseResponse> {
  const { state, settings, context, signal } = run;
  const request: InvokeOptions = { ...settings.request, messages: [...state.messages] };
  const asking = settings.hooks.beforeModel?.({ request, turn, context, signal });
  const replaced = readHookAnswer("beforeModel", await untilAborted(asking, signal));
  if (replaced !== undefined && "response" in replaced) {
    count(run, undefined, replaced.response);
    yield* tellResponse(replaced.response);
    return replaced.response;
  }
  const asked = { ...request, ...replaced?.request };
  const modelId = asked.modelId ?? settings.modelId;
  return yield* askModel(settings, asked, {
    turn,
    signal,
    onUsage: (answer) => count(run, modelId, answer),
  });
}

async function askAfterModel(
  { settings, context, signal }: RunContext,
  turn: number,
  response: ConverseResponse,
): Promise<ConverseResponse> {
  const asking = settings.hooks.afterModel?.({ response, turn, context, signal });
  return readHookAnswer("afterModel", await untilAborted(asking, signal))?.response ?? response;
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
  if (!isWholeStop(stopReason) && stopReason !== "max_tokens") return stopReason;
  const overspent = findOverspending(state, settings.budget);
  if (overspent !== undefined) return overspent;
  const { turns: turn, messages, usage } = state;
  const asking = settings.stopWhen?.({ turn, messages: [...messages], usage, context });
  return (await untilAborted(asking, run.signal)) ? "stop_when" : undefined;
}
