// Tells the log what was asked for and could not be sent as it was meant. Once for each model and
// reason, for it is the same with every call.

import { BoundedMap } from "../core/bounded-map.ts";
import type { Logger } from "../core/logger.ts";
import type { PreparedRequest } from "./prepare-request.ts";

/** Whatever is forgotten is told again. */
const MAX_REMEMBERED = 1000;

/** Makes a function that logs the warnings of a request that were not logged before. */
export function createWarner(
  logger: Logger | undefined,
): (request: Pick<PreparedRequest, "model" | "changes">) => void {
  const told = new BoundedMap<string, true>(MAX_REMEMBERED);
  return ({ model, changes }) => {
    if (logger === undefined) return;
    for (const { kind, rule, message } of changes) {
      const key = `${model.modelId} ${rule}`;
      if (kind !== "warning" || told.has(key)) continue;
      told.set(key, true);
      try {
        logger.warn(`Bedrock: ${message} (${rule}, ${model.modelId})`);
      } catch {
        // A logger that fails must not take the call with it.
      }
    }
  };
}
