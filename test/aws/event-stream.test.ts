// Frames both ways, against the official codec, in every chunking, and with every bit turned.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EventStreamCodec } from "@smithy/core/event-streams";
import fc from "fast-check";
import {
  EventStreamDecoder,
  type EventStreamFrame,
  encodeFrame,
} from "../../src/aws/event-stream.ts";
import type { EventStreamHeaderValue } from "../../src/aws/event-stream-headers.ts";
import { StreamError } from "../../src/core/errors.ts";

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString("utf8"),
  (text) => new Uint8Array(Buffer.from(text, "utf8")),
);

type Headers = Record<string, EventStreamHeaderValue>;

function decode(chunks: readonly Uint8Array[]): { headers: Headers; body: string }[] {
  const frames: { headers: Headers; body: string }[] = [];
  const decoder = new EventStreamDecoder((frame) => frames.push(plain(frame)));
  for (const chunk of chunks) decoder.push(Buffer.from(chunk));
  assert.ok(decoder.atBoundary);
  return frames;
}

function plain({ headers, payload }: EventStreamFrame): { headers: Headers; body: string } {
  return { headers: Object.fromEntries(headers), body: payload.toString("hex") };
}

function isCorrupt(error: unknown): boolean {
  return error instanceof StreamError && error.reason === "corrupt";
}

/** Our values and the official ones differ in how they hold 64-bit integers, dates apart. */
function toOfficial(headers: Headers): Parameters<typeof codec.encode>[0]["headers"] {
  const official: Record<string, unknown> = {};
  for (const [name, header] of Object.entries(headers)) {
    if (header.type !== "long") official[name] = header;
    else {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64BE(header.value);
      official[name] = { type: "long", value: { bytes: new Uint8Array(bytes) } };
    }
  }
  return official as Parameters<typeof codec.encode>[0]["headers"];
}

const EVERY_TYPE: Headers = {
  yes: { type: "boolean", value: true },
  no: { type: "boolean", value: false },
  byte: { type: "byte", value: -128 },
  short: { type: "short", value: -32_768 },
  integer: { type: "integer", value: -2_147_483_648 },
  long: { type: "long", value: -9_223_372_036_854_775_808n },
  binary: { type: "binary", value: new Uint8Array([0, 1, 255]) },
  string: { type: "string", value: "text, ž and 🐎" },
  timestamp: { type: "timestamp", value: new Date("2026-11-22T00:00:00.000Z") },
  uuid: { type: "uuid", value: "6a8c1f0e-7b52-4f6f-9a01-0123456789ab" },
};

const headerValue: fc.Arbitrary<EventStreamHeaderValue> = fc.oneof(
  fc.boolean().map((value) => ({ type: "boolean", value }) as const),
  fc.integer({ min: -128, max: 127 }).map((value) => ({ type: "byte", value }) as const),
  fc.integer({ min: -32768, max: 32767 }).map((value) => ({ type: "short", value }) as const),
  fc.integer().map((value) => ({ type: "integer", value }) as const),
  fc
    .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    .map((value) => ({ type: "long", value }) as const),
  fc.uint8Array({ maxLength: 30 }).map((value) => ({ type: "binary", value }) as const),
  fc
    .string({ unit: "grapheme", maxLength: 20 })
    .filter((text) => text.isWellFormed())
    .map((value) => ({ type: "string", value }) as const),
  fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date("2100-01-01") })
    .map((value) => ({ type: "timestamp", value }) as const),
  fc.uuid().map((value) => ({ type: "uuid", value }) as const),
);
const frameParts = fc.tuple(
  fc.dictionary(fc.stringMatching(/^[:a-z-]{1,20}$/), headerValue, {
    maxKeys: 6,
    noNullPrototype: true,
  }),
  fc.uint8Array({ maxLength: 100 }),
);

function encode(headers: Headers, body: Uint8Array): Buffer {
  return encodeFrame(new Map(Object.entries(headers)), body);
}

describe("against the official codec", () => {
  test("a header of every type is written as it writes it", () => {
    const body = new Uint8Array([1, 2, 3]);
    const official = codec.encode({ headers: toOfficial(EVERY_TYPE), body });
    assert.equal(encode(EVERY_TYPE, body).toString("hex"), Buffer.from(official).toString("hex"));
  });

  test("a header of every type is read as it was meant", () => {
    const official = codec.encode({ headers: toOfficial(EVERY_TYPE), body: new Uint8Array([7]) });
    assert.deepEqual(decode([official]), [{ headers: EVERY_TYPE, body: "07" }]);
  });

  test("any frame is written and read alike", () => {
    fc.assert(
      fc.property(frameParts, ([headers, body]) => {
        const official = codec.encode({ headers: toOfficial(headers), body });
        const ours = encode(headers, body);
        assert.equal(ours.toString("hex"), Buffer.from(official).toString("hex"));
        assert.deepEqual(decode([ours]), [{ headers, body: Buffer.from(body).toString("hex") }]);
      }),
      { numRuns: 500 },
    );
  });
});

describe("chunking", () => {
  test("any cuts of a stream give the same frames, one byte at a time included", () => {
    fc.assert(
      fc.property(
        fc.array(frameParts, { minLength: 1, maxLength: 5 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }),
        (parts, positions) => {
          const stream = Buffer.concat(parts.map(([headers, body]) => encode(headers, body)));
          const whole = decode([stream]);
          const cuts = positions
            .map((position) => Math.floor(position * stream.length))
            .sort((a, b) => a - b);
          const edges = [0, ...cuts, stream.length];
          const chunks = edges.slice(1).map((edge, index) => stream.subarray(edges[index], edge));
          assert.deepEqual(decode(chunks), whole);
          assert.deepEqual(decode([...stream].map((byte) => new Uint8Array([byte]))), whole);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("every cut of a stream but those between frames leaves the decoder waiting", () => {
    const frames = [encode(EVERY_TYPE, new Uint8Array(9)), encode({}, new Uint8Array(0))];
    const stream = Buffer.concat(frames);
    for (let cut = 0; cut <= stream.length; cut++) {
      const decoder = new EventStreamDecoder(() => {});
      decoder.push(stream.subarray(0, cut));
      const between = [0, frames[0]?.length, stream.length].includes(cut);
      assert.equal(decoder.atBoundary, between, `after ${cut} bytes`);
    }
  });
});

describe("damage", () => {
  test("every single bit turned is an error, or waits for bytes that never come", () => {
    const frame = encode(EVERY_TYPE, Buffer.from('{"delta":{"text":"hello"}}'));
    for (let bit = 0; bit < frame.length * 8; bit++) {
      const damaged = Buffer.from(frame);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.throws(() => decode([damaged]), isCorrupt, `bit ${bit}`);
    }
  });

  test("a length of gigabytes is refused after twelve bytes", () => {
    const prelude = Buffer.alloc(12);
    prelude.writeUInt32BE(0xfffffff0, 0);
    assert.throws(() => new EventStreamDecoder(() => {}).push(prelude), isCorrupt);
  });

  for (const [title, frameBytes, headerBytes] of [
    ["no length", 0, 0],
    ["less than an empty frame", 15, 0],
    ["more than 24 MiB", 24 * 1024 * 1024 + 1, 0],
    ["four gigabytes", 0xfffffff0, 0],
    ["more than 128 KiB of headers", 1024 * 1024, 128 * 1024 + 1],
    ["headers beyond its end", 100, 85],
  ] as const) {
    test(`a frame that claims ${title} is refused at its twelfth byte, though the checksum matches`, () => {
      const prelude = Buffer.alloc(12);
      prelude.writeUInt32BE(frameBytes, 0);
      prelude.writeUInt32BE(headerBytes, 4);
      prelude.writeUInt32BE(crc(prelude.subarray(0, 8)), 8);
      const decoder = new EventStreamDecoder(() => {});
      decoder.push(prelude.subarray(0, 11));
      assert.throws(() => decoder.push(prelude.subarray(11)), isCorrupt);
    });
  }

  for (const [title, headerBytes] of [
    ["a name that is no UTF-8", [1, 0xff, 0]],
    ["a text that is no UTF-8", [1, 65, 7, 0, 2, 0xc3, 0x28]],
    ["a name of no length", [0, 7, 0, 0]],
    ["a name beyond the section", [9, 65, 65]],
    ["an unknown type", [1, 65, 12]],
    ["a string beyond the section", [1, 65, 7, 0, 9, 65]],
    ["a length cut short", [1, 65, 7, 0]],
    ["a number cut short", [1, 65, 4, 0, 0]],
    ["a repeated name", [1, 65, 0, 1, 65, 0]],
  ] as const) {
    test(`headers with ${title} are refused though the checksums match`, () => {
      assert.throws(() => decode([rawFrame(Buffer.from(headerBytes))]), isCorrupt);
    });
  }

  test("more than 1,024 headers are refused", () => {
    const many = Array.from({ length: 1025 }, (_, index) => {
      const name = Buffer.from(index.toString(36));
      return Buffer.concat([Buffer.of(name.length), name, Buffer.of(0)]);
    });
    assert.throws(() => decode([rawFrame(Buffer.concat(many))]), isCorrupt);
  });

  test("names from the network never reach an object's prototype", () => {
    const frames: EventStreamFrame[] = [];
    const decoder = new EventStreamDecoder((frame) => frames.push(frame));
    decoder.push(
      encodeFrame(new Map([["__proto__", { type: "string", value: "x" }]]), new Uint8Array()),
    );
    assert.equal(frames[0]?.headers.get("__proto__")?.value, "x");
    assert.equal(Object.hasOwn(Object.prototype, "x"), false);
  });
});

test("what does not fit a frame is refused when written", () => {
  const long = { type: "string", value: "x".repeat(65_536) } as const;
  assert.throws(() => encodeFrame(new Map([["a", long]]), new Uint8Array()), TypeError);
  assert.throws(
    () => encodeFrame(new Map([["", EVERY_TYPE["yes"] ?? long]]), new Uint8Array()),
    TypeError,
  );
});

/** A frame with right checksums around a header section of one's own making. */
function rawFrame(headers: Buffer): Buffer {
  const official = codec.encode({ headers: {}, body: new Uint8Array(headers) });
  const frame = Buffer.from(official);
  frame.writeUInt32BE(headers.length, 4);
  return withChecksums(frame);
}

function withChecksums(frame: Buffer): Buffer {
  frame.writeUInt32BE(crc(frame.subarray(0, 8)), 8);
  frame.writeUInt32BE(crc(frame.subarray(0, frame.length - 4)), frame.length - 4);
  return frame;
}

/** CRC-32 bit by bit, so that this test shares nothing with the code. */
function crc(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}
