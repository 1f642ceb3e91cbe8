// The public surface of `dcaf`. A name that is not here is not public.

export type { AgentPrompt } from "./agent/agent.ts";
export { Agent } from "./agent/agent.ts";
export type {
  AgentEvent,
  ApprovalRequiredEvent,
  ReasoningDeltaEvent,
  RunEndEvent,
  TextDeltaEvent,
  ToolCallEndEvent,
  ToolCallStartEvent,
  ToolInputDeltaEvent,
  ToolProgressEvent,
  TurnEndEvent,
  TurnRetryEvent,
  TurnStartEvent,
} from "./agent/agent-events.ts";
export type {
  AgentOptions,
  AgentTools,
  ResumeOptions,
  RunOptions,
  TurnRetryOptions,
} from "./agent/agent-options.ts";
export type {
  AgentResult,
  AgentState,
  AgentStopReason,
  FinishedToolCall,
  PendingApproval,
} from "./agent/agent-result.ts";
export type { AgentRun } from "./agent/agent-run.ts";
export type { AgentToolOptions } from "./agent/agent-tool.ts";
export type { ApprovalOptions } from "./agent/approval-options.ts";
export type { Budget } from "./agent/budget.ts";
export type { ApprovalDecision, ApprovalDecisions } from "./agent/decisions.ts";
export { FileOnceStore } from "./agent/file-once-store.ts";
export type {
  AfterModel,
  AfterTool,
  AgentHooks,
  BeforeModel,
  BeforeTool,
  HookContext,
  PrepareTurn,
  StopWhen,
  ToolDecision,
  TurnPreparation,
  TurnSummary,
} from "./agent/hooks.ts";
export type { LLM, LLMStream } from "./agent/llm.ts";
export type { OnceStore } from "./agent/once-store.ts";
export { MemoryOnceStore } from "./agent/once-store.ts";
export type { SigningKey } from "./agent/state-seal.ts";
export type { TokenWindowOptions } from "./agent/token-window.ts";
export { tokenWindow } from "./agent/token-window.ts";
export type { CredentialsProvider } from "./aws/credentials.ts";
export type { AwsCredentials } from "./aws/sigv4.ts";
export { BedrockLLM } from "./client/bedrock-llm.ts";
export type {
  ClientTimeoutOptions,
  RetryOptionsInput as RetryOptions,
  TimeoutOptions,
} from "./client/call-options.ts";
export type { BedrockLLMOptions } from "./client/client-options.ts";
export type { ConverseStream } from "./client/converse-stream.ts";
export type { ObjectCall } from "./client/object/object-call.ts";
export type {
  InvokeObjectOptions,
  ObjectMode,
  ObjectResult,
} from "./client/object/object-options.ts";
export type { PartialObject } from "./client/object/partial-object.ts";
export type { RequestExplanation } from "./client/prepare-request.ts";
export type { CountTokensOptions, InvokeOptions } from "./client/request-options.ts";
export type { PrefixSection } from "./converse/cache-prefix.ts";
export type { ConverseBody, ConverseOptions, Operation } from "./converse/converse-options.ts";
export type {
  CacheableRequest,
  CacheChange,
  CacheExplanation,
  LostCachePoint,
} from "./converse/explain-cache.ts";
export { explainCache } from "./converse/explain-cache.ts";
export type {
  PlainTool,
  RunnableTool,
  ToolChoiceInput,
  ToolInput,
} from "./converse/tool-config.ts";
export type {
  Citation,
  CitationGeneratedContent,
  CitationLocation,
  CitationSourceContent,
  CitationsConfig,
  CitationsContentBlock,
  DocumentCharLocation,
  DocumentChunkLocation,
  DocumentPageLocation,
  SearchResultBlock,
  SearchResultContentBlock,
  SearchResultLocation,
  WebLocation,
} from "./core/citations.ts";
export type {
  CachePointBlock,
  CachePointType,
  CacheTTL,
  ContentBlock,
  ConversationRole,
  GuardrailConverseContentBlock,
  GuardrailConverseContentQualifier,
  GuardrailConverseImageBlock,
  GuardrailConverseImageFormat,
  GuardrailConverseImageSource,
  GuardrailConverseTextBlock,
  Message,
  ReasoningContentBlock,
  ReasoningTextBlock,
  SystemContentBlock,
  ToolAdditionBlock,
  ToolReference,
  ToolRemovalBlock,
  ToolResultBlock,
  ToolResultContentBlock,
  ToolResultStatus,
  ToolUseBlock,
  ToolUseType,
} from "./core/content.ts";
export type {
  CitationSourceContentDelta,
  CitationsDelta,
  ContentBlockDelta,
  ContentBlockDeltaEvent,
  ContentBlockStart,
  ContentBlockStartEvent,
  ContentBlockStopEvent,
  ConverseStreamEvent,
  ConverseStreamMetadataEvent,
  ConverseStreamMetrics,
  ConverseStreamTrace,
  ImageBlockDelta,
  ImageBlockStart,
  MessageStartEvent,
  MessageStopEvent,
  ReasoningContentBlockDelta,
  ToolResultBlockDelta,
  ToolResultBlockStart,
  ToolUseBlockDelta,
  ToolUseBlockStart,
} from "./core/converse-events.ts";
export type {
  AnyToolChoice,
  AutoToolChoice,
  ConverseRequest,
  GuardrailConfiguration,
  GuardrailStreamConfiguration,
  GuardrailStreamProcessingMode,
  GuardrailTrace,
  InferenceConfiguration,
  JsonSchemaDefinition,
  OutputConfig,
  OutputFormat,
  OutputFormatStructure,
  OutputFormatType,
  PerformanceConfigLatency,
  PerformanceConfiguration,
  PromptVariableValues,
  ServiceTier,
  ServiceTierType,
  SpecificToolChoice,
  SystemTool,
  Tool,
  ToolChoice,
  ToolConfiguration,
  ToolInputSchema,
  ToolSpecification,
} from "./core/converse-request.ts";
export type {
  CacheDetail,
  ConverseMetrics,
  ConverseOutput,
  ConverseResponse,
  ConverseTrace,
  PromptRouterTrace,
  ResponseMetadata,
  StopReason,
  TokenUsage,
} from "./core/converse-response.ts";
export type {
  AnswerIssue,
  ApprovalErrorReason,
  BedrockErrorOptions,
  StreamErrorReason,
  StructuredOutputErrorOptions,
  TimeoutPhase,
} from "./core/errors.ts";
export {
  AbortError,
  ApprovalError,
  BedrockError,
  ConnectionError,
  CredentialsError,
  StreamError,
  StructuredOutputError,
  TimeoutError,
} from "./core/errors.ts";
export type {
  GuardrailAutomatedReasoningFinding,
  GuardrailAutomatedReasoningImpossibleFinding,
  GuardrailAutomatedReasoningInputTextReference,
  GuardrailAutomatedReasoningInvalidFinding,
  GuardrailAutomatedReasoningLogicWarning,
  GuardrailAutomatedReasoningLogicWarningType,
  GuardrailAutomatedReasoningNoTranslationsFinding,
  GuardrailAutomatedReasoningPolicyAssessment,
  GuardrailAutomatedReasoningRule,
  GuardrailAutomatedReasoningSatisfiableFinding,
  GuardrailAutomatedReasoningScenario,
  GuardrailAutomatedReasoningStatement,
  GuardrailAutomatedReasoningTooComplexFinding,
  GuardrailAutomatedReasoningTranslation,
  GuardrailAutomatedReasoningTranslationAmbiguousFinding,
  GuardrailAutomatedReasoningTranslationOption,
  GuardrailAutomatedReasoningValidFinding,
} from "./core/guardrail-reasoning.ts";
export type {
  AppliedGuardrailDetails,
  GuardrailAssessment,
  GuardrailContentFilter,
  GuardrailContentFilterConfidence,
  GuardrailContentFilterStrength,
  GuardrailContentFilterType,
  GuardrailContentPolicyAction,
  GuardrailContentPolicyAssessment,
  GuardrailContextualGroundingFilter,
  GuardrailContextualGroundingFilterType,
  GuardrailContextualGroundingPolicyAction,
  GuardrailContextualGroundingPolicyAssessment,
  GuardrailCoverage,
  GuardrailCustomWord,
  GuardrailImageCoverage,
  GuardrailInvocationMetrics,
  GuardrailManagedWord,
  GuardrailManagedWordType,
  GuardrailOrigin,
  GuardrailOwnership,
  GuardrailPiiEntityFilter,
  GuardrailPiiEntityType,
  GuardrailRegexFilter,
  GuardrailSensitiveInformationPolicyAction,
  GuardrailSensitiveInformationPolicyAssessment,
  GuardrailTextCharactersCoverage,
  GuardrailTopic,
  GuardrailTopicPolicyAction,
  GuardrailTopicPolicyAssessment,
  GuardrailTopicType,
  GuardrailTraceAssessment,
  GuardrailUsage,
  GuardrailWordPolicyAction,
  GuardrailWordPolicyAssessment,
} from "./core/guardrail-trace.ts";
export type { JsonValue } from "./core/json.ts";
export type { Logger } from "./core/logger.ts";
export type {
  AudioBlock,
  AudioFormat,
  AudioSource,
  DocumentBlock,
  DocumentContentBlock,
  DocumentFormat,
  DocumentSource,
  ErrorBlock,
  ImageBlock,
  ImageFormat,
  ImageSource,
  S3Location,
  VideoBlock,
  VideoFormat,
  VideoSource,
} from "./core/media.ts";
export type { Input, OneOf, Open } from "./core/open.ts";
export type { RequestChange } from "./core/request-change.ts";
export { VERSION } from "./core/version.ts";
export type { CheckableRequest, RequestIssue } from "./messages/check-request.ts";
export { checkRequest } from "./messages/check-request.ts";
export { InvalidRequestError } from "./messages/invalid-request-error.ts";
export type {
  ContentBlockInput,
  MessageInput,
  MessagesInput,
  SystemPromptInput,
  ToolResultInput,
} from "./messages/message-input.ts";
export { normalizeMessages } from "./messages/normalize.ts";
export { reasoningOf, textOf, toolUsesOf } from "./messages/readers.ts";
export type { ModelAlias, ModelFeature, ModelFilter, ModelInfo } from "./models/catalogue.ts";
export { findModel, listModels } from "./models/catalogue.ts";
export type { Cost, CostOptions, PaidUsage } from "./models/cost-of.ts";
export { costOf } from "./models/cost-of.ts";
export type { ModelPrice } from "./models/price-list.ts";
export type { DefinedTool, ToolDefinition, ToolExecution } from "./tools/define-tool.ts";
export { defineTool } from "./tools/define-tool.ts";
export type { InferOutput, InputSchema } from "./tools/infer-schema.ts";
export type { JsonSchema, SchemaCheck, SchemaIssue, StandardSchema } from "./tools/schema.ts";
export type { ToolFunction, ToolFunctions } from "./tools/tool-set.ts";
