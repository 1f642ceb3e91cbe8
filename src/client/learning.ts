// A refusal that names a parameter teaches something about the model: the request is fitted to it
// once more and sent again, and every later request is fitted from the start.

import { BedrockError } from "../core/errors.ts";
import type { Answer } from "../transport/transport.ts";
import type { ModelMemory } from "./model-memory.ts";
import type { PreparedCall } from "./request-options.ts";

/** A model that refuses more than this one by one is better refused by its caller. */
const MAX_LESSONS = 3;

/** How a request is sent, and made anew. */
export interface LearningSender<Request extends PreparedCall, Value> {
  readonly memory: ModelMemory;
  /** The same request with what is known now. May throw. */
  refit(): Request;
  send(request: Request): Promise<Answer<Value>>;
}

/** Resolves with the answer and the request it belongs to; attempts and delays count in all of them. */
export async function sendLearning<Request extends PreparedCall, Value>(
  first: Request,
  sender: LearningSender<Request, Value>,
): Promise<{ request: Request; answer: Answer<Value> }> {
  let request = first;
  let attemptsBefore = 0;
  for (let lessons = 0; ; lessons++) {
    try {
      const answer = await sender.send(request);
      return { request, answer: { ...answer, attempts: answer.attempts + attemptsBefore } };
    } catch (error) {
      if (error instanceof BedrockError) error.attempts += attemptsBefore;
      const refitted = learnAndRefit(error, request, sender);
      if (refitted === undefined || lessons === MAX_LESSONS) throw error;
      attemptsBefore = (error as BedrockError).attempts;
      request = refitted;
    }
  }
}

/** The request to send instead; undefined when nothing was learnt, or nothing can be changed. */
function learnAndRefit<Request extends PreparedCall, Value>(
  error: unknown,
  request: Request,
  sender: LearningSender<Request, Value>,
): Request | undefined {
  if (!sender.memory.learn(error, request.model)) return undefined;
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
