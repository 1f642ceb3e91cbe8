// What can be told of media by their bytes, be they bytes or base64 text, without decoding more than
// the first few.

/** Enough for every signature, and a whole number of base64 groups. */
const HEAD_BYTES = 12;
const HEAD_CHARACTERS = 16;

/** The number of bytes; undefined for what is neither bytes nor text. */
export function byteLengthOf(bytes: unknown): number | undefined {
  if (bytes instanceof Uint8Array) return bytes.length;
  if (typeof bytes !== "string") return undefined;
  const padding = bytes.endsWith("==") ? 2 : bytes.endsWith("=") ? 1 : 0;
  return Math.floor(((bytes.length - padding) * 3) / 4);
}

/** The number of characters that many bytes take as base64. */
export function base64LengthOf(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

/** The format of an image by its first bytes; undefined when they say nothing. */
export function imageFormatOf(bytes: unknown): "gif" | "jpeg" | "png" | "webp" | undefined {
  const head = headOf(bytes);
  if (head.startsWith("\x89PNG")) return "png";
  if (head.startsWith("\xff\xd8\xff")) return "jpeg";
  if (head.startsWith("GIF8")) return "gif";
  if (head.startsWith("RIFF") && head.startsWith("WEBP", 8)) return "webp";
  return undefined;
}

function headOf(bytes: unknown): string {
  if (bytes instanceof Uint8Array) {
    return String.fromCharCode(...bytes.subarray(0, HEAD_BYTES));
  }
  if (typeof bytes !== "string") return "";
  return Buffer.from(bytes.slice(0, HEAD_CHARACTERS), "base64").toString("latin1");
}
