// CountTokens: an estimate in place of a tokenizer.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html

import { isRecord, type UnknownRecord } from "../core/json.ts";
import { findIssues, refusalOf } from "../messages/check-request.ts";
import { CONVERSE_REQUEST } from "../messages/rules/wire.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import { refusal } from "./service-fault.ts";
import { decodeBytes } from "./wire-bytes.ts";

/** Tokens of the request inside a CountTokens body. Throws a `ValidationException` like Bedrock. */
export function countTokens(body: UnknownRecord, modelId: string): number {
  const input = isRecord(body["input"]) ? body["input"] : {};
  const { converse, invokeModel } = input;
  if (isRecord(converse)) {
    const message = refusalOf(findIssues({ ...converse, modelId }));
    if (message !== undefined) throw refusal("ValidationException", message);
    return estimateTokens(decodeBytes(CONVERSE_REQUEST, converse));
  }
  if (isRecord(invokeModel) && typeof invokeModel["body"] === "string") {
    return estimateTokens(Buffer.from(invokeModel["body"], "base64").toString("utf8"));
  }
  throw refusal(
    "ValidationException",
    "CountTokensInput object at input must set one of the following keys: invokeModel, converse.",
  );
}
