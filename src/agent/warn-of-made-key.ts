// Tells once what is easily overlooked in development, and hurts in production.

import { tellLogger } from "../core/logger.ts";
import type { AgentSettings } from "./agent-options.ts";

const MESSAGE =
  "A run waits for approval, and its state is signed with a key made for this process: no other process can resume it. Pass approvals.key to Agent.";

let isTold = false;

/** Warns, once for the process, that a state which waits can only be resumed here. */
export function warnOfMadeKey({ approvals, logger }: AgentSettings): void {
  if (!approvals.isKeyMade || isTold) return;
  isTold = true;
  if (logger === undefined) process.emitWarning(MESSAGE, { code: "DCAF_APPROVAL_KEY" });
  else tellLogger(logger, "warn", MESSAGE);
}
