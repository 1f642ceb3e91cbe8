// Text cut to a number of bytes, visibly: a model that reads half of something has to know.

/** Most bytes of text and JSON in one result. */
export const MAX_OUTPUT_BYTES: number = 256 * 1024;

/** Room for the marker, whatever the numbers in it are. */
export const MARKER_BYTES = 128;

/** The text, or its beginning and a marker within `maxBytes`, which leave room for the marker. */
export function cutText(text: string, maxBytes: number = MAX_OUTPUT_BYTES): string {
  // A text is never shorter in bytes than in UTF-16 units, and may be too long to be encoded at all.
  if (text.length <= maxBytes && Buffer.byteLength(text) <= maxBytes) return text;
  return cutAfter(text, maxBytes - MARKER_BYTES, text.length);
}

/**
 * The longest beginning of whole characters that has at most so many bytes in UTF-8, and a marker. Tells
 * how much there is where the length of all of it is known.
 */
export function cutAfter(text: string, maxBytes: number, length?: number): string {
  const bytes = Buffer.allocUnsafe(maxBytes);
  const { written } = new TextEncoder().encodeInto(text.slice(0, maxBytes), bytes);
  // Decoded instead of sliced: a slice would keep all of the text in memory.
  const kept = bytes.toString("utf8", 0, written);
  const all = length === undefined ? "" : ` of ${length}`;
  return `${kept}\n[Cut: the first ${kept.length}${all} characters are shown.]`;
}
