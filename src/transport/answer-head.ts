// The head of an answer: what is kept of it, and whether what follows can be Bedrock's at all.

import type { IncomingMessage } from "node:http";
import { StreamError } from "../core/errors.ts";

const EVENT_STREAM = "application/vnd.amazon.eventstream";
const JSON_TYPE = /^application\/([\w.-]+\+)?(x-amz-)?json/i;

/** What outlives an answer. */
export interface AnswerHead {
  readonly status: number;
  /** Bedrock's id of the answer. */
  readonly requestId: string | undefined;
}

const REQUEST_ID = /^[\w-]{1,128}$/;

/** Reads the head. What is no id, or holds a secret that `redact` knows, is no request id. */
export function readHead(
  { statusCode = 0, headers }: IncomingMessage,
  redact: (text: string) => string,
): AnswerHead {
  const id = headers["x-amzn-requestid"];
  const isId = typeof id === "string" && REQUEST_ID.test(id) && redact(id) === id;
  return { status: statusCode, requestId: isId ? id : undefined };
}

/** Throws a `StreamError` (`protocol`), and closes the connection, unless it is an answer of this type. */
export function requireAnswer(
  response: IncomingMessage,
  accepted: string,
  redact: (text: string) => string,
): void {
  const fault = faultOf(response, accepted, redact);
  if (fault === undefined) return;
  response.destroy();
  throw fault;
}

function faultOf(
  { headers, statusCode }: IncomingMessage,
  accepted: string,
  redact: (text: string) => string,
): StreamError | undefined {
  // We never ask for compression, so whoever compressed is no endpoint of Bedrock's.
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    return new StreamError(
      `The answer came compressed (${redact(encoding).slice(0, 40)}), unasked.`,
      {
        reason: "protocol",
        hint: "A proxy on the way compresses; tell it to leave this host alone.",
      },
    );
  }
  const type = headers["content-type"] ?? "no content type";
  const isStream = accepted === EVENT_STREAM;
  const isAcceptable = isStream
    ? type.toLowerCase().startsWith(EVENT_STREAM)
    : JSON_TYPE.test(type) || headers["content-type"] === undefined;
  if (isAcceptable) return undefined;
  const expected = isStream ? "an event stream" : "JSON";
  return new StreamError(
    `The endpoint answered ${statusCode} with ${redact(type).slice(0, 80)} instead of ${expected}.`,
    {
      reason: "protocol",
      hint: "A proxy or sign-in page may have answered instead of Bedrock: open the endpoint in a browser, and check HTTPS_PROXY.",
    },
  );
}
