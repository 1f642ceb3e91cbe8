// What a caller may ask of one call. These types are the manual of `invoke` and `invokeStream`.

import type {
  ConverseRequest,
  GuardrailStreamConfiguration,
  OutputConfig,
  PerformanceConfiguration,
  PromptVariableValues,
  ServiceTier,
} from "../core/converse-request.ts";
import type { Input } from "../core/open.ts";
import type { MessagesInput, SystemPromptInput } from "../messages/message-input.ts";
import type { ToolChoiceInput, ToolInput } from "./tool-config.ts";

/** What goes to the model. Everything but `messages` may be left out. */
export interface ConverseOptions {
  /**
   * A model id, an inference profile (`us.…`, `global.…`), an ARN, or `fast`, `general`, `complex`.
   * @default the client's `modelId`, else `BEDROCK_MODEL_ID`
   */
  readonly modelId?: string | undefined;
  /**
   * The model behind a `modelId` that hides it, such as the ARN of an application inference profile:
   * what is sent is then fitted to that model. Does not change where the request goes.
   */
  readonly baseModelId?: string | undefined;
  /** A string, or the conversation so far. It is normalised, see `normalizeMessages`; never changed. */
  readonly messages?: MessagesInput | undefined;
  /** Instructions that precede the conversation. */
  readonly systemPrompt?: SystemPromptInput | undefined;
  /**
   * Most tokens of the answer, at least 1. Bedrock reserves that much quota at the start of a call.
   * @default 4096
   */
  readonly maxTokens?: number | undefined;
  /** 0 to 1; sent only when given, for newer models refuse it. */
  readonly temperature?: number | undefined;
  /** 0 to 1; sent only when given, for newer models refuse it. */
  readonly topP?: number | undefined;
  /** Texts that end the answer. */
  readonly stopSequences?: readonly string[] | undefined;
  /** Tools the model may call, in any of the shapes of `ToolInput`, mixed. */
  readonly tools?: readonly ToolInput[] | undefined;
  /** @default the model decides */
  readonly toolChoice?: ToolChoiceInput | undefined;
  /** `{ latency: "optimized" }` for the models that offer it. */
  readonly performanceConfig?: Input<PerformanceConfiguration> | undefined;
  /** Fields of the model's own interface, such as `{ top_k: 40 }` for Claude. */
  readonly additionalModelRequestFields?: unknown;
  /** Up to ten JSON Pointers into the model's own answer. */
  readonly additionalModelResponseFieldPaths?: readonly string[] | undefined;
  /** `streamProcessingMode` is left out by `invoke`, which has no use for it. */
  readonly guardrailConfig?: Input<GuardrailStreamConfiguration> | undefined;
  /** 1 to 16 pairs for the invocation log. */
  readonly requestMetadata?: Readonly<Record<string, string>> | undefined;
  /** Values for a prompt whose ARN is the `modelId`. */
  readonly promptVariables?: Readonly<Record<string, Input<PromptVariableValues>>> | undefined;
  readonly serviceTier?: Input<ServiceTier> | undefined;
  readonly outputConfig?: Input<OutputConfig> | undefined;
}

/** A request ready for the wire. */
export type ConverseBody = Omit<ConverseRequest, "modelId">;

/** The two ways to ask, as the path spells them. */
export type Operation = "converse" | "converse-stream";
