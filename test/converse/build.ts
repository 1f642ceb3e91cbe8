// Building a request for a model, as the client does.

import { type BuiltRequest, buildRequest } from "../../src/converse/build-request.ts";
import type { ConverseOptions, Operation } from "../../src/converse/converse-options.ts";
import { traitsOf } from "../../src/models/model-traits.ts";

/** A model nothing is known of. */
export const UNKNOWN_MODEL = "us.test.model-v1:0";

/** What is sent for these options, with what was changed on the way. */
export function build(
  options: ConverseOptions,
  modelId: string = UNKNOWN_MODEL,
  operation: Operation = "converse",
): BuiltRequest {
  const traits = traitsOf(modelId);
  return buildRequest({ messages: "hi", ...options }, { modelId, operation, traits, cache: "off" });
}
