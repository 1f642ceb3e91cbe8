// The body of a Converse answer.

import type { ConverseResponse } from "../core/converse-response.ts";
import { StreamError } from "../core/errors.ts";
import { isRecord } from "../core/json.ts";
import { isTooDeep } from "../core/json-depth.ts";
import { decodeBlockBytes } from "./wire-bytes.ts";

/** Less cannot nest deeper than whatever walks it can follow. */
const MAX_SHALLOW_BYTES = 16 * 1024;

/**
 * Reads a whole body. Members newer than our types are kept. Throws `StreamError`: `truncated` for a
 * body that stops in the middle, `protocol` for what is no Converse answer.
 */
export function readConverseResponse(body: Buffer): ConverseResponse {
  const parsed = parse(body);
  if (!isRecord(parsed) || typeof parsed["stopReason"] !== "string") throw foreignAnswer();
  const response = parsed as unknown as ConverseResponse;
  const message = isRecord(parsed["output"]) ? parsed["output"]["message"] : undefined;
  if (isRecord(message) && Array.isArray(message["content"])) {
    message["content"].forEach(decodeBlockBytes);
  } else {
    // Only a guardrail that stops the request leaves no output at all.
    if (response.stopReason !== "guardrail_intervened") throw foreignAnswer();
    response.output = { message: { role: "assistant", content: [] } };
  }
  return response;
}

function foreignAnswer(): StreamError {
  return new StreamError("The answer is not a Converse response.", {
    reason: "protocol",
    hint: "Check that the endpoint is that of bedrock-runtime.",
  });
}

/** Reads the answer of CountTokens. Throws `StreamError` (`protocol`) on what is none. */
export function readTokenCount(body: Buffer): number {
  const parsed = parse(body);
  const count = isRecord(parsed) ? parsed["inputTokens"] : undefined;
  if (typeof count === "number") return count;
  throw foreignAnswer();
}

function parse(body: Buffer): unknown {
  // Before it is parsed, which would take fifty times the memory.
  if (body.length > MAX_SHALLOW_BYTES && isTooDeep(body)) throw foreignAnswer();
  const text = body.toString("utf8");
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may be the model's.
    if (/^\s*\{/.test(text) && !/\}\s*$/.test(text)) throw truncatedAnswer();
    return undefined;
  }
}

/** Whoever cut it has closed the body properly, as some proxies do. */
function truncatedAnswer(): StreamError {
  return new StreamError("The answer stops in the middle.", {
    reason: "truncated",
    retryable: true,
    hint: "A proxy on the way may have cut it: ask again, and look there if it stays.",
  });
}
