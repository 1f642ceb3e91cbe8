// What messages are made of, as Converse spells it.

import type { CitationsContentBlock, SearchResultBlock } from "./citations.ts";
import type { JsonValue } from "./json.ts";
import type { AudioBlock, DocumentBlock, ImageBlock, VideoBlock } from "./media.ts";
import type { OneOf } from "./open.ts";

/** One turn of a conversation. Turns alternate, and the first is the user's. */
export interface Message {
  role: ConversationRole;
  /** Blocks in the order the model reads or wrote them. */
  content: ContentBlock[];
}

/** `system` inside `messages` is read by some models only; instructions normally go in `system`. */
export type ConversationRole = "user" | "assistant" | "system";

/** One piece of a message: exactly one member is set. */
export type ContentBlock = OneOf<{
  /** Must hold more than white space. */
  text: string;
  image: ImageBlock;
  document: DocumentBlock;
  video: VideoBlock;
  audio: AudioBlock;
  toolUse: ToolUseBlock;
  toolResult: ToolResultBlock;
  guardContent: GuardrailConverseContentBlock;
  /** Everything before it in the request may be cached. */
  cachePoint: CachePointBlock;
  reasoningContent: ReasoningContentBlock;
  citationsContent: CitationsContentBlock;
  searchResult: SearchResultBlock;
  toolAddition: ToolAdditionBlock;
  toolRemoval: ToolRemovalBlock;
}>;

/** A call the model asks for. Answer it with a `toolResult` of the same id in the next user message. */
export interface ToolUseBlock {
  /** 1 to 64 of `[a-zA-Z0-9_.:-]`. */
  toolUseId: string;
  /** 1 to 64 of `[a-zA-Z0-9_-]`. */
  name: string;
  /** A JSON object. */
  input: JsonValue;
  /** `server_tool_use` when the provider runs the call itself. */
  type?: ToolUseType | undefined;
}

export type ToolUseType = "server_tool_use";

/** The answer to one `toolUse`. */
export interface ToolResultBlock {
  toolUseId: string;
  content: ToolResultContentBlock[];
  /** Read by Claude and Nova. */
  status?: ToolResultStatus | undefined;
  type?: string | undefined;
}

/** One piece of a tool's answer: exactly one member is set. */
export type ToolResultContentBlock = OneOf<{
  /** A JSON object; wrap lists and scalars. */
  json: JsonValue;
  text: string;
  image: ImageBlock;
  document: DocumentBlock;
  video: VideoBlock;
  searchResult: SearchResultBlock;
}>;

export type ToolResultStatus = "success" | "error";

/** Content a guardrail looks at. Where one is present, only such blocks are evaluated. */
export type GuardrailConverseContentBlock = OneOf<{
  text: GuardrailConverseTextBlock;
  image: GuardrailConverseImageBlock;
}>;

export interface GuardrailConverseTextBlock {
  text: string;
  qualifiers?: GuardrailConverseContentQualifier[] | undefined;
}

export type GuardrailConverseContentQualifier = "grounding_source" | "query" | "guard_content";

export interface GuardrailConverseImageBlock {
  format: GuardrailConverseImageFormat;
  source: GuardrailConverseImageSource;
}

export type GuardrailConverseImageFormat = "png" | "jpeg";

export type GuardrailConverseImageSource = OneOf<{
  bytes: Uint8Array;
}>;

/** A place up to which the prompt may be cached: at most four in a request. */
export interface CachePointBlock {
  type: CachePointType;
  /** How long an unused entry stays; five minutes when absent. */
  ttl?: CacheTTL | undefined;
}

export type CachePointType = "default";

export type CacheTTL = "5m" | "1h";

/** What the model thought. Send it back unchanged in a tool loop. */
export type ReasoningContentBlock = OneOf<{
  reasoningText: ReasoningTextBlock;
  redactedContent: Uint8Array;
}>;

export interface ReasoningTextBlock {
  text: string;
  /** Proves that the text is the model's own; without it the block is refused on replay. */
  signature?: string | undefined;
}

/** Makes a tool available from this point of the conversation on (some models only). */
export interface ToolAdditionBlock {
  tool: ToolReference;
}

export interface ToolReference {
  type?: string | undefined;
  name?: string | undefined;
  serverName?: string | undefined;
}

/** Takes a tool away from this point of the conversation on (some models only). */
export interface ToolRemovalBlock {
  tool: ToolReference;
}

/** One piece of the instructions that precede the conversation. */
export type SystemContentBlock = OneOf<{
  text: string;
  guardContent: GuardrailConverseContentBlock;
  cachePoint: CachePointBlock;
}>;
