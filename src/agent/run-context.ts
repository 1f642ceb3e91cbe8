// What every step of one run shares.

import type { TokenUsage } from "../core/converse-response.ts";
import type { AgentEvent } from "./agent-events.ts";
import type { AgentSettings } from "./agent-options.ts";
import type { EventQueue } from "./event-queue.ts";
import type { RunState } from "./run-state.ts";

/** How long after an abort a store is given to finish what it has begun. */
export const PATIENCE_MS = 1_000;

/** One run while it is under way. */
export interface RunContext {
  readonly settings: AgentSettings;
  /** Changed in place, at finished steps only. */
  readonly state: RunState;
  /** Fires when the caller's does, and when nobody reads on. */
  readonly signal: AbortSignal;
  /** The caller's own. */
  readonly context: unknown;
  /** Tells the state to whoever keeps it, one after the other. Rejects with what he throws. */
  readonly checkpoint: () => Promise<void>;
  /** Whether anybody keeps the states that are told. */
  readonly isKept: boolean;
  /** Counts what was spent, here and in the runs above; null is not known. */
  readonly spend: (usage: TokenUsage, usd: number | null) => void;
}

/** How the calls of a turn are run: the failure of whatever keeps them safe ends all of them. */
export interface CallsRun extends RunContext {
  readonly queue: EventQueue<AgentEvent>;
  readonly fail: (error: unknown) => void;
}
