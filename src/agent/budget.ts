// What a run may spend, and whether it has.

import { assertKnownOptions, readNumber } from "../core/options.ts";
import { costOf } from "../models/cost-of.ts";
import type { AgentStopReason } from "./agent-result.ts";
import type { RunState } from "./run-state.ts";

/** Limits of a run, agents that are tools included. It ends after the turn that goes beyond one. */
export interface Budget {
  /** Tokens as the service counts them, in and out, cache included. */
  readonly tokens?: number | undefined;
  /** Dollars. The price of the model must be known; a turn whose cost is not known ends the run too. */
  readonly usd?: number | undefined;
}

const NO_TOKENS = { inputTokens: 0, outputTokens: 0, totalTokens: 0 };

/** Reads `budget`. Throws `TypeError`, also for money where the model has no known price. */
export function readBudget(
  given: unknown,
  modelId: string | undefined,
  region: string | undefined,
): Budget {
  if (given === undefined) return {};
  assertKnownOptions(given, ["tokens", "usd"], "Agent: budget");
  const tokens = readNumber(given["tokens"], "Agent: budget.tokens", { min: 1 });
  const usd = readNumber(given["usd"], "Agent: budget.usd", { min: 0 });
  if (usd !== undefined && modelId === undefined) {
    throw new TypeError("Agent: budget.usd needs to know the model: pass modelId.");
  }
  if (
    usd !== undefined &&
    modelId !== undefined &&
    costOf(NO_TOKENS, modelId, { region }) === undefined
  ) {
    throw new TypeError(
      `Agent: budget.usd cannot be held, for no price is known for “${modelId}”.`,
    );
  }
  return { tokens, usd };
}

/** Why a run has to end because of what it spent, if it has to. */
export function findOverspending(
  state: RunState,
  { tokens, usd }: Budget,
): AgentStopReason | undefined {
  if (tokens !== undefined && state.usage.totalTokens - state.spent.tokens >= tokens) {
    return "token_budget";
  }
  if (usd === undefined) return undefined;
  // What cannot be counted cannot be held either.
  if (state.usd === null || state.usd - state.spent.usd >= usd) return "cost_budget";
  return undefined;
}
