// From a caller's options to the body of Converse. All checks of one's own options happen here,
// before any socket opens, and each names the option.

import type { SystemContentBlock } from "../core/content.ts";
import type { InferenceConfiguration } from "../core/converse-request.ts";
import { isRecord, type UnknownRecord } from "../core/json.ts";
import { kindOf, readNumber } from "../core/options.ts";
import { readSystemPrompt } from "../messages/message-input.ts";
import { normalizeMessages } from "../messages/normalize.ts";
import { parseModelId } from "../models/model-id.ts";
import type { ConverseBody, ConverseOptions } from "./converse-options.ts";
import { buildToolConfig, NO_TOOL_INSTRUCTION } from "./tool-config.ts";

const DEFAULT_MAX_TOKENS = 4096;

/** Options that go to the wire as they are. */
const OBJECT_OPTIONS = [
  "performanceConfig",
  "guardrailConfig",
  "requestMetadata",
  "promptVariables",
  "serviceTier",
  "outputConfig",
] as const;

/** The names of `ConverseOptions`, for the check of unknown ones. */
export const CONVERSE_OPTION_NAMES: readonly (keyof ConverseOptions)[] = [
  "modelId",
  "messages",
  "systemPrompt",
  "maxTokens",
  "temperature",
  "topP",
  "stopSequences",
  "tools",
  "toolChoice",
  "additionalModelRequestFields",
  "additionalModelResponseFieldPaths",
  ...OBJECT_OPTIONS,
];

/** Builds the body for `modelId`. Throws `TypeError`. */
export function buildRequest(
  options: ConverseOptions,
  modelId: string,
  operation: "converse" | "converse-stream",
): ConverseBody {
  // A managed prompt brings its own parameters; Bedrock refuses any beside them.
  const isPrompt = parseModelId(modelId).resource === "prompt";
  const messages = options.messages === undefined ? [] : normalizeMessages(options.messages);
  if (messages.length === 0 && !isPrompt) {
    throw new TypeError(
      "messages holds nothing to send: give at least one text that is not blank.",
    );
  }
  const toolConfig = buildToolConfig(options.tools, options.toolChoice, messages);
  const system = readSystemPrompt(options.systemPrompt);
  if (options.toolChoice === "none" && toolConfig !== undefined) {
    system.push({ text: NO_TOOL_INSTRUCTION });
  }
  const body: UnknownRecord = {};
  if (messages.length > 0) body["messages"] = messages;
  if (system.length > 0) body["system"] = system satisfies SystemContentBlock[];
  const inferenceConfig = buildInferenceConfig(options, isPrompt);
  if (Object.keys(inferenceConfig).length > 0) body["inferenceConfig"] = inferenceConfig;
  if (toolConfig !== undefined) body["toolConfig"] = toolConfig;
  const fields = options.additionalModelRequestFields;
  if (typeof fields === "function" || typeof fields === "symbol") {
    throw new TypeError(`additionalModelRequestFields must be JSON; got ${kindOf(fields)}.`);
  }
  if (fields !== undefined) body["additionalModelRequestFields"] = fields;
  const paths = readStrings(
    options.additionalModelResponseFieldPaths,
    "additionalModelResponseFieldPaths",
  );
  if (paths !== undefined) body["additionalModelResponseFieldPaths"] = paths;
  for (const name of OBJECT_OPTIONS) {
    const value = options[name];
    if (value === undefined) continue;
    if (!isRecord(value)) throw new TypeError(`${name} must be an object; got ${kindOf(value)}.`);
    body[name] = value;
  }
  if (operation === "converse" && isRecord(body["guardrailConfig"])) {
    const { streamProcessingMode: _, ...guardrailConfig } = body["guardrailConfig"];
    body["guardrailConfig"] = guardrailConfig;
  }
  return body as ConverseBody;
}

function buildInferenceConfig(options: ConverseOptions, isPrompt: boolean): InferenceConfiguration {
  const maxTokens = readNumber(options.maxTokens, "maxTokens", { min: 1, integer: true });
  const temperature = readNumber(options.temperature, "temperature", { min: 0, max: 1 });
  const topP = readNumber(options.topP, "topP", { min: 0, max: 1 });
  const stopSequences = readStrings(options.stopSequences, "stopSequences");
  const config: InferenceConfiguration = {};
  const limit = maxTokens ?? (isPrompt ? undefined : DEFAULT_MAX_TOKENS);
  if (limit !== undefined) config.maxTokens = limit;
  if (temperature !== undefined) config.temperature = temperature;
  if (topP !== undefined) config.topP = topP;
  if (stopSequences !== undefined) config.stopSequences = stopSequences;
  return config;
}

function readStrings(value: unknown, name: string): string[] | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((item) => typeof item === "string" && item !== "")) {
    return value.length === 0 ? undefined : value;
  }
  throw new TypeError(`${name} must be a list of strings that are not empty.`);
}
