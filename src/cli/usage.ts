// What an answer cost and whether it is whole, for people.

import type { ConverseResponse } from "../index.ts";

/** A line for `writeRemark` with the tokens and the stop reason; without what the service did not say. */
export function describeUsage({ usage, stopReason }: ConverseResponse): string {
  const counts = [
    [usage?.inputTokens, usage?.inputTokens === 1 ? "token in" : "tokens in"],
    [usage?.cacheReadInputTokens, "read from the cache"],
    [usage?.cacheWriteInputTokens, "written to the cache"],
    [usage?.outputTokens, usage?.outputTokens === 1 ? "token out" : "tokens out"],
  ] as const;
  const told = counts.flatMap(([count, what]) => (count ? [`${count} ${what}`] : []));
  return `${[...told, `stop reason ${stopReason}`].join(", ")}\n`;
}

/** A line about an answer that is not whole; nothing about one that is. */
export function describeCut({ stopReason }: ConverseResponse): string {
  if (stopReason !== "max_tokens") return "";
  return "note: the answer stops at the limit of tokens; --max-tokens raises it.\n";
}
