// The header section of an event-stream message: a list of (name, type, value), big-endian.
// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html#RESTSelectObjectAppendix_Frame

import { isUtf8 } from "node:buffer";
import { StreamError } from "../core/errors.ts";

/** A header's value with its type on the wire. */
export type EventStreamHeaderValue =
  | { type: "boolean"; value: boolean }
  | { type: "byte"; value: number }
  | { type: "short"; value: number }
  | { type: "integer"; value: number }
  | { type: "long"; value: bigint }
  | { type: "binary"; value: Uint8Array }
  | { type: "string"; value: string }
  | { type: "timestamp"; value: Date }
  | { type: "uuid"; value: string };

/** Headers by name. A map, because names come from the network. */
export type EventStreamHeaders = ReadonlyMap<string, EventStreamHeaderValue>;

const TYPE = {
  true: 0,
  false: 1,
  byte: 2,
  short: 3,
  integer: 4,
  long: 5,
  binary: 6,
  string: 7,
  timestamp: 8,
  uuid: 9,
} as const;

/** Bytes of the value by type code; -1 where a two-byte length precedes it. */
const VALUE_BYTES = [0, 0, 1, 2, 4, 8, -1, -1, 8, 16] as const;

const MAX_HEADERS = 1024;

/** Reads a whole header section. Throws `StreamError` (`corrupt`) on anything irregular. */
export function decodeHeaders(section: Buffer): EventStreamHeaders {
  const headers = new Map<string, EventStreamHeaderValue>();
  let offset = 0;
  while (offset < section.length) {
    const nameLength = section.readUInt8(offset);
    const typeOffset = offset + 1 + nameLength;
    if (nameLength === 0 || typeOffset >= section.length) throw corrupt("a header name");
    const name = decodeText(section.subarray(offset + 1, typeOffset));
    if (headers.has(name)) throw corrupt("a repeated header");
    if (headers.size === MAX_HEADERS) throw corrupt(`more than ${MAX_HEADERS} headers`);

    const type = section.readUInt8(typeOffset);
    let length: number | undefined = VALUE_BYTES[type];
    if (length === undefined) throw corrupt(`header type ${type}`);
    let start = typeOffset + 1;
    if (length < 0) {
      if (start + 2 > section.length) throw corrupt("a header length");
      length = section.readUInt16BE(start);
      start += 2;
    }
    offset = start + length;
    if (offset > section.length) throw corrupt("a header value");
    headers.set(name, decodeValue(type, section.subarray(start, offset)));
  }
  return headers;
}

function decodeValue(type: number, bytes: Buffer): EventStreamHeaderValue {
  switch (type) {
    case TYPE.true:
      return { type: "boolean", value: true };
    case TYPE.false:
      return { type: "boolean", value: false };
    case TYPE.byte:
      return { type: "byte", value: bytes.readInt8() };
    case TYPE.short:
      return { type: "short", value: bytes.readInt16BE() };
    case TYPE.integer:
      return { type: "integer", value: bytes.readInt32BE() };
    case TYPE.long:
      return { type: "long", value: bytes.readBigInt64BE() };
    case TYPE.binary:
      return { type: "binary", value: new Uint8Array(bytes) };
    case TYPE.string:
      return { type: "string", value: decodeText(bytes) };
    case TYPE.timestamp:
      return { type: "timestamp", value: new Date(Number(bytes.readBigInt64BE())) };
    default: {
      const hex = bytes.toString("hex");
      const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
      return { type: "uuid", value: [...parts, hex.slice(20)].join("-") };
    }
  }
}

/** Headers steer what is done with a frame, so nothing in them may be guessed. */
function decodeText(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw corrupt("a header that is no UTF-8");
  return bytes.toString("utf8");
}

/** Writes a header section in the order of the map. Throws `TypeError` on what cannot be written. */
export function encodeHeaders(headers: EventStreamHeaders): Buffer {
  const parts: Buffer[] = [];
  for (const [name, header] of headers) {
    const nameBytes = Buffer.from(name, "utf8");
    if (nameBytes.length === 0 || nameBytes.length > 255) {
      throw new TypeError("An event-stream header name takes 1 to 255 bytes.");
    }
    parts.push(Buffer.of(nameBytes.length), nameBytes, encodeValue(header));
  }
  return Buffer.concat(parts);
}

function encodeValue(header: EventStreamHeaderValue): Buffer {
  switch (header.type) {
    case "boolean":
      return Buffer.of(header.value ? TYPE.true : TYPE.false);
    case "byte": {
      const bytes = typed(TYPE.byte, 1);
      bytes.writeInt8(header.value, 1);
      return bytes;
    }
    case "short": {
      const bytes = typed(TYPE.short, 2);
      bytes.writeInt16BE(header.value, 1);
      return bytes;
    }
    case "integer": {
      const bytes = typed(TYPE.integer, 4);
      bytes.writeInt32BE(header.value, 1);
      return bytes;
    }
    case "long": {
      const bytes = typed(TYPE.long, 8);
      bytes.writeBigInt64BE(header.value, 1);
      return bytes;
    }
    case "timestamp": {
      const bytes = typed(TYPE.timestamp, 8);
      bytes.writeBigInt64BE(BigInt(header.value.getTime()), 1);
      return bytes;
    }
    case "uuid":
      return Buffer.concat([
        Buffer.of(TYPE.uuid),
        Buffer.from(header.value.replaceAll("-", ""), "hex"),
      ]);
    case "binary":
      return sized(TYPE.binary, header.value);
    case "string":
      return sized(TYPE.string, Buffer.from(header.value, "utf8"));
  }
}

function typed(type: number, valueBytes: number): Buffer {
  const bytes = Buffer.alloc(1 + valueBytes);
  bytes.writeUInt8(type);
  return bytes;
}

function sized(type: number, value: Uint8Array): Buffer {
  if (value.length > 0xffff) {
    throw new TypeError("An event-stream header value takes at most 65,535 bytes.");
  }
  const head = Buffer.alloc(3);
  head.writeUInt8(type);
  head.writeUInt16BE(value.length, 1);
  return Buffer.concat([head, value]);
}

function corrupt(what: string): StreamError {
  return damaged(`${what} does not fit its frame`);
}

/** The error for bytes that are not what was sent. */
export function damaged(what: string): StreamError {
  return new StreamError(`The stream is damaged: ${what}.`, {
    reason: "corrupt",
    retryable: true,
    hint: "Its bytes were changed on their way: ask again, and look at what stands between if it stays.",
  });
}
