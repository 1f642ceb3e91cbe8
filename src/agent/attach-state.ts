// Gives an error of a run where to go on from.

import type { AgentState } from "./agent-result.ts";

/**
 * Makes `state` readable on an error, sealed when it is first looked at. Hidden from `console.log` and
 * `JSON.stringify`, for it holds the conversation. What cannot hold it is left as it is.
 */
export function attachState(error: unknown, seal: () => AgentState): void {
  if (!(error instanceof Error) || !Object.isExtensible(error)) return;
  let state: AgentState | undefined;
  const get = (): AgentState => {
    state ??= seal();
    return state;
  };
  Object.defineProperty(error, "state", { get, enumerable: false, configurable: true });
}
