// Refusals as Bedrock words them, and what each teaches; collected from public threads.

import type { ModelTraits } from "../../src/models/model-traits.ts";

export interface Refusal {
  readonly message: string;
  readonly code?: string;
  readonly current?: ModelTraits;
  readonly rule: string;
  readonly traits: ModelTraits;
}

const ALL_SECTIONS = ["tools", "system", "messages"] as const;

function field(name: string): string {
  return `This model doesn't support the ${name} field. Remove ${name} and try again.`;
}

function refused(message: string, ...refusedParameters: string[]): Refusal {
  return { message, rule: "parameter-refused", traits: { refusedParameters } };
}

function extra(name: string): string {
  return `additionalModelRequestFields.${name}`;
}

export const REFUSALS: readonly Refusal[] = [
  ...[
    "`temperature` is deprecated for this model.",
    "temperature is deprecated for this model.",
    "Unsupported parameter: 'temperature' is not supported with this model.",
    "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
    "temperature, top_p, and top_k are not supported for this model.",
    field("inferenceConfig.temperature"),
    field("temperature"),
  ].map((message): Refusal => {
    return { message, rule: "sampling-refused", traits: { sampling: "none" } };
  }),
  refused("`top_p` is deprecated for this model.", "inferenceConfig.topP", extra("top_p")),
  refused("`top_k` is deprecated for this model.", extra("top_k")),
  refused("top_k: Extra inputs are not permitted", extra("top_k")),
  refused(field("inferenceConfig.topP"), "inferenceConfig.topP"),
  {
    message:
      "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
    rule: "sampling-exclusive",
    traits: { sampling: "one" },
  },
  {
    message: field("toolConfig.toolChoice.tool"),
    rule: "tool-choice-refused",
    traits: { toolChoices: ["auto", "any"] },
  },
  {
    message: field("toolConfig.toolChoice.any"),
    rule: "tool-choice-refused",
    traits: { toolChoices: ["auto", "tool"] },
  },
  {
    message: field("toolConfig.toolChoice.auto"),
    rule: "tool-choice-refused",
    traits: { toolChoices: ["any", "tool"] },
  },
  {
    message: field("toolConfig.toolChoice"),
    rule: "tool-choice-refused",
    traits: { toolChoices: [] },
  },
  {
    message: 'tool_choice: type "tool" and "any" are not supported for this model',
    rule: "tool-choice-refused",
    traits: { toolChoices: ["auto"] },
  },
  {
    message: "Thinking may not be enabled when tool_choice forces tool use.",
    rule: "thinking-forced-tool",
    traits: { forcesWhileThinking: false },
  },
  {
    message: "This model doesn't support tool use in streaming mode.",
    rule: "streaming-tools",
    traits: { streamingTools: false },
  },
  ...[
    "tools.0.custom.strict: Extra inputs are not permitted",
    "tools.12.strict: Extra inputs are not permitted",
    field("toolConfig.tools.0.toolSpec.strict"),
  ].map((message): Refusal => {
    return { message, rule: "strict-refused", traits: { strictTools: false } };
  }),
  ...[
    "output_config.format: Extra inputs are not permitted",
    "output_format: Extra inputs are not permitted",
    field("outputConfig.textFormat"),
    "Structured outputs are not supported for this model.",
  ].map((message): Refusal => {
    return { message, rule: "text-format-refused", traits: { textFormat: false } };
  }),
  {
    message: "output_config: Extra inputs are not permitted",
    rule: "text-format-refused",
    traits: { textFormat: false, efforts: [] },
  },
  ...[
    "This model does not support the effort parameter.",
    "output_config.effort: Extra inputs are not permitted",
    field("outputConfig.effort"),
  ].map((message): Refusal => {
    return { message, rule: "effort-refused", traits: { efforts: [] } };
  }),
  {
    message:
      "This model does not support effort level 'xhigh'. Supported levels: high, low, max, medium.",
    rule: "effort-refused",
    traits: { efforts: ["low", "medium", "high", "max"] },
  },
  {
    message: "output_config.effort: Input should be 'low', 'medium' or 'high'",
    current: { efforts: ["low", "medium", "high", "xhigh", "max"] },
    rule: "effort-refused",
    traits: { efforts: ["low", "medium", "high"] },
  },
  {
    message: "This model does not support effort level 'max'.",
    rule: "effort-refused",
    traits: { efforts: ["low", "medium", "high", "xhigh"] },
  },
  {
    message:
      '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
    rule: "thinking-shape",
    traits: { thinking: "adaptive" },
  },
  {
    message: "adaptive thinking is not supported on this model",
    rule: "thinking-shape",
    traits: { thinking: "budget" },
  },
  {
    message: "adaptive thinking is not supported on this model",
    current: { thinking: "adaptive" },
    rule: "thinking-shape",
    traits: { thinking: "none" },
  },
  {
    message:
      '"thinking.type.disabled" is not supported for this model. Thinking defaults to adaptive mode when not specified; use "thinking.type.enabled" with "budget_tokens" for extended thinking.',
    rule: "thinking-shape",
    traits: { thinking: "always" },
  },
  ...[
    "thinking: Extra inputs are not permitted",
    "Unknown parameter: 'thinking'",
    "reasoning_config: Extra inputs are not permitted",
    field("additionalModelRequestFields.thinking"),
  ].map((message): Refusal => {
    return { message, rule: "thinking-shape", traits: { thinking: "none" } };
  }),
  ...[
    "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.",
    "You do not have access to explicit prompt caching",
  ].map((message): Refusal => {
    const code = "AccessDeniedException";
    return { message, code, rule: "cache-refused", traits: { cache: false } };
  }),
  ...["This model doesn't support prompt caching.", field("cachePoint")].map((message): Refusal => {
    return { message, rule: "cache-refused", traits: { cache: false } };
  }),
  {
    message: field("toolConfig.tools.1.cachePoint"),
    rule: "cache-refused",
    traits: { cache: { sections: ["system", "messages"], ttls: ["5m", "1h"] } },
  },
  {
    message: "system.1.cache_control: Extra inputs are not permitted",
    rule: "cache-refused",
    traits: { cache: { sections: ["tools", "messages"], ttls: ["5m", "1h"] } },
  },
  ...[
    "system.1.cache_control.ttl: Extra inputs are not permitted",
    field("system.1.cachePoint.ttl"),
    "This model doesn't support 1h cache TTL.",
  ].map((message): Refusal => {
    const cache = { sections: ALL_SECTIONS, ttls: ["5m"] } as const;
    return { message, rule: "cache-refused", traits: { cache } };
  }),
  ...[
    "role 'system' is not supported on this model",
    'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.',
    "1 validation error detected: Value 'system' at 'messages.1.member.role' failed to satisfy constraint: Member must satisfy enum value set: [user, assistant]",
  ].map((message): Refusal => {
    return { message, rule: "system-role", traits: { systemRole: false } };
  }),
  {
    message: "Conversation blocks and tool result blocks cannot be provided in the same turn.",
    rule: "tool-results-alone",
    traits: { toolResultsAlone: true },
  },
  ...[
    field("toolResult.status"),
    field("messages.2.content.0.toolResult.status"),
    field("status"),
  ].map((message): Refusal => {
    return { message, rule: "tool-result-status", traits: { toolResultStatus: false } };
  }),
  ...[
    [
      "The maximum tokens you requested exceeds the model limit of 4096. Try again with a maximum tokens value that is lower than 4096.",
      4096,
    ],
    ["The maximum tokens you requested exceed the model limit of 32768", 32_768],
    [
      "max_tokens: 128001 > 64000, which is the maximum allowed number of output tokens for claude-opus-4-5-20251101",
      64_000,
    ],
    [
      "max_tokens is too large: 32000. This model supports at most 16384 completion tokens, whereas you provided 32000.",
      16_384,
    ],
  ].map(([message, maxOutput]): Refusal => {
    return {
      message: String(message),
      rule: "max-tokens-ceiling",
      traits: { maxOutput: Number(maxOutput) },
    };
  }),
  ...[
    "User messages cannot contain reasoning content. Please remove the reasoning content and try again.",
    field("messages.1.content.0.reasoningContent"),
    "messages.1.assistant.reasoning_content: Extra inputs are not permitted",
  ].map((message): Refusal => {
    return { message, rule: "reasoning-replay", traits: { reasoningReplay: "none" } };
  }),
  {
    message: "messages.1.content.0.thinking.signature: Field required",
    rule: "reasoning-replay",
    traits: { reasoningReplay: "signed" },
  },
  {
    message:
      "This model does not support assistant message prefill. The conversation must end with a user message.",
    rule: "prefill-refused",
    traits: { prefill: false },
  },
  {
    message: "Tool call id was a but must be a-z, A-Z, 0-9, with a length of 9.",
    current: { toolUseIds: "word" },
    rule: "tool-use-id-form",
    traits: { toolUseIds: "nine" },
  },
  {
    message: "messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'",
    rule: "tool-use-id-form",
    traits: { toolUseIds: "word" },
  },
  {
    message: "stop_sequences: each stop sequence must contain non-whitespace",
    rule: "stop-sequence-blank",
    traits: { blankStopSequences: false },
  },
  refused(field("stopSequences"), "inferenceConfig.stopSequences"),
  refused(field("inferenceConfig.stopSequences"), "inferenceConfig.stopSequences"),
  refused(field("performanceConfig"), "performanceConfig"),
  refused(
    "Latency performance configuration is not supported for amazon.nova-pro-v1:0 in us-east-1",
    "performanceConfig",
  ),
  refused(field("performanceConfig.latency"), "performanceConfig"),
  refused(field("additionalModelRequestFields.seed"), extra("seed")),
  refused("anthropic_beta: Extra inputs are not permitted", extra("anthropic_beta")),
  refused(
    "Malformed input request: #: extraneous key [repetition_penalty] is not permitted, please reformat your input and try again.",
    extra("repetition_penalty"),
  ),
  refused("reasoning: Extra inputs are not permitted", extra("reasoning")),
  refused("Unknown parameter: 'reasoning_effort'", extra("reasoning_effort")),
  refused(
    'Malformed input request: #: subject must not be valid against schema {"required":["messages"]}#: extraneous key [stream] is not permitted, please reformat your input and try again.',
    extra("stream"),
  ),
];

/** Refusals of one message, one schema or one combination: of the model they say nothing. */
export const SILENT: readonly string[] = [
  "",
  "The text field in the ContentBlock object at messages.0.content.0 is blank. Add text to the text field, and try again.",
  "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.",
  "Input is too long for requested model.",
  "input length and `max_tokens` exceed context limit: 86888 + 119866 > 204648, decrease input length or `max_tokens` and try again",
  "'max_tokens' or 'max_completion_tokens' is too large: 64000. This model's maximum context length is 64001 tokens and your request has 24235 input tokens (64000 > 64001 - 24235).",
  "max_tokens: 64000 > 8192, which exceeds the remaining prompt budget for this request",
  "Invocation of model ID amazon.nova-micro-v1:0 with on-demand throughput isn't supported.",
  "The provided model identifier is invalid.",
  "This model doesn't support system messages. Try again without a system message or use a model that supports system messages.",
  "This model doesn't support tool use.",
  "This model doesn't support documents.",
  "messages.1.content.0: Invalid `signature` in `thinking` block",
  "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`.",
  "`temperature` may only be set to 1 when thinking is enabled.",
  "`temperature` is not supported when thinking is enabled.",
  "`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.",
  "`max_tokens` must be greater than `thinking.budget_tokens`.",
  "messages.3.content.0.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block.",
  "A maximum of 4 blocks with cache_control may be provided. Found 5.",
  "Cache point cannot be inserted after reasoning block.",
  "messages.1.content.0.thinking.cache_control: Extra inputs are not permitted",
  "cache_control cannot be set for empty text blocks",
  "tools.25.custom: For 'integer' type, properties maximum, minimum are not supported",
  "Malformed input request: #/toolConfig/tools/1/toolSpec/inputSchema/json: extraneous key [$defs] is not permitted, please reformat your input and try again.",
  "Malformed input request: #/messages/0/content/0: extraneous key [type] is not permitted, please reformat your input and try again.",
  "messages.0.content.0.foo: Extra inputs are not permitted",
  "guardrails: Extra inputs are not permitted",
  "The provided guardrail identifier is invalid. guardrailConfig is not supported for this model.",
  "service tier provided is invalid",
  field("serviceTier.type"),
  field("requestMetadata"),
  field("additionalModelResponseFieldPaths"),
  field("maxTokens"),
  "max_tokens: Extra inputs are not permitted",
  "Malformed input request: #: extraneous key [cache_control_injection_points] is not permitted, please reformat your input and try again.",
  "data retention mode 'default' is not available for this model",
  "stop_sequences: Field required",
  "output_config.effort: Input should be a valid string",
];
