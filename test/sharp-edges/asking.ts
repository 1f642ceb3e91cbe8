// The common part of the sharp edges: a client in front of the embedded endpoint, which refuses what
// Bedrock refuses, and what arrived there.

import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import {
  type BedrockLLM,
  type BedrockLLMOptions,
  type ConverseBody,
  type ConverseResponse,
  InvalidRequestError,
  type InvokeOptions,
  type JsonValue,
  type Message,
  type MessageInput,
  type RequestChange,
  type ToolResultBlock,
  type ToolUseBlock,
} from "../../src/index.ts";
import { type LocalBedrock, type LocalModel, startLocalBedrock } from "../../src/local/index.ts";
import { testClient } from "../helpers/client.ts";

export const HAIKU_4_5 = "global.anthropic.claude-haiku-4-5-20251001-v1:0";
export const SONNET_4_5 = "global.anthropic.claude-sonnet-4-5-20250929-v1:0";
export const OPUS_4_6 = "global.anthropic.claude-opus-4-6-v1";
export const OPUS_4_7 = "global.anthropic.claude-opus-4-7";
export const OPUS_5 = "global.anthropic.claude-opus-5";
export const OPUS_5_5 = "global.anthropic.claude-opus-5-5";
export const NOVA_PRO = "us.amazon.nova-pro-v1:0";
export const LLAMA_4 = "us.meta.llama4-maverick-17b-instruct-v1:0";
export const MISTRAL = "mistral.mistral-large-3-675b-instruct";
export const GPT_OSS = "openai.gpt-oss-120b-1:0";
/** Names a model without telling which. */
export const PROFILE_ARN =
  "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123";

/** A tool as a caller writes it. */
export const WEATHER = {
  name: "get_weather",
  description: "Tells the weather of a city.",
  parameters: { type: "object", properties: { city: { type: "string" } } },
} as const;

/** One call and what came of it, seen from both ends. */
export interface Asked {
  /** The body as it arrived: JSON, so bytes are base64. */
  readonly sent: ConverseBody & { readonly messages: Message[] };
  readonly response: ConverseResponse;
  readonly warnings: readonly RequestChange[];
}

/** A client, the endpoint behind it, and the short way to ask. */
export interface Asking {
  readonly llm: BedrockLLM;
  readonly local: LocalBedrock;
  ask(options: InvokeOptions): Promise<Asked>;
}

/** Starts both for a test. Without a `model` function every question is answered with “ok”. */
export async function startAsking(
  context: TestContext,
  { model = () => "ok", ...options }: BedrockLLMOptions & { readonly model?: LocalModel } = {},
): Promise<Asking> {
  const local = await startLocalBedrock({ model });
  context.after(() => local.close());
  const llm = testClient(context, local.url, options);
  return {
    llm,
    local,
    async ask(asked) {
      const response = await llm.invoke(asked);
      const sent = local.requests.at(-1)?.body as Asked["sent"];
      return { sent, response, warnings: response.$metadata?.warnings ?? [] };
    },
  };
}

/** A request that must be stopped before it is sent: the places and rules it is stopped for. */
export async function stoppedFor(
  { llm, local }: Asking,
  options: InvokeOptions,
): Promise<[path: string, rule: string][]> {
  const before = local.requests.length;
  const error = await llm.invoke(options).then(
    () => assert.fail("was sent"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof InvalidRequestError, String(error));
  assert.equal(local.requests.length, before, "nothing is sent");
  return error.issues.map(({ path, rule }) => [path, rule]);
}

/** The rules of warnings, in their order. */
export function rulesOf(warnings: readonly RequestChange[] | undefined): string[] {
  return (warnings ?? []).map(({ rule }) => rule);
}

/** A message of the user. */
export function user(...content: (string | object)[]): MessageInput {
  const [first] = content;
  const isText = content.length === 1 && typeof first === "string";
  // Most of these tests write what the types would not let pass.
  return { role: "user", content: (isText ? first : content) as MessageInput["content"] };
}

/** A message of the assistant. */
export function assistant(...content: (string | object)[]): MessageInput {
  return { ...user(...content), role: "assistant" };
}

/** A call of a tool. */
export function callOf(
  toolUseId: string,
  name = "get_weather",
  input: JsonValue = {},
): { toolUse: ToolUseBlock } {
  return { toolUse: { toolUseId, name, input } };
}

/** What a tool answered. */
export function resultOf(toolUseId: string, text: string): { toolResult: ToolResultBlock } {
  return { toolResult: { toolUseId, content: [{ text }] } };
}
