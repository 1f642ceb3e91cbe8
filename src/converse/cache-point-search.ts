// Where a request may hold cache points: among its tools, its instructions, the blocks of its messages.

import type { CachePointBlock } from "../core/content.ts";
import type { ConverseBody } from "./converse-options.ts";

/** An entry of a list that may hold a cache point. */
export interface MaybeCachePoint {
  readonly cachePoint?: CachePointBlock | undefined;
}

/** Whether a request holds any cache point. */
export function hasCachePoint({ toolConfig, system, messages }: ConverseBody): boolean {
  if (toolConfig?.tools.some(isPoint)) return true;
  if (system?.some(isPoint)) return true;
  return messages?.some(({ content }) => content.some(isPoint)) ?? false;
}

function isPoint({ cachePoint }: MaybeCachePoint): boolean {
  return cachePoint != null;
}
