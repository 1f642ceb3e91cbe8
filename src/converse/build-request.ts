// From a caller's options to the body of Converse, in the form that the model accepts. All checks of
// one's own options happen here, before any socket opens, and each names the option.

import type { Message, ReasoningContentBlock } from "../core/content.ts";
import type { InferenceConfiguration } from "../core/converse-request.ts";
import { isRecord, type UnknownRecord } from "../core/json.ts";
import { kindOf, readNumber } from "../core/options.ts";
import type { ReportChange, RequestChange } from "../core/request-change.ts";
import { BlockPlaces } from "../messages/block-places.ts";
import { splitLeadingSystem } from "../messages/leading-system.ts";
import { readSystemPrompt } from "../messages/message-input.ts";
import { normalizeFor } from "../messages/normalize.ts";
import { toWellFormed } from "../messages/well-formed.ts";
import { WireNames } from "../messages/wire-names.ts";
import { parseModelId } from "../models/model-id.ts";
import type { ModelTraits } from "../models/model-traits.ts";
import { placeCachePoints } from "./cache-placement.ts";
import { fitCachePoints } from "./cache-points.ts";
import type { ConverseBody, ConverseOptions, Operation } from "./converse-options.ts";
import { fitParameters } from "./fit-parameters.ts";
import { fitSchemas } from "./fit-schemas.ts";
import { fitThinking } from "./fit-thinking.ts";
import { fitToolChoice, forbidCalls } from "./fit-tool-choice.ts";
import type { RequestDraft } from "./request-draft.ts";
import { buildToolConfig } from "./tool-config.ts";
import { givenNamesIn } from "./tool-names.ts";

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
  "baseModelId",
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

/** What a request is built for. */
export interface BuildTarget {
  readonly modelId: string;
  readonly operation: Operation;
  readonly traits: ModelTraits;
  /** Whether cache points are placed where the caller has placed none. */
  readonly cache: "auto" | "off";
  /** Whether reasoning is known to come from another model. */
  readonly isForeign?: ((block: ReasoningContentBlock) => boolean) | undefined;
}

/** A request in the form its model accepts, as far as that can be known. */
export interface BuiltRequest {
  readonly body: ConverseBody;
  /** What the model was taken to accept. */
  readonly traits: ModelTraits;
  /** `converse` also where a stream was asked for and the model cannot stream this. */
  readonly operation: Operation;
  /** What the answer's tool names and ids are turned back with. */
  readonly names: WireNames;
  /** Everything that was changed on the way, in the order in which it was done. */
  readonly changes: readonly RequestChange[];
  /** Where the blocks of the messages stood in those the caller passed. */
  readonly places: BlockPlaces;
}

/** Builds a request. Throws `TypeError` naming what is wrong with the caller's options. */
export function buildRequest(
  options: ConverseOptions,
  { modelId, operation: asked, traits, cache, isForeign }: BuildTarget,
): BuiltRequest {
  // A managed prompt brings its own parameters; Bedrock refuses any beside them.
  const isPrompt = parseModelId(modelId).resource === "prompt";
  const changes: RequestChange[] = [];
  const report = (change: RequestChange): void => {
    changes.push(change);
  };
  const { tools, toolChoice } = options;
  const names = new WireNames(traits);
  names.declare(givenNamesIn(tools));
  const places = new BlockPlaces();
  const target = { traits, names, report, places, isForeign, continuesPrompt: isPrompt };
  const normalized = normalizeFor(options.messages ?? [], target);
  const { system: leading, messages } = splitLeadingSystem(normalized);
  if (leading.length > 0) reportLeadingSystem(normalized, places, report);
  if (messages.length === 0 && !isPrompt) {
    throw new TypeError(
      "messages holds nothing to send: give at least one text that is not blank.",
    );
  }
  // The tools of a prompt are its own as well.
  const spoken = isPrompt ? [] : messages;
  const toolConfig = buildToolConfig(tools, toolChoice, { messages: spoken, names, report });
  const system = [...readSystemPrompt(options.systemPrompt, report), ...leading];
  const body: ConverseBody = {};
  if (messages.length > 0) body.messages = [...messages];
  if (system.length > 0) body.system = system;
  const inferenceConfig = buildInferenceConfig(options, isPrompt);
  if (Object.keys(inferenceConfig).length > 0) body.inferenceConfig = inferenceConfig;
  if (toolConfig !== undefined) body.toolConfig = toolConfig;
  copyOptions(options, body);

  replaceLoneSurrogates(body, report);
  const hasOwnMaxTokens = options.maxTokens !== undefined;
  const draft: RequestDraft = { body, traits, report, hasOwnMaxTokens };
  if (toolChoice === "none" && toolConfig !== undefined) forbidCalls(draft);
  fitToModel(draft);
  const operation = operationFor(asked, draft);
  if (operation === "converse") dropStreamProcessingMode(body, report);
  const toGivenPath = (path: string): string => places.toGivenPath(path, body.messages ?? []);
  const fitted = fitCachePoints(body, traits, (change) =>
    report({ ...change, path: toGivenPath(change.path) }),
  );
  const pointed = cache === "auto" ? placeCachePoints(fitted, traits) : fitted;
  return { body: pointed, traits, operation, names, changes, places };
}

/** Every model reads instructions in `system`; few read them among the messages. */
function reportLeadingSystem(
  [first]: readonly Message[],
  places: BlockPlaces,
  report: ReportChange,
): void {
  const [block] = first?.content ?? [];
  report({
    path: (block && places.pathOf(block)) ?? "messages",
    rule: "system-placement",
    message: "The system message at the beginning is sent as the last of the instructions.",
    kind: "repair",
  });
}

/** The order matters: what thinking excludes can be told only once its own shape is settled. */
function fitToModel(draft: RequestDraft): void {
  fitToolChoice(draft);
  fitSchemas(draft);
  fitThinking(draft);
  fitParameters(draft);
}

/** A model that offers tools only in whole answers is asked for one; its reader sees no difference. */
function operationFor(asked: Operation, { body, traits, report }: RequestDraft): Operation {
  const canStream = traits.streamingTools !== false || body.toolConfig === undefined;
  if (asked === "converse" || canStream) return asked;
  report({
    path: "toolConfig",
    rule: "streaming-tools",
    message:
      "The model takes no tools in a stream: the answer is fetched whole, then told in events.",
    kind: "repair",
  });
  return "converse";
}

/** Everywhere but in the messages, where the normaliser has done it. */
function replaceLoneSurrogates(body: ConverseBody, report: ReportChange): void {
  for (const name of Object.keys(body) as (keyof ConverseBody)[]) {
    const given = body[name];
    const sent = name === "messages" ? given : toWellFormed(given);
    if (sent === given) continue;
    Object.assign(body, { [name]: sent });
    report({
      path: name,
      rule: "lone-surrogate",
      message: "Half of a character, left by a cut through a text, is replaced by U+FFFD.",
      kind: "repair",
    });
  }
}

function copyOptions(options: ConverseOptions, body: ConverseBody): void {
  const copy = body as UnknownRecord;
  const fields = options.additionalModelRequestFields;
  if (typeof fields === "function" || typeof fields === "symbol") {
    throw new TypeError(`additionalModelRequestFields must be JSON; got ${kindOf(fields)}.`);
  }
  if (fields !== undefined) copy["additionalModelRequestFields"] = fields;
  const paths = readStrings(
    options.additionalModelResponseFieldPaths,
    "additionalModelResponseFieldPaths",
  );
  if (paths !== undefined) copy["additionalModelResponseFieldPaths"] = paths;
  for (const name of OBJECT_OPTIONS) {
    const value = options[name];
    if (value === undefined) continue;
    if (!isRecord(value)) throw new TypeError(`${name} must be an object; got ${kindOf(value)}.`);
    copy[name] = value;
  }
}

function dropStreamProcessingMode(body: ConverseBody, report: ReportChange): void {
  const guardrail: unknown = body.guardrailConfig;
  if (!isRecord(guardrail) || guardrail["streamProcessingMode"] === undefined) return;
  const { streamProcessingMode: _, ...guardrailConfig } = guardrail;
  body.guardrailConfig = guardrailConfig;
  report({
    path: "guardrailConfig.streamProcessingMode",
    rule: "parameter-refused",
    message: "Converse knows no way to treat a stream: it is left out.",
    kind: "repair",
  });
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
