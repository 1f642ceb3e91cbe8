// Event-stream messages ("frames"), both ways:
//   total length (4) | header length (4) | CRC-32 of those eight (4) | headers | payload | CRC-32 of all before (4)
// The decoder trusts nothing: it checks the prelude's own checksum before it believes a length, and
// it never reserves memory for bytes that have not arrived.

import { crc32 } from "node:zlib";
import { BoundedMap } from "../core/bounded-map.ts";
import {
  damaged,
  decodeHeaders,
  type EventStreamHeaders,
  encodeHeaders,
} from "./event-stream-headers.ts";

const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
const MIN_FRAME_BYTES = PRELUDE_BYTES + CHECKSUM_BYTES;
const MAX_FRAME_BYTES = 24 * 1024 * 1024;
const MAX_HEADER_BYTES = 128 * 1024;

/** Header sections repeat from frame to frame and stream to stream: those seen lately stay decoded. */
const HEADER_CACHE_ENTRIES = 32;
const HEADER_CACHE_BYTES = 512;
const headerCache = new BoundedMap<string, EventStreamHeaders>(HEADER_CACHE_ENTRIES);

/** One message. `payload` is a view of received memory: copy what must outlive the callback. */
export interface EventStreamFrame {
  readonly headers: EventStreamHeaders;
  readonly payload: Buffer;
}

/** Cuts a byte stream, in whatever chunks it arrives, into frames. */
export class EventStreamDecoder {
  readonly #onFrame: (frame: EventStreamFrame) => void;
  /** Received bytes of an unfinished frame, and how many there must be before looking again. */
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #neededBytes = PRELUDE_BYTES;

  /** `onFrame` is called for each frame in order, from within `push`. */
  constructor(onFrame: (frame: EventStreamFrame) => void) {
    this.#onFrame = onFrame;
  }

  /** Whether no part of a frame is waiting for the rest: where a stream may rightly end. */
  get atBoundary(): boolean {
    return this.#pendingBytes === 0;
  }

  /** Takes the next bytes. Throws `StreamError` (`corrupt`); the decoder is then of no further use. */
  push(chunk: Buffer): void {
    let bytes = chunk;
    if (this.#pendingBytes > 0) {
      this.#pending.push(chunk);
      this.#pendingBytes += chunk.length;
      if (this.#pendingBytes < this.#neededBytes) return;
      bytes = Buffer.concat(this.#pending, this.#pendingBytes);
      this.#pending = [];
      this.#pendingBytes = 0;
    }

    let offset = 0;
    this.#neededBytes = PRELUDE_BYTES;
    while (bytes.length - offset >= PRELUDE_BYTES) {
      const frameBytes = readPrelude(bytes, offset);
      if (bytes.length - offset < frameBytes) {
        this.#neededBytes = frameBytes;
        break;
      }
      this.#onFrame(readFrame(bytes, offset, frameBytes));
      offset += frameBytes;
    }
    if (offset < bytes.length) {
      this.#pending.push(offset === 0 ? bytes : bytes.subarray(offset));
      this.#pendingBytes = bytes.length - offset;
    }
  }
}

/** Takes as few views of the bytes as it can: each costs as much as reading what it shows. */
function readFrame(bytes: Buffer, offset: number, frameBytes: number): EventStreamFrame {
  const checksumOffset = offset + frameBytes - CHECKSUM_BYTES;
  const expected = bytes.readUInt32BE(checksumOffset);
  if (crc32(bytes.subarray(offset, checksumOffset)) !== expected) {
    throw damaged("a frame's checksum does not match");
  }
  const headersOffset = offset + PRELUDE_BYTES;
  const payloadOffset = headersOffset + bytes.readUInt32BE(offset + 4);
  return {
    headers: readHeaders(bytes, headersOffset, payloadOffset),
    payload: bytes.subarray(payloadOffset, checksumOffset),
  };
}

/** The section that was read last: most frames have the headers of the one before them. */
let lastSection: Buffer = Buffer.alloc(0);
let lastHeaders: EventStreamHeaders | undefined;

function readHeaders(bytes: Buffer, start: number, end: number): EventStreamHeaders {
  if (lastHeaders !== undefined && holds(bytes, start, end, lastSection)) return lastHeaders;
  if (end - start > HEADER_CACHE_BYTES) return decodeHeaders(bytes.subarray(start, end));
  const key = bytes.toString("latin1", start, end);
  let headers = headerCache.get(key);
  if (headers === undefined) {
    headers = decodeHeaders(bytes.subarray(start, end));
    headerCache.set(key, headers);
  }
  // A copy, for the bytes received are the caller's.
  lastSection = Buffer.from(bytes.subarray(start, end));
  lastHeaders = headers;
  return headers;
}

function holds(bytes: Buffer, start: number, end: number, section: Buffer): boolean {
  if (end - start !== section.length) return false;
  for (let index = 0; index < section.length; index += 1) {
    if (bytes[start + index] !== section[index]) return false;
  }
  return true;
}

/** Checks the twelve bytes at `offset` and returns the length of the whole frame. */
function readPrelude(bytes: Buffer, offset: number): number {
  if (preludeChecksum(bytes, offset) !== bytes.readUInt32BE(offset + 8)) {
    throw damaged("the checksum of a frame's prelude does not match");
  }
  const frameBytes = bytes.readUInt32BE(offset);
  const headerBytes = bytes.readUInt32BE(offset + 4);
  if (frameBytes < MIN_FRAME_BYTES || frameBytes > MAX_FRAME_BYTES) {
    throw damaged(`a frame claims ${frameBytes} bytes`);
  }
  if (headerBytes > MAX_HEADER_BYTES || headerBytes > frameBytes - MIN_FRAME_BYTES) {
    throw damaged(`a frame claims ${headerBytes} bytes of headers`);
  }
  return frameBytes;
}

/** CRC-32 of each byte by itself. https://www.rfc-editor.org/rfc/rfc1952#section-8 */
const CHECKSUMS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let checksum = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    checksum = checksum & 1 ? (checksum >>> 1) ^ 0xedb88320 : checksum >>> 1;
  }
  return checksum;
});

/** Of the eight bytes at `offset`: so few are summed here before a library has been called. */
function preludeChecksum(bytes: Buffer, offset: number): number {
  let checksum = 0xffffffff;
  for (let at = offset; at < offset + 8; at += 1) {
    const entry = (checksum ^ (bytes[at] ?? 0)) & 0xff;
    checksum = (checksum >>> 8) ^ (CHECKSUMS[entry] ?? 0);
  }
  return ~checksum >>> 0;
}

/** Builds one frame. */
export function encodeFrame(headers: EventStreamHeaders, payload: Uint8Array): Buffer {
  const headerBytes = encodeHeaders(headers);
  const frameBytes = MIN_FRAME_BYTES + headerBytes.length + payload.length;
  if (frameBytes > MAX_FRAME_BYTES || headerBytes.length > MAX_HEADER_BYTES) {
    throw new TypeError("An event-stream frame takes at most 24 MiB, 128 KiB of them headers.");
  }
  const frame = Buffer.alloc(frameBytes);
  frame.writeUInt32BE(frameBytes, 0);
  frame.writeUInt32BE(headerBytes.length, 4);
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
  headerBytes.copy(frame, PRELUDE_BYTES);
  frame.set(payload, PRELUDE_BYTES + headerBytes.length);
  const checksumOffset = frameBytes - CHECKSUM_BYTES;
  frame.writeUInt32BE(crc32(frame.subarray(0, checksumOffset)), checksumOffset);
  return frame;
}
