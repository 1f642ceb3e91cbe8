// What a run of an example must print and send, and how to read what was sent.

import type { ConverseRequest, Message } from "../../src/index.ts";
import type { LocalBedrockOptions, LocalRequest } from "../../src/local/index.ts";
import type { Variables } from "./run-example.ts";

/** One run of an example and what must come of it. */
export interface Expectation {
  /** All of these must be found in the output, in this order. */
  readonly prints: readonly (string | RegExp)[];
  /** Requests it sends. @default 1 */
  readonly requests?: number;
  /** Looks at what was sent. */
  readonly check?: (requests: readonly LocalRequest[]) => void;
  /** The endpoint it meets. @default the simulator without pauses */
  readonly endpoint?: LocalBedrockOptions;
  readonly variables?: Variables;
  /** Puts files into the folder that is home and current folder of the program. */
  readonly prepare?: (folder: string) => Promise<void>;
}

/** By the name of the example; several runs where one does not show all it does. */
export type Expectations = Readonly<Record<string, readonly Expectation[]>>;

/** What the simulator says for want of an answer. */
export const SIMULATED: RegExp = /\(simulated\)/;

/** The body of the request at `index`. */
export function bodyOf(requests: readonly LocalRequest[], index = 0): ConverseRequest {
  return requests[index]?.body as ConverseRequest;
}

/** The content of the last message of a request. */
export function contentOf(requests: readonly LocalRequest[], index = 0): Message["content"] {
  return bodyOf(requests, index).messages?.at(-1)?.content ?? [];
}

/** The models that were asked. */
export function modelsOf(requests: readonly LocalRequest[]): string[] {
  return requests.map(({ modelId }) => modelId);
}

/** What the alias stands for. */
export const FAST = "global.anthropic.claude-haiku-4-5-20251001-v1:0";
