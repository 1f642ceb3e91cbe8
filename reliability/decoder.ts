// The decoder alone, without sockets: what it makes of damaged bytes, flip by flip and by random
// mutation.

import { isDeepStrictEqual } from "node:util";
import { EventStreamDecoder } from "../src/aws/event-stream.ts";
import { readEvent } from "../src/converse/read-event.ts";
import { ResponseBuilder } from "../src/core/response-builder.ts";
import { BedrockError } from "../src/index.ts";
import { ANSWER, METADATA_OFFSET, withFlippedBit } from "./answer.ts";

/** What became of some bytes. `crashed` is an error that is none of the client's. */
export type Verdict = "complete" | "refused" | "crashed";

/** Decodes bytes that came in these chunks, by the rules of a stream's end. */
export function decode(chunks: readonly Buffer[]): { verdict: Verdict; response: object } {
  const builder = new ResponseBuilder();
  const decoder = new EventStreamDecoder((frame) => {
    builder.add(readEvent(frame, (text) => text));
  });
  try {
    for (const chunk of chunks) decoder.push(chunk);
  } catch (error) {
    // The builder throws TypeErrors for its caller to wrap.
    const isOurs = error instanceof BedrockError || error instanceof TypeError;
    return { verdict: isOurs ? "refused" : "crashed", response: builder.build() };
  }
  const isComplete = decoder.atBoundary && builder.stopped;
  return { verdict: isComplete ? "complete" : "refused", response: builder.build() };
}

/** How many damaged answers were tried, and how many passed for whole or crashed the decoder. */
export interface DecoderTally {
  tried: number;
  wrong: number;
}

/** Every single-bit flip of the answer. */
export function tryAllFlips(): DecoderTally {
  const tally: DecoderTally = { tried: 0, wrong: 0 };
  for (let bit = 0; bit < ANSWER.length * 8; bit++) {
    tally.tried += 1;
    if (decode([withFlippedBit(ANSWER, bit)]).verdict !== "refused") tally.wrong += 1;
  }
  return tally;
}

/** One change to a sequence of bytes; numbers are fractions of its length, in [0, 1). */
export interface Mutation {
  readonly kind: "flip" | "overwrite" | "remove" | "repeat" | "move" | "cut";
  readonly at: number;
  readonly length: number;
  readonly value: number;
}

/** The kinds there are. */
export const MUTATION_KINDS: readonly Mutation["kind"][] = [
  "flip",
  "overwrite",
  "remove",
  "repeat",
  "move",
  "cut",
];

/** No piece is as long as a frame: whole frames may go or move without a checksum telling. */
const MAX_PIECE_BYTES = 64;

/** Carries out one change on a copy. */
export function mutate(bytes: Buffer, { kind, at, length, value }: Mutation): Buffer {
  const start = Math.floor(at * bytes.length);
  const end = Math.min(bytes.length, start + 1 + Math.floor(length * (MAX_PIECE_BYTES - 1)));
  const piece = bytes.subarray(start, end);
  switch (kind) {
    case "flip":
      return withFlippedBit(bytes, Math.floor(at * bytes.length * 8));
    case "overwrite": {
      const copy = Buffer.from(bytes);
      copy.fill(Math.floor(value * 256), start, end);
      return copy;
    }
    case "remove":
      return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
    case "repeat":
      return Buffer.concat([bytes.subarray(0, end), piece, bytes.subarray(end)]);
    case "move": {
      const rest = Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
      const place = Math.floor(value * rest.length);
      return Buffer.concat([rest.subarray(0, place), piece, rest.subarray(place)]);
    }
    case "cut":
      return bytes.subarray(0, start);
  }
}

/**
 * Whether a damaged answer is taken for what it is: refused, or unharmed after all, or the answer cut
 * right before what tells its cost.
 */
export function isJudgedRightly(damaged: Buffer, chunks: readonly Buffer[]): boolean {
  const { verdict, response } = decode(chunks);
  if (verdict !== "complete") return verdict === "refused";
  const isHarmless = damaged.equals(ANSWER) || damaged.equals(ANSWER.subarray(0, METADATA_OFFSET));
  return isHarmless && isDeepStrictEqual(response, decode([damaged]).response);
}

/** Random mutations, one to three to an answer, always the same ones for a seed. */
export function tryMutations(count: number, seed: number): DecoderTally {
  const tally: DecoderTally = { tried: 0, wrong: 0 };
  const random = createRandom(seed);
  for (; tally.tried < count; tally.tried += 1) {
    let damaged = ANSWER;
    for (let change = Math.floor(random() * 3); change >= 0; change--) {
      const kind = MUTATION_KINDS[Math.floor(random() * MUTATION_KINDS.length)] ?? "flip";
      damaged = mutate(damaged, { kind, at: random(), length: random(), value: random() });
    }
    const split = Math.floor(random() * damaged.length);
    const chunks = [damaged.subarray(0, split), damaged.subarray(split)];
    if (!isJudgedRightly(damaged, chunks)) tally.wrong += 1;
  }
  return tally;
}

/** Mulberry32: small, and good enough to choose bytes with. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
