// What Converse answers, and what a stream folds into.

import type { CacheTTL, Message } from "./content.ts";
import type { PerformanceConfiguration, ServiceTier } from "./converse-request.ts";
import type { GuardrailTraceAssessment } from "./guardrail-trace.ts";
import type { JsonValue } from "./json.ts";
import type { Open } from "./open.ts";
import type { RequestChange } from "./request-change.ts";

/** A complete answer, from `invoke` or folded from a stream. */
export interface ConverseResponse {
  output: ConverseOutput;
  stopReason: StopReason;
  usage: TokenUsage;
  metrics: ConverseMetrics;
  /** What `additionalModelResponseFieldPaths` asked for. */
  additionalModelResponseFields?: JsonValue | undefined;
  trace?: ConverseTrace | undefined;
  /** The latency mode that was really served. */
  performanceConfig?: PerformanceConfiguration | undefined;
  /** The tier that was really served. */
  serviceTier?: ServiceTier | undefined;
  /** About the call, not from the body; named as in the AWS SDK. */
  $metadata?: ResponseMetadata | undefined;
}

/** How an answer was obtained. */
export interface ResponseMetadata {
  httpStatusCode?: number | undefined;
  /** Quote it to AWS support. */
  requestId?: string | undefined;
  /** Requests made, the successful one included. */
  attempts?: number | undefined;
  /** Milliseconds spent waiting between attempts. */
  totalRetryDelay?: number | undefined;
  /** True when an answer ended well without telling its usage: the zeros of `usage` are no counts. */
  usageMissing?: boolean | undefined;
  /**
   * What was asked for and could not be sent to this model as it was, such as a temperature; absent
   * when everything was sent as it was meant.
   */
  warnings?: RequestChange[] | undefined;
}

export interface ConverseOutput {
  /** Always present; its content is empty when a guardrail stopped the request before any output. */
  message: Message;
}

/** Why the model stopped. `malformed_*` and `guardrail_intervened` arrive with HTTP 200 too. */
export type StopReason = Open<
  | "end_turn"
  | "tool_use"
  | "max_tokens"
  | "stop_sequence"
  | "guardrail_intervened"
  | "content_filtered"
  | "malformed_model_output"
  | "malformed_tool_use"
  | "model_context_window_exceeded"
>;

/** Tokens as Bedrock counted them. */
export interface TokenUsage {
  /** Without those read from or written to the cache. */
  inputTokens: number;
  outputTokens: number;
  /** The service's own sum. */
  totalTokens: number;
  cacheReadInputTokens?: number | undefined;
  cacheWriteInputTokens?: number | undefined;
  /** Cache writes by how long they stay. */
  cacheDetails?: CacheDetail[] | undefined;
}

export interface CacheDetail {
  ttl: CacheTTL;
  inputTokens: number;
}

export interface ConverseMetrics {
  /** Milliseconds Bedrock took. */
  latencyMs: number;
}

export interface ConverseTrace {
  guardrail?: GuardrailTraceAssessment | undefined;
  promptRouter?: PromptRouterTrace | undefined;
}

export interface PromptRouterTrace {
  /** ARN of the model that a prompt router chose. */
  invokedModelId?: string | undefined;
}
