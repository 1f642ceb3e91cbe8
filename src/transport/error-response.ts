// An answer that is not 2xx, turned into an error: a bounded read, the AWS name from the header or
// the body, and nothing secret in the text.

import type { IncomingMessage } from "node:http";
import { BedrockError } from "../core/errors.ts";
import { isRecord, type UnknownRecord } from "../core/json.ts";
import { hintFor, retryKindOf } from "../core/service-errors.ts";
import { parseRetryAfter } from "./retry-policy.ts";

const MAX_BODY_BYTES = 64 * 1024;
const MAX_MESSAGE_LENGTH = 2000;

/** Reads the answer and returns the error it stands for. Never rejects. */
export async function readErrorResponse(
  response: IncomingMessage,
  secrets: readonly string[],
): Promise<BedrockError> {
  const body = parseBody(await readBounded(response));
  const status = response.statusCode ?? 0;
  const name = nameOf(response, body);
  const message =
    textMember(body, "message") ?? textMember(body, "Message") ?? describeForeign(response, status);
  return serviceError(name ?? fallbackName(status), redact(message, secrets), {
    status,
    requestId: requestIdOf(response),
    retryAfterMs: parseRetryAfter(response.headers, Date.now()),
  });
}

/** An error of Bedrock's, complete with hint and whether it is worth repeating. */
export function serviceError(
  name: string,
  message: string,
  facts: {
    status?: number | undefined;
    requestId?: string | undefined;
    retryAfterMs?: number | undefined;
  } = {},
): BedrockError {
  return new BedrockError(message, {
    ...facts,
    code: name,
    retryable: retryKindOf(name, facts.status, message) !== undefined,
    hint: hintFor(name, message),
  });
}

/** Bedrock's id of an answer. */
export function requestIdOf(response: IncomingMessage): string | undefined {
  const id = response.headers["x-amzn-requestid"];
  return typeof id === "string" ? id : undefined;
}

/** Replaces every known secret: a refused signature is answered with the headers that were signed. */
export function redact(text: string, secrets: readonly string[]): string {
  let redacted = text.slice(0, MAX_MESSAGE_LENGTH * 4);
  for (const secret of secrets) {
    if (secret.length > 3) redacted = redacted.replaceAll(secret, "[redacted]");
  }
  return redacted.slice(0, MAX_MESSAGE_LENGTH);
}

function nameOf(response: IncomingMessage, body: UnknownRecord | undefined): string | undefined {
  const header = response.headers["x-amzn-errortype"];
  const raw =
    (typeof header === "string" ? header : undefined) ??
    textMember(body, "code") ??
    textMember(body, "__type");
  const name = raw?.split(":")[0]?.split("#").at(-1)?.trim();
  return name !== undefined && /^[A-Za-z][A-Za-z0-9_.]{0,127}$/.test(name) ? name : undefined;
}

function fallbackName(status: number): string {
  if (status === 429) return "ThrottlingException";
  if (status === 503) return "ServiceUnavailableException";
  if (status >= 500) return "InternalServerException";
  if (status === 403) return "AccessDeniedException";
  return "UnknownServiceException";
}

function describeForeign(response: IncomingMessage, status: number): string {
  if (status >= 300 && status < 400) {
    return `The endpoint answered ${status}, a redirect. Redirects are not followed: they would hand the request to another host.`;
  }
  const type = response.headers["content-type"]?.split(";")[0] ?? "no content type";
  return `The endpoint answered ${status} (${type.slice(0, 80)}) without an error that Bedrock writes; a proxy or gateway on the way may have answered instead.`;
}

function parseBody(text: string): UnknownRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function textMember(body: UnknownRecord | undefined, name: string): string | undefined {
  const value = body?.[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Reads up to the bound and drops the connection when there is more. A broken body is an empty one. */
async function readBounded(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) break;
    }
  } catch {
    // What arrived may still name the error.
  }
  return Buffer.concat(chunks).toString("utf8");
}
