// Text cut to a number of bytes, visibly: a model that reads half of something has to know.

/** Most bytes of text and JSON in one result. */
export const MAX_OUTPUT_BYTES: number = 256 * 1024;

/** Room for the marker, whatever the numbers in it are. */
const MARKER_BYTES = 128;

/** The text, or its beginning and a marker that tells how much is missing, within `maxBytes`. */
export function cutText(text: string, maxBytes: number = MAX_OUTPUT_BYTES): string {
  // A text is never shorter in bytes than in UTF-16 units, and may be too long to be encoded at all.
  if (text.length <= maxBytes && Buffer.byteLength(text) <= maxBytes) return text;
  const keptBytes = Math.max(0, maxBytes - MARKER_BYTES);
  const kept = firstBytes(text, keptBytes);
  return `${kept}\n[Cut: the first ${kept.length} of ${text.length} characters are shown.]`;
}

/** The longest beginning that has at most so many bytes in UTF-8, and no half of a character at its end. */
function firstBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text.slice(0, maxBytes));
  let end = Math.min(maxBytes, bytes.length);
  // 10xxxxxx continues a character.
  while (end > 0 && end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  const kept = bytes.toString("utf8", 0, end);
  // A pair that the slice cut in two was encoded as U+FFFD.
  return kept.endsWith("\ufffd") && !text.startsWith(kept) ? kept.slice(0, -1) : kept;
}
