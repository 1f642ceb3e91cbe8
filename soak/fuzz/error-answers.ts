// Answers that are errors, or should be: odd bodies, odd headers, broken off, and far too long.

import { BedrockError } from "../../src/core/errors.ts";
import { readHead } from "../../src/transport/answer-head.ts";
import { createRedactor, readErrorResponse } from "../../src/transport/error-response.ts";
import { retryDelayMs, retryKindOfError } from "../../src/transport/retry-policy.ts";
import type { Random } from "../random.ts";
import { MemoryResponse } from "./read-body.ts";

const SECRET = "soak-secret-key";
const MAX_MESSAGE_LENGTH = 2000;
const MAX_WAIT_MS = 60_000;
const redact = createRedactor([SECRET]);

const TEXTS = [
  "",
  "ThrottlingException",
  "ThrottlingException:http://internal.amazon.com/coral/",
  "com.amazon.coral#ValidationException",
  "<b>",
  "__proto__",
  "x".repeat(5000),
  `the key is ${SECRET}`,
  "Too many tokens per day",
  "\ud800",
  "1e9",
  "-5",
  "0.5",
  "999999999",
  "1e400",
  "Wed, 21 Oct 2026 07:28:00 GMT",
  "Infinity",
];
const VALUES: readonly unknown[] = [...TEXTS, null, true, 0, -1, 1e308, [], {}, [[{}]]];
const MEMBERS = ["message", "Message", "code", "__type", "type", "error", "__proto__", "fault"];
const HEADERS = [
  "x-amzn-errortype",
  "x-amzn-requestid",
  "retry-after",
  "x-amz-retry-after",
  "content-type",
];

/** Reads one odd answer; returns what is wrong with the error it became, or undefined. */
export async function readErrorAnswer(random: Random): Promise<string | undefined> {
  const headers: Record<string, string> = {};
  for (const name of HEADERS) {
    if (random.next() < 0.4) headers[name] = random.pick(TEXTS);
    // As Node joins a header that is repeated.
    if (random.next() < 0.02) headers[name] = `${random.pick(TEXTS)}, ${random.pick(TEXTS)}`;
  }
  const status = random.pick([
    0, 300, 307, 400, 401, 403, 404, 407, 408, 413, 424, 429, 500, 502, 503, 504, 599, 999,
  ]);
  const response = new MemoryResponse(status, headers);
  const body = makeErrorBody(random);
  const middle = random.below(body.length + 1);
  response.push(body.subarray(0, middle));
  if (random.next() < 0.1) response.destroy(new Error("broken off"));
  else {
    response.push(body.subarray(middle));
    response.push(null);
  }
  try {
    const head = readHead(response.asMessage, redact);
    const reading = { head, redact, remarkOn: () => undefined };
    return faultOf(await readErrorResponse(response.asMessage, reading));
  } catch (error) {
    return `rejected with ${String(error)}`;
  }
}

function faultOf(error: unknown): string | undefined {
  if (!(error instanceof BedrockError)) return `untyped: ${String(error)}`;
  if (error.message.length > MAX_MESSAGE_LENGTH) return "a message without bound";
  if (`${error.stack}${error.message}`.includes(SECRET)) return "a secret in the message";
  const told = Object.entries(error).find(([, value]) => String(value).includes(SECRET));
  if (told !== undefined) return `a secret in ${told[0]}`;
  const kind = retryKindOfError(error);
  if ((kind !== undefined) !== error.retryable) return `retryable is ${error.retryable}`;
  if (kind === undefined) return undefined;
  const { retryAfterMs } = error;
  const delayMs = retryDelayMs(kind, 1, { retryAfterMs, remainingMs: MAX_WAIT_MS * 2 }, 0.5);
  const isFine = delayMs === undefined || (delayMs >= 0 && delayMs <= MAX_WAIT_MS);
  return isFine ? undefined : `a wait of ${delayMs} ms`;
}

function makeErrorBody(random: Random): Buffer {
  const kind = random.next();
  if (kind < 0.02) return Buffer.from("[".repeat(random.below(60_000)));
  if (kind < 0.03) return Buffer.alloc(200_000, '{"message":"again and again"} ');
  if (kind < 0.1) {
    return Buffer.from(Array.from({ length: random.below(300) }, () => random.below(256)));
  }
  const members: [string, unknown][] = [];
  for (const name of MEMBERS) {
    if (random.next() < 0.4) members.push([name, random.pick(VALUES)]);
  }
  const text = JSON.stringify(
    random.next() < 0.1 ? random.pick(VALUES) : Object.fromEntries(members),
  );
  const bytes = Buffer.from(text);
  if (random.next() < 0.2 && bytes.length > 0) {
    const place = random.below(bytes.length);
    bytes.writeUInt8(random.below(256), place);
    if (random.next() < 0.3) return bytes.subarray(0, place);
  }
  return bytes;
}
