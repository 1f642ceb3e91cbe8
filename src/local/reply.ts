// What a model function may answer, and the one form the server works with.

import type { ContentBlock } from "../core/content.ts";
import type {
  ConverseRequest,
  PerformanceConfiguration,
  ServiceTier,
} from "../core/converse-request.ts";
import type {
  ConverseMetrics,
  ConverseTrace,
  StopReason,
  TokenUsage,
} from "../core/converse-response.ts";
import type { JsonValue } from "../core/json.ts";
import type { Input } from "../core/open.ts";

/** The operations a model answers. */
export type LocalModelOperation = "converse" | "converse-stream";

/** A request as a model function gets it: the wire's members, bytes as `Uint8Array`. */
export interface LocalModelRequest extends ConverseRequest {
  readonly operation: LocalModelOperation;
  /** Lower-case names; credentials are replaced by `[redacted]`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Fires when the client goes away or the endpoint is closed. */
  readonly signal: AbortSignal;
}

/** Content in short: a text, one block, or blocks. */
export type LocalContent = string | Input<ContentBlock> | readonly Input<ContentBlock>[];

/** An answer with more than its content. What is left out is filled in as Bedrock would. */
export interface LocalDetailedReply {
  content: LocalContent;
  /** When given, the text is not cut at `maxTokens` and at stop sequences. */
  stopReason?: StopReason | undefined;
  usage?: Partial<TokenUsage> | undefined;
  metrics?: Partial<ConverseMetrics> | undefined;
  additionalModelResponseFields?: JsonValue | undefined;
  trace?: ConverseTrace | undefined;
  performanceConfig?: PerformanceConfiguration | undefined;
  serviceTier?: ServiceTier | undefined;
}

/** What a model function answers. */
export type LocalReply = LocalContent | LocalDetailedReply;

/**
 * Plays the model. Throw an error whose `name` is one of AWS's (`ThrottlingException`) to have the
 * endpoint answer with it; `retryAfterMs` on it becomes a `retry-after` header, or
 * `x-amz-retry-after` when it is no whole number of seconds.
 */
export type LocalModel = (request: LocalModelRequest) => LocalReply | Promise<LocalReply>;
