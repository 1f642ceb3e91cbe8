// Options of a call, turned into the request that they become: callers hold the one, caches see the
// other.

import { isRecord, type UnknownRecord } from "../core/json.ts";
import { kindOf, readString } from "../core/options.ts";
import { resolveAlias } from "../models/catalogue.ts";
import { traitsOf } from "../models/model-traits.ts";
import { buildRequest } from "./build-request.ts";
import type { ConverseOptions } from "./converse-options.ts";

/** What options are called that the wire calls otherwise. */
const OPTION_NAMES: readonly (keyof ConverseOptions)[] = [
  "systemPrompt",
  "maxTokens",
  "temperature",
  "topP",
  "stopSequences",
  "tools",
  "toolChoice",
];

/**
 * The request as it is sent, with `baseModelId` beside it where one is stated; what is in that form
 * already comes back as it is. Throws `TypeError` for what is no request.
 */
export function toWireRequest(request: unknown): UnknownRecord {
  if (!isRecord(request)) {
    throw new TypeError(`explainCache: a request must be an object; got ${kindOf(request)}.`);
  }
  // What explainRequest returned holds the request beside what was changed in it.
  const explained = request["request"];
  if (isRecord(explained)) return { ...explained, modelId: request["modelId"] };
  if (!isAskedFor(request)) return request;
  const options: ConverseOptions = request;
  const modelId = readString(options.modelId, "modelId");
  const traits = traitsOf(readString(options.baseModelId, "baseModelId") ?? modelId);
  const target = { modelId: modelId ?? "", operation: "converse", traits, cache: "auto" } as const;
  const { body } = buildRequest(options, target);
  return { ...body, modelId: modelId && resolveAlias(modelId), baseModelId: options.baseModelId };
}

/** Whether a request speaks as a caller does: in options, or in strings where the wire has blocks. */
function isAskedFor(request: UnknownRecord): boolean {
  if (OPTION_NAMES.some((name) => request[name] !== undefined)) return true;
  const { messages } = request;
  if (!Array.isArray(messages)) return typeof messages === "string";
  return messages.some(
    (message: unknown) => isRecord(message) && !isWireContent(message["content"]),
  );
}

function isWireContent(content: unknown): boolean {
  return Array.isArray(content) && content.every((block) => typeof block !== "string");
}
