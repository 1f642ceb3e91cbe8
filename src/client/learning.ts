// A refusal that names a parameter teaches something about the model: the request is fitted to it
// once more and sent again, and every later request is fitted from the start.

import type { ModelMemory } from "./model-memory.ts";
import type { PreparedCall } from "./prepare-request.ts";

/** A model that refuses more than this one by one is better refused by its caller. */
const MAX_LESSONS = 3;

/** How a request is sent, and made anew. */
export interface LearningSender<Request extends PreparedCall, Value> {
  readonly memory: ModelMemory;
  /** The same request with what is known now. May throw. */
  refit(): Request;
  send(request: Request): Promise<Value>;
}

/** Resolves with the answer and the request it belongs to. Rejects as `send` does. */
export async function sendLearning<Request extends PreparedCall, Value>(
  first: Request,
  sender: LearningSender<Request, Value>,
): Promise<{ request: Request; value: Value }> {
  let request = first;
  for (let lessons = 0; ; lessons++) {
    try {
      return { request, value: await sender.send(request) };
    } catch (error) {
      const refitted = learnAndRefit(error, request, sender);
      if (refitted === undefined || lessons === MAX_LESSONS) throw error;
      request = refitted;
    }
  }
}

/**
 * The request to send instead; undefined when the refusal teaches nothing, or nothing can be changed.
 * What it teaches may be known by now, for another call may have learnt it while this one was out.
 */
function learnAndRefit<Request extends PreparedCall, Value>(
  error: unknown,
  request: Request,
  sender: LearningSender<Request, Value>,
): Request | undefined {
  if (!sender.memory.learn(error, request)) return undefined;
  let refitted: Request;
  try {
    refitted = sender.refit();
  } catch {
    // What the service said is the better explanation.
    return undefined;
  }
  const isSame = refitted.path === request.path && isSameBody(refitted.body, request.body);
  return isSame ? undefined : refitted;
}

function isSameBody(one: string | Buffer, other: string | Buffer): boolean {
  return Buffer.isBuffer(one) && Buffer.isBuffer(other) ? one.equals(other) : one === other;
}
