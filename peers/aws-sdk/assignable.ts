// A compile-time test: dcaf's types and those of the AWS SDK fit each other in both directions.
// Nothing here runs. Each `fits<To, From>()` states that a `From` may be passed where a `To` is
// wanted; the lines marked as expected errors prove that it can fail.

import type * as Sdk from "@aws-sdk/client-bedrock-runtime";
import type * as Dcaf from "../../src/index.ts";
import type { LocalReply } from "../../src/local/index.ts";
import type { CheckableRequest } from "../../src/messages/check-request.ts";

declare function fits<To, _From extends To>(): void;

/** Our open enums, closed to the values we know: the SDK's enums are closed. */
type Closed<Type> = [Dcaf.JsonValue] extends [Type]
  ? Type
  : Type extends string
    ? IsSame<Type, string & {}> extends true
      ? never
      : Type
    : Type extends Uint8Array
      ? Type
      : { [Name in keyof Type]: Closed<Type[Name]> };

type IsSame<One, Other> =
  (<Type>() => Type extends One ? 1 : 2) extends <Type>() => Type extends Other ? 1 : 2
    ? true
    : false;

/** The SDK writes `| undefined` on members that it calls required. */
type NoUndefined<Type> = [Dcaf.JsonValue] extends [Type]
  ? Type
  : Type extends Uint8Array | string
    ? Type
    : { [Name in keyof Type]: NoUndefined<RequiredOf<Type, Name>> };

/** A required member without `undefined`; an optional one as it is. */
type RequiredOf<Type, Name extends keyof Type> =
  Record<never, never> extends Pick<Type, Name> ? Type[Name] : Exclude<Type[Name], undefined>;

// What the SDK's users have goes into what our functions take.
fits<Dcaf.Input<Dcaf.Message[]>, Sdk.Message[]>();
fits<Dcaf.Input<Dcaf.ContentBlock>, Sdk.ContentBlock>();
fits<Dcaf.Input<Dcaf.SystemContentBlock[]>, Sdk.SystemContentBlock[]>();
fits<Dcaf.Input<Dcaf.ToolResultBlock>, Sdk.ToolResultBlock>();
fits<Dcaf.Input<Dcaf.ToolResultContentBlock>, Sdk.ToolResultContentBlock>();
fits<Dcaf.Input<Dcaf.Tool>, Sdk.Tool>();
fits<Dcaf.Input<Dcaf.ToolChoice>, Sdk.ToolChoice>();
fits<Dcaf.Input<Dcaf.ToolConfiguration>, Sdk.ToolConfiguration>();
fits<Dcaf.Input<Dcaf.InferenceConfiguration>, Sdk.InferenceConfiguration>();
fits<Dcaf.Input<Dcaf.GuardrailConfiguration>, Sdk.GuardrailConfiguration>();
fits<Dcaf.Input<Dcaf.GuardrailStreamConfiguration>, Sdk.GuardrailStreamConfiguration>();
fits<Dcaf.Input<Dcaf.PerformanceConfiguration>, Sdk.PerformanceConfiguration>();
fits<Dcaf.Input<Dcaf.ServiceTier>, Sdk.ServiceTier>();
fits<Dcaf.Input<Dcaf.OutputConfig>, Sdk.OutputConfig>();
fits<Dcaf.Input<Dcaf.ConverseRequest>, Sdk.ConverseRequest>();
fits<Dcaf.Input<Dcaf.ConverseRequest>, Sdk.ConverseStreamRequest>();
fits<CheckableRequest, Sdk.ConverseRequest>();
fits<CheckableRequest, Dcaf.ConverseRequest>();
fits<LocalReply, Sdk.ContentBlock[]>();
fits<LocalReply, Sdk.ContentBlock>();

// What we have goes into the SDK as it is.
fits<Sdk.Message, Dcaf.Message>();
fits<Sdk.ContentBlock, Dcaf.ContentBlock>();
fits<Sdk.SystemContentBlock[], Dcaf.SystemContentBlock[]>();
fits<Sdk.ToolUseBlock, Dcaf.ToolUseBlock>();
fits<Sdk.ToolResultBlock, Dcaf.ToolResultBlock>();
fits<Sdk.ToolResultContentBlock, Dcaf.ToolResultContentBlock>();
fits<Sdk.ImageBlock, Dcaf.ImageBlock>();
fits<Sdk.DocumentBlock, Dcaf.DocumentBlock>();
fits<Sdk.VideoBlock, Dcaf.VideoBlock>();
fits<Sdk.AudioBlock, Dcaf.AudioBlock>();
fits<Sdk.ReasoningContentBlock, Dcaf.ReasoningContentBlock>();
fits<Sdk.CitationsContentBlock, Dcaf.CitationsContentBlock>();
fits<Sdk.GuardrailConverseContentBlock, Dcaf.GuardrailConverseContentBlock>();
fits<Sdk.CachePointBlock, Dcaf.CachePointBlock>();
fits<Sdk.SearchResultBlock, Dcaf.SearchResultBlock>();
fits<Sdk.Tool, Dcaf.Tool>();
fits<Sdk.ToolChoice, Dcaf.ToolChoice>();
fits<Sdk.ToolConfiguration, Dcaf.ToolConfiguration>();
fits<Sdk.InferenceConfiguration, Dcaf.InferenceConfiguration>();
fits<Sdk.GuardrailConfiguration, Dcaf.GuardrailConfiguration>();
fits<Sdk.GuardrailStreamConfiguration, Dcaf.GuardrailStreamConfiguration>();
fits<Sdk.PerformanceConfiguration, Dcaf.PerformanceConfiguration>();
fits<Sdk.ServiceTier, Dcaf.ServiceTier>();
fits<Sdk.OutputConfig, Dcaf.OutputConfig>();
fits<Sdk.ConverseRequest, Dcaf.ConverseRequest>();
fits<Sdk.ConverseStreamRequest, Dcaf.ConverseRequest>();

// What Bedrock answers, read by either library, is of either library's type.
type SdkResponse = Omit<Sdk.ConverseResponse, "output"> & { output: { message: Sdk.Message } };
fits<Dcaf.ConverseResponse, NoUndefined<SdkResponse>>();
fits<Omit<Sdk.ConverseResponse, "output">, Omit<Closed<Dcaf.ConverseResponse>, "output">>();
fits<Sdk.Message, Dcaf.ConverseOutput["message"]>();
fits<Dcaf.TokenUsage, NoUndefined<Sdk.TokenUsage>>();
fits<Sdk.TokenUsage, Dcaf.TokenUsage>();
fits<Dcaf.GuardrailTraceAssessment, NoUndefined<Sdk.GuardrailTraceAssessment>>();
fits<Sdk.GuardrailTraceAssessment, Closed<Dcaf.GuardrailTraceAssessment>>();

// Events: the SDK has failures among them, we throw them.
type SdkEvent = Exclude<
  Sdk.ConverseStreamOutput,
  | { internalServerException: object }
  | { modelStreamErrorException: object }
  | { validationException: object }
  | { throttlingException: object }
  | { serviceUnavailableException: object }
>;
fits<Dcaf.ConverseStreamEvent, NoUndefined<SdkEvent>>();
fits<Sdk.ConverseStreamOutput, Closed<Dcaf.ConverseStreamEvent>>();
fits<Dcaf.ContentBlockDelta, NoUndefined<Sdk.ContentBlockDelta>>();
fits<Sdk.ContentBlockDelta, Dcaf.ContentBlockDelta>();

// What does not fit.
// @ts-expect-error A role is one of three.
fits<Sdk.Message, { role: "robot"; content: [] }>();
// @ts-expect-error A message has a role.
fits<Dcaf.Input<Dcaf.Message[]>, { content: Sdk.ContentBlock[] }[]>();
// @ts-expect-error Bytes are not base64 text.
fits<Dcaf.Input<Dcaf.ImageBlock>, { format: "png"; source: { bytes: string } }>();
// @ts-expect-error A block has one member.
fits<Dcaf.ContentBlock, { text: string; image: Dcaf.ImageBlock }>();
// @ts-expect-error A stop reason the SDK does not know yet is no stop reason to it.
fits<Sdk.ConverseResponse["stopReason"], Dcaf.StopReason>();
// @ts-expect-error The wire's schema stands under `json`.
fits<Dcaf.Input<Dcaf.Tool>, { toolSpec: { name: string; inputSchema: { type: "object" } } }>();
