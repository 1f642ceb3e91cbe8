// A compile-time test: every structure and union of the service model has a type of ours with exactly
// its members. Nothing here runs; `converse-surface.test.ts` holds this list to the model's.

import type * as Dcaf from "../../src/index.ts";

/** Members that are ours and not the wire's: the model id travels in the path. */
type Ours = "$unknown" | "$metadata" | "modelId";

declare function expectMembers<Type, Names extends Exclude<keyof Type, Ours> & string>(
  ...complete: Exclude<keyof Type, Ours | Names> extends never ? [] : [missing: never]
): void;

expectMembers<
  Dcaf.AppliedGuardrailDetails,
  "guardrailId" | "guardrailVersion" | "guardrailArn" | "guardrailOrigin" | "guardrailOwnership"
>();
expectMembers<Dcaf.AudioBlock, "format" | "source" | "error">();
expectMembers<Dcaf.AudioSource, "bytes" | "s3Location">();
expectMembers<Dcaf.CacheDetail, "ttl" | "inputTokens">();
expectMembers<Dcaf.CachePointBlock, "type" | "ttl">();
expectMembers<Dcaf.Citation, "title" | "source" | "sourceContent" | "location">();
expectMembers<Dcaf.CitationGeneratedContent, "text">();
expectMembers<
  Dcaf.CitationLocation,
  "web" | "documentChar" | "documentPage" | "documentChunk" | "searchResultLocation"
>();
expectMembers<Dcaf.CitationSourceContent, "text">();
expectMembers<Dcaf.CitationSourceContentDelta, "text">();
expectMembers<Dcaf.CitationsConfig, "enabled">();
expectMembers<Dcaf.CitationsContentBlock, "content" | "citations">();
expectMembers<Dcaf.CitationsDelta, "title" | "source" | "sourceContent" | "location">();
expectMembers<
  Dcaf.ContentBlock,
  | "text"
  | "image"
  | "document"
  | "video"
  | "audio"
  | "toolUse"
  | "toolResult"
  | "guardContent"
  | "cachePoint"
  | "reasoningContent"
  | "citationsContent"
  | "searchResult"
  | "toolAddition"
  | "toolRemoval"
>();
expectMembers<
  Dcaf.ContentBlockDelta,
  "text" | "toolUse" | "toolResult" | "reasoningContent" | "citation" | "image"
>();
expectMembers<Dcaf.ContentBlockDeltaEvent, "delta" | "contentBlockIndex">();
expectMembers<Dcaf.ContentBlockStart, "toolUse" | "toolResult" | "image">();
expectMembers<Dcaf.ContentBlockStartEvent, "start" | "contentBlockIndex">();
expectMembers<Dcaf.ContentBlockStopEvent, "contentBlockIndex">();
expectMembers<Dcaf.ConverseMetrics, "latencyMs">();
expectMembers<Dcaf.ConverseOutput, "message">();
expectMembers<
  Dcaf.ConverseResponse,
  | "output"
  | "stopReason"
  | "usage"
  | "metrics"
  | "additionalModelResponseFields"
  | "trace"
  | "performanceConfig"
  | "serviceTier"
>();
expectMembers<
  Dcaf.ConverseStreamMetadataEvent,
  "usage" | "metrics" | "trace" | "performanceConfig" | "serviceTier"
>();
expectMembers<Dcaf.ConverseStreamMetrics, "latencyMs">();
expectMembers<
  Dcaf.ConverseStreamEvent,
  | "messageStart"
  | "contentBlockStart"
  | "contentBlockDelta"
  | "contentBlockStop"
  | "messageStop"
  | "metadata"
>();
expectMembers<
  Dcaf.ConverseRequest,
  | "messages"
  | "system"
  | "inferenceConfig"
  | "toolConfig"
  | "guardrailConfig"
  | "additionalModelRequestFields"
  | "promptVariables"
  | "additionalModelResponseFieldPaths"
  | "requestMetadata"
  | "performanceConfig"
  | "serviceTier"
  | "outputConfig"
>();
expectMembers<Dcaf.ConverseStreamTrace, "guardrail" | "promptRouter">();
expectMembers<Dcaf.ConverseTrace, "guardrail" | "promptRouter">();
expectMembers<Dcaf.DocumentBlock, "format" | "name" | "source" | "context" | "citations">();
expectMembers<Dcaf.DocumentCharLocation, "documentIndex" | "start" | "end">();
expectMembers<Dcaf.DocumentChunkLocation, "documentIndex" | "start" | "end">();
expectMembers<Dcaf.DocumentContentBlock, "text">();
expectMembers<Dcaf.DocumentPageLocation, "documentIndex" | "start" | "end">();
expectMembers<Dcaf.DocumentSource, "bytes" | "s3Location" | "text" | "content">();
expectMembers<Dcaf.ErrorBlock, "message">();
expectMembers<
  Dcaf.GuardrailAssessment,
  | "topicPolicy"
  | "contentPolicy"
  | "wordPolicy"
  | "sensitiveInformationPolicy"
  | "contextualGroundingPolicy"
  | "automatedReasoningPolicy"
  | "invocationMetrics"
  | "appliedGuardrailDetails"
>();
expectMembers<
  Dcaf.GuardrailAutomatedReasoningFinding,
  | "valid"
  | "invalid"
  | "satisfiable"
  | "impossible"
  | "translationAmbiguous"
  | "tooComplex"
  | "noTranslations"
>();
expectMembers<
  Dcaf.GuardrailAutomatedReasoningImpossibleFinding,
  "translation" | "contradictingRules" | "logicWarning"
>();
expectMembers<Dcaf.GuardrailAutomatedReasoningInputTextReference, "text">();
expectMembers<
  Dcaf.GuardrailAutomatedReasoningInvalidFinding,
  "translation" | "contradictingRules" | "logicWarning"
>();
expectMembers<Dcaf.GuardrailAutomatedReasoningLogicWarning, "type" | "premises" | "claims">();
expectMembers<Dcaf.GuardrailAutomatedReasoningPolicyAssessment, "findings">();
expectMembers<Dcaf.GuardrailAutomatedReasoningRule, "identifier" | "policyVersionArn">();
expectMembers<
  Dcaf.GuardrailAutomatedReasoningSatisfiableFinding,
  "translation" | "claimsTrueScenario" | "claimsFalseScenario" | "logicWarning"
>();
expectMembers<Dcaf.GuardrailAutomatedReasoningScenario, "statements">();
expectMembers<Dcaf.GuardrailAutomatedReasoningStatement, "logic" | "naturalLanguage">();
expectMembers<
  Dcaf.GuardrailAutomatedReasoningTranslation,
  "premises" | "claims" | "untranslatedPremises" | "untranslatedClaims" | "confidence"
>();
expectMembers<
  Dcaf.GuardrailAutomatedReasoningTranslationAmbiguousFinding,
  "options" | "differenceScenarios"
>();
expectMembers<Dcaf.GuardrailAutomatedReasoningTranslationOption, "translations">();
expectMembers<
  Dcaf.GuardrailAutomatedReasoningValidFinding,
  "translation" | "claimsTrueScenario" | "supportingRules" | "logicWarning"
>();
expectMembers<
  Dcaf.GuardrailContentFilter,
  "type" | "confidence" | "filterStrength" | "action" | "detected"
>();
expectMembers<Dcaf.GuardrailContentPolicyAssessment, "filters">();
expectMembers<
  Dcaf.GuardrailContextualGroundingFilter,
  "type" | "threshold" | "score" | "action" | "detected"
>();
expectMembers<Dcaf.GuardrailContextualGroundingPolicyAssessment, "filters">();
expectMembers<Dcaf.GuardrailConverseContentBlock, "text" | "image">();
expectMembers<Dcaf.GuardrailConverseImageBlock, "format" | "source">();
expectMembers<Dcaf.GuardrailConverseImageSource, "bytes">();
expectMembers<Dcaf.GuardrailConverseTextBlock, "text" | "qualifiers">();
expectMembers<Dcaf.GuardrailCoverage, "textCharacters" | "images">();
expectMembers<Dcaf.GuardrailCustomWord, "match" | "action" | "detected">();
expectMembers<Dcaf.GuardrailImageCoverage, "guarded" | "total">();
expectMembers<
  Dcaf.GuardrailInvocationMetrics,
  "guardrailProcessingLatency" | "usage" | "guardrailCoverage"
>();
expectMembers<Dcaf.GuardrailManagedWord, "match" | "type" | "action" | "detected">();
expectMembers<Dcaf.GuardrailPiiEntityFilter, "match" | "type" | "action" | "detected">();
expectMembers<Dcaf.GuardrailRegexFilter, "name" | "match" | "regex" | "action" | "detected">();
expectMembers<Dcaf.GuardrailSensitiveInformationPolicyAssessment, "piiEntities" | "regexes">();
expectMembers<
  Dcaf.GuardrailStreamConfiguration,
  "guardrailIdentifier" | "guardrailVersion" | "trace" | "streamProcessingMode"
>();
expectMembers<Dcaf.GuardrailTextCharactersCoverage, "guarded" | "total">();
expectMembers<Dcaf.GuardrailTopic, "name" | "type" | "action" | "detected">();
expectMembers<Dcaf.GuardrailTopicPolicyAssessment, "topics">();
expectMembers<
  Dcaf.GuardrailTraceAssessment,
  "modelOutput" | "inputAssessment" | "outputAssessments" | "actionReason"
>();
expectMembers<
  Dcaf.GuardrailUsage,
  | "topicPolicyUnits"
  | "contentPolicyUnits"
  | "wordPolicyUnits"
  | "sensitiveInformationPolicyUnits"
  | "sensitiveInformationPolicyFreeUnits"
  | "contextualGroundingPolicyUnits"
  | "contentPolicyImageUnits"
  | "automatedReasoningPolicyUnits"
  | "automatedReasoningPolicies"
>();
expectMembers<Dcaf.GuardrailWordPolicyAssessment, "customWords" | "managedWordLists">();
expectMembers<Dcaf.ImageBlock, "format" | "source" | "error">();
expectMembers<Dcaf.ImageBlockDelta, "source" | "error">();
expectMembers<Dcaf.ImageBlockStart, "format">();
expectMembers<Dcaf.ImageSource, "bytes" | "s3Location">();
expectMembers<
  Dcaf.InferenceConfiguration,
  "maxTokens" | "temperature" | "topP" | "stopSequences"
>();
expectMembers<Dcaf.JsonSchemaDefinition, "schema" | "name" | "description">();
expectMembers<Dcaf.Message, "role" | "content">();
expectMembers<Dcaf.MessageStartEvent, "role">();
expectMembers<Dcaf.MessageStopEvent, "stopReason" | "additionalModelResponseFields">();
expectMembers<Dcaf.OutputConfig, "textFormat" | "effort">();
expectMembers<Dcaf.OutputFormat, "type" | "structure">();
expectMembers<Dcaf.OutputFormatStructure, "jsonSchema">();
expectMembers<Dcaf.PerformanceConfiguration, "latency">();
expectMembers<Dcaf.PromptRouterTrace, "invokedModelId">();
expectMembers<Dcaf.PromptVariableValues, "text">();
expectMembers<Dcaf.ReasoningContentBlock, "reasoningText" | "redactedContent">();
expectMembers<Dcaf.ReasoningContentBlockDelta, "text" | "redactedContent" | "signature">();
expectMembers<Dcaf.ReasoningTextBlock, "text" | "signature">();
expectMembers<Dcaf.S3Location, "uri" | "bucketOwner">();
expectMembers<Dcaf.SearchResultBlock, "source" | "title" | "content" | "citations">();
expectMembers<Dcaf.SearchResultContentBlock, "text">();
expectMembers<Dcaf.SearchResultLocation, "searchResultIndex" | "start" | "end">();
expectMembers<Dcaf.ServiceTier, "type">();
expectMembers<Dcaf.SpecificToolChoice, "name">();
expectMembers<Dcaf.SystemContentBlock, "text" | "guardContent" | "cachePoint">();
expectMembers<Dcaf.SystemTool, "name">();
expectMembers<
  Dcaf.TokenUsage,
  | "inputTokens"
  | "outputTokens"
  | "totalTokens"
  | "cacheReadInputTokens"
  | "cacheWriteInputTokens"
  | "cacheDetails"
>();
expectMembers<Dcaf.Tool, "toolSpec" | "systemTool" | "cachePoint">();
expectMembers<Dcaf.ToolAdditionBlock, "tool">();
expectMembers<Dcaf.ToolChoice, "auto" | "any" | "tool">();
expectMembers<Dcaf.ToolConfiguration, "tools" | "toolChoice">();
expectMembers<Dcaf.ToolInputSchema, "json">();
expectMembers<Dcaf.ToolReference, "type" | "name" | "serverName">();
expectMembers<Dcaf.ToolRemovalBlock, "tool">();
expectMembers<Dcaf.ToolResultBlock, "toolUseId" | "content" | "status" | "type">();
expectMembers<Dcaf.ToolResultBlockDelta, "text" | "json">();
expectMembers<Dcaf.ToolResultBlockStart, "toolUseId" | "type" | "status">();
expectMembers<
  Dcaf.ToolResultContentBlock,
  "json" | "text" | "image" | "document" | "video" | "searchResult"
>();
expectMembers<Dcaf.ToolSpecification, "name" | "description" | "inputSchema" | "strict">();
expectMembers<Dcaf.ToolUseBlock, "toolUseId" | "name" | "input" | "type">();
expectMembers<Dcaf.ToolUseBlockDelta, "input">();
expectMembers<Dcaf.ToolUseBlockStart, "toolUseId" | "name" | "type">();
expectMembers<Dcaf.VideoBlock, "format" | "source">();
expectMembers<Dcaf.VideoSource, "bytes" | "s3Location">();
expectMembers<Dcaf.WebLocation, "url" | "domain">();

// The list can fail, both ways.
// @ts-expect-error a member that the type does not have
expectMembers<Dcaf.ErrorBlock, "message" | "reason">();
// @ts-expect-error a member that is left out
expectMembers<Dcaf.S3Location, "uri">();
