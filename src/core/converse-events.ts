// The events of a ConverseStream. On the wire they come as: messageStart; for each block an optional
// contentBlockStart, any number of contentBlockDelta, contentBlockStop; messageStop; metadata. Blocks
// may interleave and indexes may have gaps, so they are told apart by `contentBlockIndex` alone.

import type { CitationLocation } from "./citations.ts";
import type { ConversationRole, ToolResultStatus, ToolUseType } from "./content.ts";
import type { PerformanceConfiguration, ServiceTier } from "./converse-request.ts";
import type { PromptRouterTrace, StopReason, TokenUsage } from "./converse-response.ts";
import type { GuardrailTraceAssessment } from "./guardrail-trace.ts";
import type { JsonValue } from "./json.ts";
import type { ErrorBlock, ImageFormat, ImageSource } from "./media.ts";
import type { OneOf } from "./open.ts";

/** One event of a stream: exactly one member is set. Failures are thrown, never events. */
export type ConverseStreamEvent = OneOf<{
  messageStart: MessageStartEvent;
  contentBlockStart: ContentBlockStartEvent;
  contentBlockDelta: ContentBlockDeltaEvent;
  contentBlockStop: ContentBlockStopEvent;
  messageStop: MessageStopEvent;
  metadata: ConverseStreamMetadataEvent;
}>;

export interface MessageStartEvent {
  role: ConversationRole;
}

export interface ContentBlockStartEvent {
  start: ContentBlockStart;
  contentBlockIndex: number;
}

/** What a block opens with. Text, reasoning and citations have no start event. */
export type ContentBlockStart = OneOf<{
  toolUse: ToolUseBlockStart;
  toolResult: ToolResultBlockStart;
  image: ImageBlockStart;
}>;

export interface ToolUseBlockStart {
  toolUseId: string;
  name: string;
  type?: ToolUseType | undefined;
}

export interface ToolResultBlockStart {
  toolUseId: string;
  type?: string | undefined;
  status?: ToolResultStatus | undefined;
}

export interface ImageBlockStart {
  format: ImageFormat;
}

export interface ContentBlockDeltaEvent {
  delta: ContentBlockDelta;
  contentBlockIndex: number;
}

/** The next piece of a block: exactly one member is set. */
export type ContentBlockDelta = OneOf<{
  text: string;
  toolUse: ToolUseBlockDelta;
  toolResult: ToolResultBlockDelta[];
  reasoningContent: ReasoningContentBlockDelta;
  citation: CitationsDelta;
  image: ImageBlockDelta;
}>;

export interface ToolUseBlockDelta {
  /** A fragment of JSON text; join them until the block stops. */
  input: string;
}

export type ToolResultBlockDelta = OneOf<{
  text: string;
  json: JsonValue;
}>;

export type ReasoningContentBlockDelta = OneOf<{
  text: string;
  redactedContent: Uint8Array;
  signature: string;
}>;

export interface CitationsDelta {
  title?: string | undefined;
  source?: string | undefined;
  sourceContent?: CitationSourceContentDelta[] | undefined;
  location?: CitationLocation | undefined;
}

export interface CitationSourceContentDelta {
  text?: string | undefined;
}

export interface ImageBlockDelta {
  source?: ImageSource | undefined;
  error?: ErrorBlock | undefined;
}

export interface ContentBlockStopEvent {
  contentBlockIndex: number;
}

export interface MessageStopEvent {
  stopReason: StopReason;
  additionalModelResponseFields?: JsonValue | undefined;
}

/** Usage and timing, normally the last event. */
export interface ConverseStreamMetadataEvent {
  usage: TokenUsage;
  metrics: ConverseStreamMetrics;
  trace?: ConverseStreamTrace | undefined;
  performanceConfig?: PerformanceConfiguration | undefined;
  serviceTier?: ServiceTier | undefined;
}

export interface ConverseStreamMetrics {
  latencyMs: number;
}

export interface ConverseStreamTrace {
  guardrail?: GuardrailTraceAssessment | undefined;
  promptRouter?: PromptRouterTrace | undefined;
}
