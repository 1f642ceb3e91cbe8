// The frames of a stream: events, what a stream breaks off with, and frames that are damaged.

import { crc32 } from "node:zlib";
import { encodeFrame } from "../aws/event-stream.ts";
import type { ConverseStreamEvent } from "../core/converse-events.ts";
import { encodeJson } from "./wire-bytes.ts";

const PADDING = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** Where a frame's checksums stand: behind the two lengths, and last. */
const PRELUDE_CHECKSUM_OFFSET = 8;
const CHECKSUM_BYTES = 4;

/** The frames of events, each made when it is asked for. */
export function* toFrames(events: Iterable<ConverseStreamEvent>): Generator<Buffer, void> {
  for (const event of events) yield toFrame(event);
}

function toFrame(event: ConverseStreamEvent): Buffer {
  const [[type, payload] = ["", {}]] = Object.entries(event);
  const json = encodeJson(payload);
  // Bedrock pads every event, so that its length says nothing about the word inside.
  const padding = PADDING.slice(0, 1 + ((json.length * 7) % PADDING.length));
  return encode(
    {
      ":event-type": type,
      ":content-type": "application/json",
      ":message-type": "event",
    },
    encodeJson({ ...payload, p: padding }),
  );
}

/** The frame of an exception, by its AWS name. */
export function toExceptionFrame(name: string, message: string): Buffer {
  const type = name.charAt(0).toLowerCase() + name.slice(1);
  return encode(
    {
      ":exception-type": type,
      ":content-type": "application/json",
      ":message-type": "exception",
    },
    encodeJson({ message }),
  );
}

/** The frame of an error that is no modelled exception: all it says stands in its headers. */
export function toErrorFrame(code: string, message: string): Buffer {
  return encode({ ":error-code": code, ":error-message": message, ":message-type": "error" }, "");
}

/** Makes one checksum of a frame wrong, and only that one. */
export function damage(frame: Buffer, part: "prelude" | "message"): Buffer {
  const damaged = Buffer.from(frame);
  const last = damaged.length - CHECKSUM_BYTES;
  const offset = part === "prelude" ? PRELUDE_CHECKSUM_OFFSET : last;
  damaged.writeUInt8(damaged.readUInt8(offset) ^ 0xff, offset);
  if (part === "prelude") damaged.writeUInt32BE(crc32(damaged.subarray(0, last)), last);
  return damaged;
}

function encode(headers: Readonly<Record<string, string>>, payload: string): Buffer {
  const typed = Object.entries(headers).map(
    ([name, value]) => [name, { type: "string", value }] as const,
  );
  return encodeFrame(new Map(typed), Buffer.from(payload));
}
