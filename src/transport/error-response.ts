// An answer that is not 2xx, turned into an error: a bounded read, the AWS name from the header or
// the body, and nothing secret in the text.

import type { IncomingMessage } from "node:http";
import type { BedrockError } from "../core/errors.ts";
import { isRecord, type UnknownRecord } from "../core/json.ts";
import { serviceError, toServiceErrorName } from "../core/service-errors.ts";
import type { AnswerHead } from "./answer-head.ts";
import { parseRetryAfter } from "./retry-policy.ts";

const MAX_BODY_BYTES = 64 * 1024;

/** An error whose body does not come is told without it. */
const BODY_LIMIT_MS = 5_000;

/** Anything as short is no secret, and may stand in any text. */
const MAX_HARMLESS_LENGTH = 3;

const REDIRECTS: ReadonlySet<number> = new Set([300, 301, 302, 303, 307, 308]);

const FOREIGN_HINT =
  "A proxy or gateway on the way may have answered instead of Bedrock; try again, and look there if it stays.";

/** What an error is read with. */
export interface ErrorReading {
  readonly head: AnswerHead;
  /** Takes what is secret out of a text from the network. */
  readonly redact: (text: string) => string;
  /** What else to say about an error of this name. */
  readonly remarkOn: (code: string) => string | undefined;
  /** @default 5,000 */
  readonly bodyLimitMs?: number;
}

/** Reads the answer and returns the error it stands for. Never rejects. */
export async function readErrorResponse(
  response: IncomingMessage,
  { head, redact, remarkOn, bodyLimitMs = BODY_LIMIT_MS }: ErrorReading,
): Promise<BedrockError> {
  const body = parseBody(await readBounded(response, bodyLimitMs));
  const { status, requestId } = head;
  const name = nameOf(response, body, redact);
  const code = name ?? fallbackName(status);
  const said = textMember(body, "message") ?? textMember(body, "Message");
  const isForeign = name === undefined && said === undefined;
  const message = redact(
    said ?? (isForeign ? describeForeign(response, status) : `Bedrock answered ${status}.`),
  );
  return serviceError(code, message, {
    status,
    requestId,
    retryAfterMs: parseRetryAfter(response.headers, Date.now()),
    hint: name === undefined && status >= 500 ? FOREIGN_HINT : undefined,
    remark: remarkOn(code),
  });
}

/** Replaces every known secret: a refused signature is answered with the headers that were signed. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  return (text) => {
    let redacted = text;
    for (const secret of secrets) {
      // Most texts hold none, and every answer has some.
      if (secret.length <= MAX_HARMLESS_LENGTH || !redacted.includes(secret)) continue;
      redacted = redacted.replaceAll(secret, "[redacted]");
    }
    return redacted;
  };
}

function nameOf(
  response: IncomingMessage,
  body: UnknownRecord | undefined,
  redact: (text: string) => string,
): string | undefined {
  const header = response.headers["x-amzn-errortype"];
  const inHeader = typeof header === "string" ? header : undefined;
  const said = inHeader ?? textMember(body, "code") ?? textMember(body, "__type");
  const name = toServiceErrorName(said);
  return name !== undefined && redact(name) === name ? name : undefined;
}

function fallbackName(status: number): string {
  if (status === 407) return "ProxyAuthenticationRequired";
  if (status === 408) return "RequestTimeoutException";
  if (status === 429) return "ThrottlingException";
  if (status === 503) return "ServiceUnavailableException";
  if (status >= 500) return "InternalServerException";
  if (status === 403) return "AccessDeniedException";
  return "UnknownServiceException";
}

function describeForeign(response: IncomingMessage, status: number): string {
  if (REDIRECTS.has(status)) {
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

/** Reads up to the bounds and drops the connection when there is more. A broken body is an empty one. */
async function readBounded(response: IncomingMessage, limitMs: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // The sockets are read once more: a process that was frozen finds the rest in them.
  const timer = setTimeout(() => setImmediate(() => response.destroy()), limitMs);
  try {
    for await (const chunk of response) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) break;
    }
  } catch {
    // What arrived may still name the error.
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks).toString("utf8");
}
