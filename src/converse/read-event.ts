// One frame of a ConverseStream, read as an event or thrown as the error it carries.

import { isUtf8 } from "node:buffer";
import type { EventStreamFrame } from "../aws/event-stream.ts";
import type { ConverseStreamEvent } from "../core/converse-events.ts";
import { StreamError } from "../core/errors.ts";
import { isRecord, type UnknownRecord } from "../core/json.ts";
import { serviceError, toServiceErrorName } from "../core/service-errors.ts";
import { decodeDeltaBytes } from "./wire-bytes.ts";

/**
 * Returns the event; one newer than our types passes through by its name. Throws the service error
 * of an exception or error frame, its text passed through `redact`, and `StreamError` for a frame
 * that is neither.
 */
export function readEvent(
  frame: EventStreamFrame,
  redact: (text: string) => string,
): ConverseStreamEvent {
  const kind = textHeader(frame, ":message-type");
  if (kind === "event") return readEventFrame(frame);
  if (kind === "exception") {
    // An error is an error, whatever its text looks like.
    const body = parseObject(frame) ?? {};
    const message = body["message"] ?? body["Message"];
    const text = typeof message === "string" ? message : "Bedrock ended the stream with an error.";
    const status = body["originalStatusCode"];
    throw serviceError(nameIn(frame, ":exception-type", redact), redact(text), {
      status: typeof status === "number" ? status : undefined,
    });
  }
  if (kind === "error") {
    const text = textHeader(frame, ":error-message") ?? "Bedrock reported an error.";
    throw serviceError(nameIn(frame, ":error-code", redact), redact(text));
  }
  throw new StreamError("The stream holds a frame of no known kind.", { reason: "protocol" });
}

function readEventFrame(frame: EventStreamFrame): ConverseStreamEvent {
  const name = textHeader(frame, ":event-type");
  if (name === undefined) {
    throw new StreamError("The stream holds an event without a name.", { reason: "protocol" });
  }
  const members = withoutPadding(parsePayload(frame));
  // By far the most frequent one has a form of its own: a name that is computed makes a slow object.
  const event =
    name === "contentBlockDelta"
      ? ({ contentBlockDelta: members } as unknown as ConverseStreamEvent)
      : ({ [name]: members } as unknown as ConverseStreamEvent);
  const delta = event.contentBlockDelta?.delta;
  if (isRecord(delta) && delta["text"] !== undefined) return event;
  if (isRecord(delta)) decodeDeltaBytes(delta);
  // In words a damaged character is seen; in a name, a reason or a tool's input it would be obeyed.
  const isReasoning = isRecord(delta) && delta["reasoningContent"] !== undefined;
  if (!isReasoning && !isUtf8(frame.payload)) throw damagedText();
  return event;
}

/** `p` is padding that hides the length of the answer from an eavesdropper. */
function withoutPadding(payload: UnknownRecord): UnknownRecord {
  if (!Object.hasOwn(payload, "p")) return payload;
  const { contentBlockIndex, delta } = payload;
  if (contentBlockIndex !== undefined && delta !== undefined && countMembers(payload) === 3) {
    return { contentBlockIndex, delta };
  }
  const { p: _padding, ...members } = payload;
  return members;
}

function countMembers(record: UnknownRecord): number {
  let count = 0;
  for (const _name in record) count += 1;
  return count;
}

function parsePayload(frame: EventStreamFrame): UnknownRecord {
  const parsed = parseObject(frame);
  if (parsed !== undefined) return parsed;
  throw new StreamError("The stream holds an event that is no JSON object.", {
    reason: "corrupt",
    retryable: true,
  });
}

function damagedText(): StreamError {
  return new StreamError("The stream holds an event that is no UTF-8.", {
    reason: "corrupt",
    retryable: true,
  });
}

/** An empty payload is an empty object; undefined for what is no object. */
function parseObject({ payload }: EventStreamFrame): UnknownRecord | undefined {
  try {
    const parsed: unknown = payload.length === 0 ? {} : JSON.parse(payload.toString("utf8"));
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    // The parser's own message quotes the text, which may be the model's.
    return undefined;
  }
}

/** Names in frames begin in lower case: `throttlingException`. One that holds a secret is none. */
function nameIn(frame: EventStreamFrame, header: string, redact: (text: string) => string): string {
  const said = toServiceErrorName(textHeader(frame, header));
  const name = said === undefined || redact(said) !== said ? "UnknownServiceException" : said;
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function textHeader(frame: EventStreamFrame, name: string): string | undefined {
  const header = frame.headers.get(name);
  return header?.type === "string" ? header.value : undefined;
}
