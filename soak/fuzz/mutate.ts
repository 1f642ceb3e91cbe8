// Mutations of a body. Those of the first kind leave all checksums as they were, so that whatever
// they touch must be noticed; those of the second are summed anew and reach everything behind.

import { encodeFrame } from "../../src/aws/event-stream.ts";
import type { EventStreamHeaderValue } from "../../src/aws/event-stream-headers.ts";
import type { Random } from "../random.ts";
import { BODIES, type BodyFrame } from "./bodies.ts";

/** A body to read. */
export interface Mutant {
  readonly original: readonly BodyFrame[];
  readonly bytes: Buffer;
  /** Whether its frames bear checksums made after the mutation. */
  readonly isSummedAnew: boolean;
}

/** Makes the next mutant. */
export function makeMutant(random: Random): Mutant {
  const original = random.pick(BODIES);
  const kind = random.next();
  if (kind < 0.35) return { original, bytes: forge(original, random), isSummedAnew: true };
  if (kind < 0.5) {
    return { original, bytes: rearrange(original, random), isSummedAnew: false };
  }
  let bytes = join(original);
  for (let times = 1 + random.below(3); times > 0; times--) {
    bytes = random.pick(BYTE_MUTATIONS)(bytes, random);
  }
  return { original, bytes, isSummedAnew: false };
}

/** All bytes of a body. */
export function join(frames: readonly BodyFrame[]): Buffer {
  return Buffer.concat(frames.map(({ bytes }) => bytes));
}

type ByteMutation = (bytes: Buffer, random: Random) => Buffer;

const BYTE_MUTATIONS: readonly ByteMutation[] = [
  function flipBits(bytes, random) {
    const changed = Buffer.from(bytes);
    for (let times = 1 + random.below(4); times > 0 && changed.length > 0; times--) {
      const place = random.below(changed.length);
      changed.writeUInt8(changed.readUInt8(place) ^ (1 << random.below(8)), place);
    }
    return changed;
  },
  function cutOut(bytes, random) {
    const [from, to] = range(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  function cutOff(bytes, random) {
    return bytes.subarray(0, random.below(bytes.length + 1));
  },
  function insertGarbage(bytes, random) {
    const place = random.below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, place), garbage(random, 64), bytes.subarray(place)]);
  },
  function duplicate(bytes, random) {
    const [from, to] = range(bytes, random);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  function splice(bytes, random) {
    const other = join(random.pick(BODIES));
    const [from, to] = range(other, random);
    const place = random.below(bytes.length + 1);
    return Buffer.concat([
      bytes.subarray(0, place),
      other.subarray(from, to),
      bytes.subarray(place),
    ]);
  },
  function changeLength(bytes, random) {
    if (bytes.length < 12) return bytes;
    const changed = Buffer.from(bytes);
    const offset = frameOffset(bytes, random);
    changed.writeUInt32BE(random.pick(LENGTHS), offset + random.pick([0, 4]));
    return changed;
  },
  (_, random) => garbage(random, 600),
];

const LENGTHS = [
  0,
  1,
  15,
  16,
  17,
  255,
  131072,
  131073,
  25165824,
  25165825,
  2 ** 31,
  2 ** 32 - 16,
  2 ** 32 - 1,
];

/** Where one of the frames begins. */
function frameOffset(bytes: Buffer, random: Random): number {
  const offsets: number[] = [];
  let offset = 0;
  while (offset + 12 <= bytes.length) {
    offsets.push(offset);
    offset += Math.max(16, bytes.readUInt32BE(offset));
  }
  return random.pick(offsets);
}

function range(bytes: Buffer, random: Random): [number, number] {
  const from = random.below(bytes.length + 1);
  return [from, Math.min(bytes.length, from + 1 + random.below(random.next() < 0.5 ? 8 : 400))];
}

function garbage(random: Random, maxBytes: number): Buffer {
  return Buffer.from(Array.from({ length: 1 + random.below(maxBytes) }, () => random.below(256)));
}

/** Whole frames lost, repeated, exchanged, or come from another answer: every checksum still fits. */
function rearrange(original: readonly BodyFrame[], random: Random): Buffer {
  const frames = [...original];
  for (let times = 1 + random.below(2); times > 0; times--) {
    const place = random.below(frames.length + 1);
    const frame = random.pick(frames.length > 0 ? frames : original);
    const kind = random.below(5);
    if (kind === 0) frames.splice(place, 1);
    else if (kind === 1) frames.splice(place, 0, frame);
    else if (kind === 2) frames.splice(place, 0, random.pick(random.pick(BODIES)));
    else if (kind === 3) frames.length = Math.min(frames.length, place);
    else frames.push(frames.splice(Math.min(place, frames.length - 1), 1)[0] ?? frame);
  }
  return join(frames);
}

/** Frames whose content is odd, and whose checksums fit. */
function forge(original: readonly BodyFrame[], random: Random): Buffer {
  const forged = random.below(original.length);
  return Buffer.concat(
    original.map((frame, index) => (index === forged ? forgeFrame(frame, random) : frame.bytes)),
  );
}

const ODD_NAMES = [
  "",
  "__proto__",
  "constructor",
  "toString",
  "newEvent",
  "messageStop",
  "metadata",
  "contentBlockDelta",
  "initial-response",
];
const ODD_KINDS = ["event", "event", "event", "exception", "error", "initial", ""];

function forgeFrame({ event, payload }: BodyFrame, random: Random): Buffer {
  const kind = random.next() < 0.7 ? "event" : random.pick(ODD_KINDS);
  const name = random.next() < 0.7 ? event : random.pick(ODD_NAMES);
  const headers = new Map<string, EventStreamHeaderValue>([
    [":message-type", { type: "string", value: kind }],
    [
      random.pick([":event-type", ":event-type", ":exception-type", ":error-code"]),
      { type: "string", value: name },
    ],
    random.next() < 0.8
      ? [":content-type", { type: "string", value: "application/json" }]
      : [":extra", random.pick(ODD_HEADERS)],
  ]);
  const text = JSON.stringify(forgeValue(payload, random, 0));
  const bytes = Buffer.from(text);
  const isBroken = random.next() < 0.15 && bytes.length > 0;
  const sent = isBroken ? BYTE_MUTATIONS[random.below(3)]?.(bytes, random) : bytes;
  return encodeFrame(headers, sent ?? bytes);
}

const ODD_HEADERS: readonly EventStreamHeaderValue[] = [
  { type: "boolean", value: true },
  { type: "byte", value: -1 },
  { type: "long", value: 2n ** 62n },
  { type: "binary", value: new Uint8Array(70) },
  { type: "timestamp", value: new Date(0) },
  { type: "uuid", value: "00000000-0000-4000-8000-000000000000" },
];

const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  0.5,
  "",
  "x".repeat(3000),
  "\ud800",
  [],
  [null],
  [[]],
  {},
  { text: 1 },
  { toString: 1, valueOf: 2 },
  JSON.parse('{"__proto__":{"polluted":true}}'),
  { toolUse: null },
  { toolUse: 5 },
  { image: [] },
  { reasoningContent: { redactedContent: 7 } },
  { source: { bytes: "not base64!" } },
  { citation: "text" },
  { toolResult: "abc" },
];

/** The value with one place in it changed to something odd. */
function forgeValue(value: unknown, random: Random, depth: number): unknown {
  const isLeaf = typeof value !== "object" || value === null;
  if (isLeaf || random.next() < 0.15 + depth * 0.1) return random.pick(ODD_VALUES);
  if (Array.isArray(value)) return value.map((item) => forgeValue(item, random, depth + 1));
  const entries = Object.entries(value);
  const chosen = random.below(entries.length + 1);
  return Object.fromEntries(
    entries.map(([key, member], index) => {
      if (index !== chosen) return [key, member];
      return [
        random.next() < 0.2 ? random.pick(ODD_NAMES) : key,
        forgeValue(member, random, depth + 1),
      ];
    }),
  );
}
