// Whether a mutant may be read as a plain success. Checksums guard a frame, and nothing guards the
// frames against each other: a whole frame that is lost or repeated can be noticed by the order of
// events alone, and where that allows it by nobody.

import { type BodyFrame, knownFrame } from "./bodies.ts";
import { disorderIn } from "./event-order.ts";
import { join, type Mutant } from "./mutate.ts";

/** What a mutant is, told from its bytes alone. */
export type MutantClass =
  /** The bytes are those of the original. */
  | "unchanged"
  /** Its frames bear checksums of their own: it is another stream, not a damaged one. */
  | "summed anew"
  /** Some byte belongs to no whole frame. Must be an error. */
  | "damaged"
  /** Whole frames without a `messageStop`. Must be an error. */
  | "unfinished"
  /** Whole frames in an order that Bedrock never sends. Must be an error. */
  | "out of order"
  /** The original with metadata cut off or repeated at its end. May be a success. */
  | "trailing frames"
  /** Whole frames lost, repeated or exchanged so that the order is still right. May be a success. */
  | "plausible frames";

/** The class of a mutant, with what is out of order where something is. */
export function classify(mutant: Mutant): { class: MutantClass; disorder?: string } {
  if (mutant.isSummedAnew) return { class: "summed anew" };
  const { original, bytes } = mutant;
  if (bytes.equals(join(original))) return { class: "unchanged" };
  const frames = splitFrames(bytes);
  if (frames === undefined) return { class: "damaged" };
  const disorder = disorderIn(frames);
  if (disorder !== undefined) return { class: "out of order", disorder };
  if (!frames.some(({ event }) => event === "messageStop")) return { class: "unfinished" };
  return { class: isTrailingOnly(frames, original) ? "trailing frames" : "plausible frames" };
}

/** Classes that may end as a success. */
export const MAY_SUCCEED: ReadonlySet<MutantClass> = new Set([
  "unchanged",
  "summed anew",
  "trailing frames",
  "plausible frames",
]);

/** The whole frames of valid bodies that the bytes consist of, or undefined where there is more. */
function splitFrames(bytes: Buffer): BodyFrame[] | undefined {
  const frames: BodyFrame[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    if (bytes.length - offset < 16) return undefined;
    const frameBytes = bytes.readUInt32BE(offset);
    const frame = knownFrame(bytes.subarray(offset, offset + frameBytes));
    if (frame === undefined) return undefined;
    frames.push(frame);
    offset += frameBytes;
  }
  return frames;
}

function isTrailingOnly(frames: readonly BodyFrame[], original: readonly BodyFrame[]): boolean {
  const end = original.findIndex(({ event }) => event === "messageStop") + 1;
  return original.slice(0, end).every((frame, index) => frames[index]?.bytes.equals(frame.bytes));
}
