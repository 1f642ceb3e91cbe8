// What a call can be told: what goes to the model, and how it gets there.

import { CONVERSE_OPTION_NAMES } from "../converse/build-request.ts";
import type { ConverseOptions } from "../converse/converse-options.ts";
import { isRecord, type UnknownRecord } from "../core/json.ts";
import type { ForeignNames } from "../core/options.ts";
import type { RetryOptionsInput, TimeoutOptions } from "./call-options.ts";

/** Options of `invoke` and `invokeStream`: what goes to the model, and how it gets there. */
export interface InvokeOptions extends ConverseOptions {
  /** Stops the call; it then fails with an `AbortError`. */
  readonly signal?: AbortSignal | undefined;
  /** Over those of the client, value by value. */
  readonly timeouts?: TimeoutOptions | undefined;
  /** Over those of the client, value by value. */
  readonly retry?: RetryOptionsInput | undefined;
}

/** Options of `countTokens`: of a request, what weighs in the prompt. */
export type CountTokensOptions = Pick<
  InvokeOptions,
  | "modelId"
  | "baseModelId"
  | "messages"
  | "systemPrompt"
  | "tools"
  | "additionalModelRequestFields"
  | "signal"
  | "timeouts"
  | "retry"
>;

/** All of them, for the check of unknown ones. */
export const COUNT_OPTION_NAMES: readonly (keyof CountTokensOptions)[] = [
  "modelId",
  "baseModelId",
  "messages",
  "systemPrompt",
  "tools",
  "additionalModelRequestFields",
  "signal",
  "timeouts",
  "retry",
];

/** All of them, for the check of unknown ones. */
export const INVOKE_OPTION_NAMES: readonly (keyof InvokeOptions)[] = [
  ...CONVERSE_OPTION_NAMES,
  "signal",
  "timeouts",
  "retry",
];

/** From the AWS SDK, the Vercel AI SDK, LangChain and OpenAI; near names are found by themselves. */
export const FOREIGN_NAMES: ForeignNames = {
  stop: "stopSequences",
  topK: "additionalModelRequestFields: { top_k }",
  top_k: "additionalModelRequestFields: { top_k }",
  prompt: "messages",
  system: "systemPrompt",
  model: "modelId",
  maxOutputTokens: "maxTokens",
  max_completion_tokens: "maxTokens",
  inferenceConfig: "maxTokens, temperature, topP, stopSequences",
  toolConfig: "tools, toolChoice",
  maxRetries: "retry: { maxAttempts }",
  abortSignal: "signal",
  response_format: "outputConfig: { textFormat }",
  reasoning_effort: "outputConfig: { effort }",
  thinking: "additionalModelRequestFields: { thinking }",
  cache: "new BedrockLLM({ cache })",
  checkRequests: "new BedrockLLM({ checkRequests })",
};

/** The same options, safe from a caller who goes on filling his lists while the call is under way. */
export function keepLists<Options extends CountTokensOptions>(options: Options): Options {
  const given: unknown = options;
  if (!isRecord(given)) return options;
  const kept: UnknownRecord = { ...given };
  for (const name of ["messages", "tools", "systemPrompt"]) {
    const list = kept[name];
    if (Array.isArray(list)) kept[name] = list.map(keepContent);
  }
  return kept as unknown as Options;
}

function keepContent(item: unknown): unknown {
  if (!isRecord(item) || item["content"] === undefined) return item;
  const { content } = item;
  return { ...item, content: Array.isArray(content) ? [...content] : content };
}
