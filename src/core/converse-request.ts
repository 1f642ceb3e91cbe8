// The Converse request on the wire: everything besides the messages themselves.

import type { CachePointBlock, Message, SystemContentBlock } from "./content.ts";
import type { JsonValue } from "./json.ts";
import type { OneOf } from "./open.ts";

/** The request as it stands on the wire; the model id travels in the path. */
export interface ConverseRequest {
  /** Model id, inference profile, or the ARN of either, of a prompt or of a prompt router. */
  modelId: string;
  messages?: Message[] | undefined;
  system?: SystemContentBlock[] | undefined;
  inferenceConfig?: InferenceConfiguration | undefined;
  toolConfig?: ToolConfiguration | undefined;
  guardrailConfig?: GuardrailConfiguration | undefined;
  /** Fields of the model's own interface, such as `top_k` for Claude. */
  additionalModelRequestFields?: JsonValue | undefined;
  /** Values for a prompt given as `modelId`. */
  promptVariables?: Record<string, PromptVariableValues> | undefined;
  /** Up to ten JSON Pointers into the model's own answer. */
  additionalModelResponseFieldPaths?: string[] | undefined;
  /** 1 to 16 pairs for the invocation log. */
  requestMetadata?: Record<string, string> | undefined;
  performanceConfig?: PerformanceConfiguration | undefined;
  serviceTier?: ServiceTier | undefined;
  outputConfig?: OutputConfig | undefined;
}

export interface InferenceConfiguration {
  /** At least 1. Bedrock reserves this many tokens of quota at the start of a call. */
  maxTokens?: number | undefined;
  /** 0 to 1. */
  temperature?: number | undefined;
  /** 0 to 1. */
  topP?: number | undefined;
  /** Up to 2,500 texts that end the answer. */
  stopSequences?: string[] | undefined;
}

export interface ToolConfiguration {
  /** At least one tool besides any cache point. */
  tools: Tool[];
  toolChoice?: ToolChoice | undefined;
}

/** One entry of the tool list: exactly one member is set. */
export type Tool = OneOf<{
  toolSpec: ToolSpecification;
  /** A tool that the provider runs. */
  systemTool: SystemTool;
  cachePoint: CachePointBlock;
}>;

export interface ToolSpecification {
  name: string;
  /** At least one character when present. */
  description?: string | undefined;
  inputSchema: ToolInputSchema;
  /** Holds the model to the schema, where the model supports it. */
  strict?: boolean | undefined;
}

export type ToolInputSchema = OneOf<{
  /** JSON Schema with `type: "object"` at the top. */
  json: JsonValue;
}>;

export interface SystemTool {
  name: string;
}

/** Whether and which tool is called: exactly one member is set. There is no “none” on the wire. */
export type ToolChoice = OneOf<{
  auto: AutoToolChoice;
  any: AnyToolChoice;
  tool: SpecificToolChoice;
}>;

export type AutoToolChoice = Record<string, never>;

export type AnyToolChoice = Record<string, never>;

export interface SpecificToolChoice {
  name: string;
}

/** The guardrail to apply, by id or ARN, and its version. */
export interface GuardrailConfiguration {
  guardrailIdentifier?: string | undefined;
  guardrailVersion?: string | undefined;
  trace?: GuardrailTrace | undefined;
}

export type GuardrailTrace = "enabled" | "disabled" | "enabled_full";

export type PromptVariableValues = OneOf<{
  text: string;
}>;

export interface PerformanceConfiguration {
  /** `optimized` is a preview of a few models; over its quota Bedrock serves `standard` and says so. */
  latency?: PerformanceConfigLatency | undefined;
}

export type PerformanceConfigLatency = "standard" | "optimized";

export interface ServiceTier {
  type: ServiceTierType;
}

export type ServiceTierType = "priority" | "default" | "flex" | "reserved";

/** The shape and the effort of the answer. */
export interface OutputConfig {
  textFormat?: OutputFormat | undefined;
  /** `low`, `medium`, `high`, `xhigh` or `max`, for the models that think. */
  effort?: string | undefined;
}

export interface OutputFormat {
  type: OutputFormatType;
  structure: OutputFormatStructure;
}

export type OutputFormatType = "json_schema";

export type OutputFormatStructure = OneOf<{
  jsonSchema: JsonSchemaDefinition;
}>;

export interface JsonSchemaDefinition {
  /** JSON Schema as text, not as an object. */
  schema: string;
  name?: string | undefined;
  description?: string | undefined;
}

export interface GuardrailStreamConfiguration {
  guardrailIdentifier?: string | undefined;
  guardrailVersion?: string | undefined;
  trace?: GuardrailTrace | undefined;
  /** `async` lets text pass before it is checked. */
  streamProcessingMode?: GuardrailStreamProcessingMode | undefined;
}

export type GuardrailStreamProcessingMode = "sync" | "async";
