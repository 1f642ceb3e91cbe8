// The model that answers when none is given.

import type { LocalModelRequest, LocalReply } from "./reply.ts";

/** Answers a request deterministically and offline. */
export function simulate(request: LocalModelRequest): LocalReply {
  return `(simulated) ${request.modelId}`;
}
