// What messages are made of, as Converse spells it. Bytes are `Uint8Array` here and base64 only on the wire.

import type { JsonValue } from "./json.ts";
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

/** A picture of at most 3.75 MB and 8000 by 8000 pixels; at most 20 per message. */
export interface ImageBlock {
  format: ImageFormat;
  source: ImageSource;
  /** Set by the model when it could not produce the picture. */
  error?: ErrorBlock | undefined;
}

export type ImageFormat = "png" | "jpeg" | "gif" | "webp";

/** Bytes as they are (never base64 text), or an object in S3 for the models that read from there. */
export type ImageSource = OneOf<{
  bytes: Uint8Array;
  s3Location: S3Location;
}>;

export interface S3Location {
  /** `s3://bucket/key`, in the region of the call and readable by the caller. */
  uri: string;
  /** Twelve-digit account, when the bucket belongs to another one. */
  bucketOwner?: string | undefined;
}

/** Why the model could not produce a piece of media. */
export interface ErrorBlock {
  message?: string | undefined;
}

/** A document of at most 4.5 MB. A request carries at most five, each beside a text block. */
export interface DocumentBlock {
  format?: DocumentFormat | undefined;
  /** Letters, digits, single spaces, hyphens, parentheses and square brackets; unique in the request. The model reads it, so keep it neutral. */
  name: string;
  source: DocumentSource;
  /** How the document bears on the question, for citations. */
  context?: string | undefined;
  citations?: CitationsConfig | undefined;
}

export type DocumentFormat =
  | "pdf"
  | "csv"
  | "doc"
  | "docx"
  | "xls"
  | "xlsx"
  | "html"
  | "txt"
  | "md";

export type DocumentSource = OneOf<{
  bytes: Uint8Array;
  s3Location: S3Location;
  /** Plain text, for citations. */
  text: string;
  /** Text in pieces of the caller's choosing, for citations by chunk. */
  content: DocumentContentBlock[];
}>;

export type DocumentContentBlock = OneOf<{
  text: string;
}>;

export interface CitationsConfig {
  /** Claude wants the same value on every document of a request. */
  enabled: boolean;
}

/** A video: below 25 MB as bytes, up to 1 GB from S3. */
export interface VideoBlock {
  format: VideoFormat;
  source: VideoSource;
}

export type VideoFormat =
  | "mkv"
  | "mov"
  | "mp4"
  | "webm"
  | "flv"
  | "mpeg"
  | "mpg"
  | "wmv"
  | "three_gp";

export type VideoSource = OneOf<{
  bytes: Uint8Array;
  s3Location: S3Location;
}>;

/** Sound, for the models that listen or speak. */
export interface AudioBlock {
  format: AudioFormat;
  source: AudioSource;
  /** Set by the model when it could not produce the sound. */
  error?: ErrorBlock | undefined;
}

export type AudioFormat =
  | "mp3"
  | "opus"
  | "wav"
  | "aac"
  | "flac"
  | "mp4"
  | "ogg"
  | "mkv"
  | "mka"
  | "x-aac"
  | "m4a"
  | "mpeg"
  | "mpga"
  | "pcm"
  | "webm";

export type AudioSource = OneOf<{
  bytes: Uint8Array;
  s3Location: S3Location;
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

/** A passage the model may cite. */
export interface SearchResultBlock {
  source: string;
  title: string;
  content: SearchResultContentBlock[];
  citations?: CitationsConfig | undefined;
}

export interface SearchResultContentBlock {
  text: string;
}

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

/** Text the model wrote together with where it comes from. */
export interface CitationsContentBlock {
  content?: CitationGeneratedContent[] | undefined;
  citations?: Citation[] | undefined;
}

export type CitationGeneratedContent = OneOf<{
  text: string;
}>;

/** One source the model names. */
export interface Citation {
  title?: string | undefined;
  source?: string | undefined;
  sourceContent?: CitationSourceContent[] | undefined;
  location?: CitationLocation | undefined;
}

export type CitationSourceContent = OneOf<{
  text: string;
}>;

/** Where in a source the cited passage stands: exactly one member is set. */
export type CitationLocation = OneOf<{
  web: WebLocation;
  documentChar: DocumentCharLocation;
  documentPage: DocumentPageLocation;
  documentChunk: DocumentChunkLocation;
  searchResultLocation: SearchResultLocation;
}>;

export interface WebLocation {
  url?: string | undefined;
  domain?: string | undefined;
}

export interface DocumentCharLocation {
  /** Counts the documents of the request from 0. */
  documentIndex?: number | undefined;
  start?: number | undefined;
  end?: number | undefined;
}

export interface DocumentPageLocation {
  /** Counts the documents of the request from 0. */
  documentIndex?: number | undefined;
  start?: number | undefined;
  end?: number | undefined;
}

export interface DocumentChunkLocation {
  /** Counts the documents of the request from 0. */
  documentIndex?: number | undefined;
  start?: number | undefined;
  end?: number | undefined;
}

export interface SearchResultLocation {
  searchResultIndex?: number | undefined;
  start?: number | undefined;
  end?: number | undefined;
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
