// How the endpoint cuts an answer into the events of a stream: word by word, as Bedrock does.

import type { ConverseStreamEvent } from "../core/converse-events.ts";
import type { ConverseResponse } from "../core/converse-response.ts";
import { isStreamable, type Pieces, toEvents } from "../core/response-events.ts";

/** A tool's arguments, some characters per event; never half a surrogate pair, which is no JSON. */
const JSON_FRAGMENTS = /.{1,12}/gsu;

/** Bytes of a picture or of redacted reasoning per event: a multiple of 3, so base64 joins too. */
const BYTES_FRAGMENT = 24 * 1024;

const SMALL_PIECES: Pieces = {
  // Words with the white space before them.
  text: (text) => text.match(/\s*\S+|\s+$/g) ?? [],
  json: (text) => text.match(JSON_FRAGMENTS) ?? [],
  bytes: chunksOf,
};

/** The events in which a response is streamed. Throws `TypeError` where Bedrock has none for a block. */
export function toStreamEvents(response: ConverseResponse): Iterable<ConverseStreamEvent> {
  if (!response.output.message.content.every(isStreamable)) {
    throw new TypeError("A block of this kind cannot be streamed.");
  }
  return toEvents(response, SMALL_PIECES);
}

function* chunksOf(bytes: Uint8Array): Generator<Uint8Array, void> {
  for (let offset = 0; offset < bytes.length; offset += BYTES_FRAGMENT) {
    yield bytes.subarray(offset, offset + BYTES_FRAGMENT);
  }
}
