// The seam to the model: what an agent needs of a client, so that a scripted one is enough for a test.

import type { InvokeOptions } from "../client/request-options.ts";
import type { ConverseStreamEvent } from "../core/converse-events.ts";
import type { ConverseResponse } from "../core/converse-response.ts";

/** An answer as it comes: what `BedrockLLM` returns, or any async iterable of events. */
export interface LLMStream extends AsyncIterable<ConverseStreamEvent> {
  /** The whole answer, once the events have been read. Without it they are folded. */
  response?(): Promise<ConverseResponse>;
}

/**
 * Whatever answers requests: a `BedrockLLM`, or two functions. An agent asks by `invokeStream`, so that a
 * model that falls silent is noticed, and by `invoke` where there is no `invokeStream`.
 */
export interface LLM {
  readonly invoke: (options: InvokeOptions) => Promise<ConverseResponse>;
  readonly invokeStream?: ((options: InvokeOptions) => LLMStream | Promise<LLMStream>) | undefined;
  /** The model that answers where a request names none. */
  readonly modelId?: string | undefined;
  /** Where it answers, on which the price of a bare model id depends. @default the United States */
  readonly region?: string | undefined;
}
