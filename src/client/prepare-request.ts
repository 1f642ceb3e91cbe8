// One request, checked and ready to be sent: everything that can be wrong with what a caller passed
// is found here, before any socket opens.

import { encodeUriLabel } from "../aws/sigv4.ts";
import { type BuiltRequest, buildRequest } from "../converse/build-request.ts";
import type { Operation } from "../converse/converse-options.ts";
import { encodeJsonBody } from "../converse/json-body.ts";
import { assertKnownOptions, readSignal, readString } from "../core/options.ts";
import { remembered } from "../core/remembered.ts";
import type { RequestChange } from "../core/request-change.ts";
import { blockingIssues, findIssues, type RequestIssue } from "../messages/check-request.ts";
import { InvalidRequestError } from "../messages/invalid-request-error.ts";
import type { WireNames } from "../messages/wire-names.ts";
import { resolveAlias } from "../models/catalogue.ts";
import { parseModelId } from "../models/model-id.ts";
import {
  overrideTimeouts,
  type ResolvedTimeouts,
  type RetrySettings,
  readRetry,
} from "./call-options.ts";
import type { ModelMemory, NamedModel } from "./model-memory.ts";
import {
  COUNT_OPTION_NAMES,
  type CountTokensOptions,
  FOREIGN_NAMES,
  INVOKE_OPTION_NAMES,
  type InvokeOptions,
} from "./request-options.ts";

/** What the transport needs to know of a request. */
export interface PreparedCall {
  readonly model: NamedModel;
  /** Below the endpoint's base path. */
  readonly path: string;
  readonly body: string | Buffer;
  readonly signal: AbortSignal | undefined;
  readonly timeouts: ResolvedTimeouts;
  readonly retry: RetrySettings;
}

/** A request, and what its answer has to be read with. */
export interface PreparedRequest extends PreparedCall {
  readonly operation: Operation;
  readonly names: WireNames;
  readonly changes: readonly RequestChange[];
}

/** What would be sent, what was changed to make it so, and what is wrong with it all the same. */
export interface RequestExplanation {
  modelId: string;
  /** `converse` also where a stream was asked for and the model cannot stream this. */
  operation: Operation;
  /** The body in the form of the wire, bytes as `Uint8Array`. */
  request: BuiltRequest["body"];
  /** In the order in which it was done. */
  changes: RequestChange[];
  /** Every violation of a rule, as `checkRequest` returns them. */
  issues: RequestIssue[];
}

/** What a client contributes to its requests. */
export interface ClientDefaults {
  readonly modelId: string | undefined;
  readonly baseModelId: string | undefined;
  readonly cache: "auto" | "off";
  readonly checksRequests: boolean;
  readonly timeouts: ResolvedTimeouts;
}

/**
 * Checks, builds and encodes. `where` opens the messages of errors. Throws `TypeError` naming what is
 * wrong; `InvalidRequestError` for a request that Bedrock would refuse.
 */
export function prepareRequest(
  options: InvokeOptions,
  operation: Operation,
  client: ClientDefaults,
  memory: ModelMemory,
  where: string = operation === "converse" ? "invoke" : "invokeStream",
): PreparedRequest {
  assertKnownOptions(options, INVOKE_OPTION_NAMES, where, FOREIGN_NAMES);
  const given: InvokeOptions = options;
  const model = readModel(given, where, client);
  const built = build(given, operation, model, client, memory);
  // What is no JSON at all is told by the encoder, which the rules could only guess at.
  const body = encodeJsonBody(built.body);
  if (client.checksRequests) {
    assertAcceptable(built, model, where, isWellFormed(body, model));
  }
  const { names, changes } = built;
  const { path, signal, timeouts, retry } = prepareCall(given, model, built.operation, client);
  const { operation: sent } = built;
  return { model, path, signal, timeouts, retry, body, operation: sent, names, changes };
}

/** Checks and builds, and tells instead of sending. Throws `TypeError` where nothing can be built. */
export function explainRequest(
  options: InvokeOptions,
  operation: Operation,
  client: ClientDefaults,
  memory: ModelMemory,
): RequestExplanation {
  const where = "explainRequest";
  assertKnownOptions(options, INVOKE_OPTION_NAMES, where, FOREIGN_NAMES);
  const model = readModel(options, where, client);
  const built = build(options, operation, model, client, memory);
  // For what it refuses alone: nothing is explained that could not be sent.
  encodeJsonBody(built.body);
  return {
    modelId: model.modelId,
    operation: built.operation,
    request: built.body,
    changes: [...built.changes],
    issues: issuesOf(built, model),
  };
}

function build(
  options: InvokeOptions,
  operation: Operation,
  model: NamedModel,
  client: ClientDefaults,
  memory: ModelMemory,
): BuiltRequest {
  try {
    return buildRequest(options, {
      modelId: model.modelId,
      operation,
      traits: memory.traitsOf(model),
      cache: client.cache,
      isForeign: (block) => memory.isForeign(block, model),
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TypeError("The request is nested too deeply, or in a circle.");
  }
}

/**
 * Whether no text of a request holds half of a surrogate pair. `JSON.stringify` escapes those, and seldom
 * has another reason to write this; false only means that one has to look.
 */
function isWellFormed(body: string | Buffer, { modelId }: NamedModel): boolean {
  return typeof body === "string" && !body.includes("\\ud") && modelId.isWellFormed();
}

function assertAcceptable(
  built: BuiltRequest,
  model: NamedModel,
  where: string,
  hasWellFormedTexts = false,
): void {
  const issues = issuesOf(built, model, hasWellFormedTexts);
  if (issues.length === 0) return;
  const blocking = blockingIssues(issues);
  if (blocking.length > 0) throw new InvalidRequestError(where, blocking);
}

function issuesOf(
  built: BuiltRequest,
  model: NamedModel,
  hasWellFormedTexts = false,
): RequestIssue[] {
  const { body, traits, operation, places } = built;
  const request = { ...body, modelId: model.modelId };
  const issues = findIssues(request, {
    traits,
    operation,
    hidesValues: true,
    isWellFormed: hasWellFormedTexts,
  });
  if (issues.length === 0) return issues;
  return issues.map((issue) => ({
    ...issue,
    path: places.toGivenPath(issue.path, body.messages ?? []),
  }));
}

/** Checks and builds a request to count. Throws like `prepareRequest`. */
export function prepareCount(
  options: CountTokensOptions,
  client: ClientDefaults,
  memory: ModelMemory,
): PreparedCall {
  assertKnownOptions(options, COUNT_OPTION_NAMES, "countTokens");
  const given: CountTokensOptions = options;
  const named = readModel(given, "countTokens", client);
  // Tokens are counted by the model itself, which the prefix of a profile is no part of.
  const modelId = parseModelId(named.baseModelId ?? named.modelId).baseId ?? named.modelId;
  const model = { ...named, modelId };
  const built = build(given, "converse", model, { ...client, cache: "off" }, memory);
  if (client.checksRequests) assertAcceptable(built, model, "countTokens");
  const { messages, system, toolConfig, additionalModelRequestFields } = built.body;
  const counted = encodeJsonBody({ messages, system, toolConfig, additionalModelRequestFields });
  const bytes = typeof counted === "string" ? Buffer.from(counted) : counted;
  const body = Buffer.concat([COUNT_OPENING, bytes, COUNT_CLOSING]);
  return { ...prepareCall(given, model, "count-tokens", client), body };
}

const COUNT_OPENING = Buffer.from('{"input":{"converse":');
const COUNT_CLOSING = Buffer.from("}}");

function prepareCall(
  given: Pick<InvokeOptions, "signal" | "timeouts" | "retry">,
  model: NamedModel,
  operation: Operation | "count-tokens",
  client: ClientDefaults,
): Omit<PreparedCall, "body"> {
  return {
    model,
    path: `/model/${labelOf(model.modelId)}/${operation}`,
    signal: readSignal(given.signal),
    timeouts: overrideTimeouts(given.timeouts, client.timeouts),
    retry: readRetry(given.retry),
  };
}

/** A program talks to few models. */
const MAX_LABELS = 100;
const labelOf = remembered(MAX_LABELS, encodeUriLabel);

/** The model behind the client's own id is the client's to state; that of another id is not. */
export function readModel(
  given: Pick<InvokeOptions, "modelId" | "baseModelId">,
  where: string,
  client: ClientDefaults,
): NamedModel {
  const own = readString(given.modelId, "modelId");
  const named = own ?? client.modelId;
  if (named === undefined) {
    throw new TypeError(
      `${where}: no model. Pass modelId here or to BedrockLLM, or set BEDROCK_MODEL_ID.`,
    );
  }
  const stated =
    readString(given.baseModelId, "baseModelId") ??
    (own === undefined || own === client.modelId ? client.baseModelId : undefined);
  return {
    modelId: resolveAlias(named),
    baseModelId: stated === undefined ? undefined : resolveAlias(stated),
  };
}
