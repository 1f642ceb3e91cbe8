// A model that says what a test tells it to, through the same seam as the client.

import type { ContentBlock } from "../../src/core/content.ts";
import { toEvents, WHOLE } from "../../src/core/response-events.ts";
import type { ConverseResponse, ConverseStreamEvent, InvokeOptions } from "../../src/index.ts";

/** A call that the model asks for. */
export interface ScriptedCall {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

/** What the model says: text, calls, or a whole response. */
export type ScriptedReply = string | readonly ScriptedCall[] | ConverseResponse;

/** Says what comes next, by what was asked and how often before. It may throw. */
export type Script = (request: InvokeOptions, index: number) => ScriptedReply;

/** The seam, and what went through it. */
export interface ScriptedLLM {
  readonly requests: InvokeOptions[];
  invoke(options: InvokeOptions): Promise<ConverseResponse>;
  invokeStream(options: InvokeOptions): AsyncGenerator<ConverseStreamEvent, void>;
}

export const USAGE = { inputTokens: 10, outputTokens: 5, totalTokens: 15 };

/** Replies in order, or a function that makes them. */
export function scriptedLLM(script: readonly ScriptedReply[] | Script): ScriptedLLM {
  const requests: InvokeOptions[] = [];
  const answer = (options: InvokeOptions): ConverseResponse => {
    const index = requests.length;
    requests.push({ ...options, messages: structuredClone(options.messages ?? []) });
    options.signal?.throwIfAborted();
    const reply = typeof script === "function" ? script(options, index) : script[index];
    if (reply === undefined) throw new Error(`The script has no reply ${index}.`);
    return toResponse(reply);
  };
  return {
    requests,
    invoke: async (options) => answer(options),
    async *invokeStream(options) {
      for (const event of toEvents(answer(options), WHOLE)) {
        await Promise.resolve();
        yield event;
      }
    },
  };
}

/** A response in full. */
export function toResponse(reply: ScriptedReply): ConverseResponse {
  if (typeof reply === "object" && "output" in reply) return reply;
  const content: ContentBlock[] =
    typeof reply === "string"
      ? [{ text: reply }]
      : reply.map(({ id, name, input }) => ({
          toolUse: { toolUseId: id, name, input: input as never },
        }));
  return {
    output: { message: { role: "assistant", content } },
    stopReason: typeof reply === "string" ? "end_turn" : "tool_use",
    usage: USAGE,
    metrics: { latencyMs: 1 },
  };
}
