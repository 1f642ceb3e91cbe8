// One request, checked and ready to be sent: everything that can be wrong with what a caller passed
// is found here, before any socket opens.

import { encodeUriLabel } from "../aws/sigv4.ts";
import { buildRequest, CONVERSE_OPTION_NAMES } from "../converse/build-request.ts";
import type { ConverseOptions } from "../converse/converse-options.ts";
import { encodeJsonBody } from "../converse/json-body.ts";
import { assertKnownOptions, kindOf, readString } from "../core/options.ts";
import { resolveAlias } from "../models/catalogue.ts";
import { parseModelId } from "../models/model-id.ts";
import {
  overrideTimeouts,
  type ResolvedTimeouts,
  type RetryOptionsInput,
  type RetrySettings,
  readRetry,
  type TimeoutOptions,
} from "./call-options.ts";

/** Options of `invoke` and `invokeStream`: what goes to the model, and how it gets there. */
export interface InvokeOptions extends ConverseOptions {
  /** Stops the call; it then fails with an `AbortError`. */
  readonly signal?: AbortSignal | undefined;
  /** Over those of the client, value by value. */
  readonly timeouts?: TimeoutOptions | undefined;
  /** Over those of the client, value by value. */
  readonly retry?: RetryOptionsInput | undefined;
}

/** Options of `countTokens`: of a request, what weighs in the prompt. */
export type CountTokensOptions = Pick<
  InvokeOptions,
  | "modelId"
  | "messages"
  | "systemPrompt"
  | "tools"
  | "additionalModelRequestFields"
  | "signal"
  | "timeouts"
  | "retry"
>;

const COUNT_OPTION_NAMES: readonly (keyof CountTokensOptions)[] = [
  "modelId",
  "messages",
  "systemPrompt",
  "tools",
  "additionalModelRequestFields",
  "signal",
  "timeouts",
  "retry",
];

const OPTION_NAMES: readonly (keyof InvokeOptions)[] = [
  ...CONVERSE_OPTION_NAMES,
  "signal",
  "timeouts",
  "retry",
];

/** The two ways to ask, as the path spells them. */
export type Operation = "converse" | "converse-stream";

/** What the transport needs to know of a request. */
export interface PreparedRequest {
  readonly modelId: string;
  /** Below the endpoint's base path. */
  readonly path: string;
  readonly body: string | Buffer;
  readonly signal: AbortSignal | undefined;
  readonly timeouts: ResolvedTimeouts;
  readonly retry: RetrySettings;
}

/** What a client contributes to its requests. */
interface ClientDefaults {
  readonly modelId: string | undefined;
  readonly timeouts: ResolvedTimeouts;
}

/** Checks and builds. Throws `TypeError` naming what is wrong. */
export function prepareRequest(
  options: InvokeOptions,
  operation: Operation,
  client: ClientDefaults,
): PreparedRequest {
  const where = operation === "converse" ? "invoke" : "invokeStream";
  assertKnownOptions(options, OPTION_NAMES, where);
  const given: InvokeOptions = options;
  const modelId = readModelId(given.modelId, where, client);
  const body = encodeJsonBody(buildRequest(given, modelId, operation));
  return { ...prepareCall(given, modelId, operation, client), body };
}

/** Checks and builds a request to count. Throws `TypeError` naming what is wrong. */
export function prepareCount(options: CountTokensOptions, client: ClientDefaults): PreparedRequest {
  assertKnownOptions(options, COUNT_OPTION_NAMES, "countTokens");
  const given: CountTokensOptions = options;
  const named = readModelId(given.modelId, "countTokens", client);
  // Tokens are counted by the model itself, which the prefix of a profile is no part of.
  const modelId = parseModelId(named).baseId ?? named;
  const built = buildRequest(given, modelId, "converse");
  const { messages, system, toolConfig, additionalModelRequestFields } = built;
  const counted = encodeJsonBody({ messages, system, toolConfig, additionalModelRequestFields });
  const bytes = typeof counted === "string" ? Buffer.from(counted) : counted;
  const body = Buffer.concat([COUNT_OPENING, bytes, COUNT_CLOSING]);
  return { ...prepareCall(given, modelId, "count-tokens", client), body };
}

const COUNT_OPENING = Buffer.from('{"input":{"converse":');
const COUNT_CLOSING = Buffer.from("}}");

function prepareCall(
  given: Pick<InvokeOptions, "signal" | "timeouts" | "retry">,
  modelId: string,
  operation: Operation | "count-tokens",
  client: ClientDefaults,
): Omit<PreparedRequest, "body"> {
  return {
    modelId,
    path: `/model/${encodeUriLabel(modelId)}/${operation}`,
    signal: readSignal(given.signal),
    timeouts: overrideTimeouts(given.timeouts, client.timeouts),
    retry: readRetry(given.retry),
  };
}

function readModelId(value: unknown, where: string, client: ClientDefaults): string {
  const named = readString(value, "modelId") ?? client.modelId;
  if (named !== undefined) return resolveAlias(named);
  throw new TypeError(
    `${where}: no model. Pass modelId here or to BedrockLLM, or set BEDROCK_MODEL_ID.`,
  );
}

function readSignal(value: unknown): AbortSignal | undefined {
  if (value === undefined) return undefined;
  const candidate = value as Partial<AbortSignal> | null;
  if (typeof candidate?.addEventListener === "function") return value as AbortSignal;
  throw new TypeError(`signal must be an AbortSignal; got ${kindOf(value)}.`);
}
