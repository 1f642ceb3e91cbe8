// A compile-time test: dcaf's types and those of the AWS SDK fit each other in both directions.
// Nothing here runs. Each `fits<To, From>()` states that a `From` may be passed where a `To` is
// wanted; the lines marked as expected errors prove that it can fail.

import type * as Sdk from "@aws-sdk/client-bedrock-runtime";
import type * as content from "../../src/core/content.ts";
import type * as events from "../../src/core/converse-events.ts";
import type * as request from "../../src/core/converse-request.ts";
import type * as response from "../../src/core/converse-response.ts";
import type { GuardrailTraceAssessment } from "../../src/core/guardrail-trace.ts";
import type { JsonValue } from "../../src/core/json.ts";
import type { Input } from "../../src/core/open.ts";
import type { LocalReply } from "../../src/local/index.ts";
import type { CheckableRequest } from "../../src/messages/check-request.ts";

declare function fits<To, _From extends To>(): void;

/** Our open enums, closed to the values we know: the SDK's enums are closed. */
type Closed<Type> = [JsonValue] extends [Type]
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
type NoUndefined<Type> = [JsonValue] extends [Type]
  ? Type
  : Type extends Uint8Array | string
    ? Type
    : { [Name in keyof Type]: NoUndefined<RequiredOf<Type, Name>> };

/** A required member without `undefined`; an optional one as it is. */
type RequiredOf<Type, Name extends keyof Type> =
  Record<never, never> extends Pick<Type, Name> ? Type[Name] : Exclude<Type[Name], undefined>;

// What the SDK's users have goes into what our functions take.
fits<Input<content.Message[]>, Sdk.Message[]>();
fits<Input<content.ContentBlock>, Sdk.ContentBlock>();
fits<Input<content.SystemContentBlock[]>, Sdk.SystemContentBlock[]>();
fits<Input<content.ToolResultBlock>, Sdk.ToolResultBlock>();
fits<Input<content.ToolResultContentBlock>, Sdk.ToolResultContentBlock>();
fits<Input<request.Tool>, Sdk.Tool>();
fits<Input<request.ToolChoice>, Sdk.ToolChoice>();
fits<Input<request.ToolConfiguration>, Sdk.ToolConfiguration>();
fits<Input<request.InferenceConfiguration>, Sdk.InferenceConfiguration>();
fits<Input<request.GuardrailConfiguration>, Sdk.GuardrailConfiguration>();
fits<Input<request.GuardrailStreamConfiguration>, Sdk.GuardrailStreamConfiguration>();
fits<Input<request.PerformanceConfiguration>, Sdk.PerformanceConfiguration>();
fits<Input<request.ServiceTier>, Sdk.ServiceTier>();
fits<Input<request.OutputConfig>, Sdk.OutputConfig>();
fits<Input<request.ConverseRequest>, Sdk.ConverseRequest>();
fits<Input<request.ConverseRequest>, Sdk.ConverseStreamRequest>();
fits<CheckableRequest, Sdk.ConverseRequest>();
fits<CheckableRequest, request.ConverseRequest>();
fits<LocalReply, Sdk.ContentBlock[]>();
fits<LocalReply, Sdk.ContentBlock>();

// What we have goes into the SDK as it is.
fits<Sdk.Message, content.Message>();
fits<Sdk.ContentBlock, content.ContentBlock>();
fits<Sdk.SystemContentBlock[], content.SystemContentBlock[]>();
fits<Sdk.ToolUseBlock, content.ToolUseBlock>();
fits<Sdk.ToolResultBlock, content.ToolResultBlock>();
fits<Sdk.ToolResultContentBlock, content.ToolResultContentBlock>();
fits<Sdk.ImageBlock, content.ImageBlock>();
fits<Sdk.DocumentBlock, content.DocumentBlock>();
fits<Sdk.VideoBlock, content.VideoBlock>();
fits<Sdk.AudioBlock, content.AudioBlock>();
fits<Sdk.ReasoningContentBlock, content.ReasoningContentBlock>();
fits<Sdk.CitationsContentBlock, content.CitationsContentBlock>();
fits<Sdk.GuardrailConverseContentBlock, content.GuardrailConverseContentBlock>();
fits<Sdk.CachePointBlock, content.CachePointBlock>();
fits<Sdk.SearchResultBlock, content.SearchResultBlock>();
fits<Sdk.Tool, request.Tool>();
fits<Sdk.ToolChoice, request.ToolChoice>();
fits<Sdk.ToolConfiguration, request.ToolConfiguration>();
fits<Sdk.InferenceConfiguration, request.InferenceConfiguration>();
fits<Sdk.GuardrailConfiguration, request.GuardrailConfiguration>();
fits<Sdk.GuardrailStreamConfiguration, request.GuardrailStreamConfiguration>();
fits<Sdk.PerformanceConfiguration, request.PerformanceConfiguration>();
fits<Sdk.ServiceTier, request.ServiceTier>();
fits<Sdk.OutputConfig, request.OutputConfig>();
fits<Sdk.ConverseRequest, request.ConverseRequest>();
fits<Sdk.ConverseStreamRequest, request.ConverseRequest>();

// What Bedrock answers, read by either library, is of either library's type.
type SdkResponse = Omit<Sdk.ConverseResponse, "output"> & { output: { message: Sdk.Message } };
fits<response.ConverseResponse, NoUndefined<SdkResponse>>();
fits<Omit<Sdk.ConverseResponse, "output">, Omit<Closed<response.ConverseResponse>, "output">>();
fits<Sdk.Message, response.ConverseOutput["message"]>();
fits<response.TokenUsage, NoUndefined<Sdk.TokenUsage>>();
fits<Sdk.TokenUsage, response.TokenUsage>();
fits<GuardrailTraceAssessment, NoUndefined<Sdk.GuardrailTraceAssessment>>();
fits<Sdk.GuardrailTraceAssessment, Closed<GuardrailTraceAssessment>>();

// Events: the SDK has failures among them, we throw them.
type SdkEvent = Exclude<
  Sdk.ConverseStreamOutput,
  | { internalServerException: object }
  | { modelStreamErrorException: object }
  | { validationException: object }
  | { throttlingException: object }
  | { serviceUnavailableException: object }
>;
fits<events.ConverseStreamEvent, NoUndefined<SdkEvent>>();
fits<Sdk.ConverseStreamOutput, Closed<events.ConverseStreamEvent>>();
fits<events.ContentBlockDelta, NoUndefined<Sdk.ContentBlockDelta>>();
fits<Sdk.ContentBlockDelta, events.ContentBlockDelta>();

// What does not fit.
// @ts-expect-error A role is one of three.
fits<Sdk.Message, { role: "robot"; content: [] }>();
// @ts-expect-error A message has a role.
fits<Input<content.Message[]>, { content: Sdk.ContentBlock[] }[]>();
// @ts-expect-error Bytes are not base64 text.
fits<Input<content.ImageBlock>, { format: "png"; source: { bytes: string } }>();
// @ts-expect-error A block has one member.
fits<content.ContentBlock, { text: string; image: content.ImageBlock }>();
// @ts-expect-error A stop reason the SDK does not know yet is no stop reason to it.
fits<Sdk.ConverseResponse["stopReason"], response.StopReason>();
// @ts-expect-error The wire's schema stands under `json`.
fits<Input<request.Tool>, { toolSpec: { name: string; inputSchema: { type: "object" } } }>();
