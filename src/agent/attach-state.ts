// Gives an error of a run where to go on from.

import type { AgentState } from "./agent-result.ts";

/** Which run an error tells the state of. */
const runs = new WeakMap<Error, string>();

/**
 * The error with `state` readable on it, sealed when it is first looked at. Hidden from `console.log` and
 * `JSON.stringify`, for it holds the conversation. An error that already tells the state of another run,
 * or can hold none, is left as it is, and one made from it is returned.
 */
export function withState(error: unknown, runId: string, seal: () => AgentState): unknown {
  if (!(error instanceof Error)) return error;
  const isFree = Object.isExtensible(error) && (runs.get(error) ?? runId) === runId;
  const own: Error = isFree ? error : Object.create(error);
  runs.set(own, runId);
  let state: AgentState | undefined;
  const get = (): AgentState => {
    state ??= seal();
    return state;
  };
  return Object.defineProperty(own, "state", { get, enumerable: false, configurable: true });
}
