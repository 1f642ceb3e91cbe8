// One request, checked and ready to be sent: everything that can be wrong with what a caller passed
// is found here, before any socket opens.

import { encodeUriLabel } from "../aws/sigv4.ts";
import { buildRequest, CONVERSE_OPTION_NAMES } from "../converse/build-request.ts";
import type { ConverseOptions } from "../converse/converse-options.ts";
import { encodeJsonBody } from "../converse/json-body.ts";
import { assertKnownOptions, kindOf, readString } from "../core/options.ts";
import { resolveAlias } from "../models/catalogue.ts";
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

/** Checks and builds. Throws `TypeError` naming what is wrong. */
export function prepareRequest(
  options: InvokeOptions,
  operation: Operation,
  client: { readonly modelId: string | undefined; readonly timeouts: ResolvedTimeouts },
): PreparedRequest {
  const where = operation === "converse" ? "invoke" : "invokeStream";
  assertKnownOptions(options, OPTION_NAMES, where);
  const given: InvokeOptions = options;
  const named = readString(given.modelId, "modelId") ?? client.modelId;
  if (named === undefined) {
    throw new TypeError(
      `${where}: no model. Pass modelId here or to BedrockLLM, or set BEDROCK_MODEL_ID.`,
    );
  }
  const modelId = resolveAlias(named);
  return {
    modelId,
    path: `/model/${encodeUriLabel(modelId)}/${operation}`,
    body: encodeJsonBody(buildRequest(given, modelId, operation)),
    signal: readSignal(given.signal),
    timeouts: overrideTimeouts(given.timeouts, client.timeouts),
    retry: readRetry(given.retry),
  };
}

function readSignal(value: unknown): AbortSignal | undefined {
  if (value === undefined) return undefined;
  const candidate = value as Partial<AbortSignal> | null;
  if (typeof candidate?.addEventListener === "function") return value as AbortSignal;
  throw new TypeError(`signal must be an AbortSignal; got ${kindOf(value)}.`);
}
