// Media as Converse wants them: formats by their names on the wire, images by what their bytes are,
// documents with a legal name and a source that is accepted. No medium is ever left out.

import { isRecord, type UnknownRecord } from "../core/json.ts";
import type { RepairRun } from "./repair-run.ts";
import { bytesFromJson } from "./restore-bytes.ts";
import { BLANK_PIECES, fillPieces, isBlank, isCited, keepPieces } from "./text-pieces.ts";

/** Stands where a document says nothing. */
const EMPTY_DOCUMENT = "(empty document)";

/** What people write for a format, and what it is called on the wire. */
const FORMAT_NAMES: Readonly<Record<string, string>> = {
  jpg: "jpeg",
  "3gp": "three_gp",
  htm: "html",
  text: "txt",
  markdown: "md",
};

/** The formats that text can have as a file. */
const TEXT_FORMATS: ReadonlySet<string> = new Set(["txt", "md", "html", "csv"]);

/** What is told of bytes that were something else. */
export const BYTES_READ_BACK = "Bytes that had become JSON were read back.";

/** The formats of images by the bytes they begin with. */
const SIGNATURES: readonly (readonly [format: string, bytes: readonly number[], at: number])[] = [
  ["png", [0x89, 0x50, 0x4e, 0x47], 0],
  ["jpeg", [0xff, 0xd8, 0xff], 0],
  ["gif", [0x47, 0x49, 0x46, 0x38], 0],
  ["webp", [0x57, 0x45, 0x42, 0x50], 8],
];
const RIFF = [0x52, 0x49, 0x46, 0x46];

/** A kind of block that holds a medium. */
export type MediaKind = "image" | "document" | "video" | "audio";

/** A medium with its faults repaired; the given object when there was none. */
export function repairMedia(kind: MediaKind, given: unknown, run: RepairRun): unknown {
  if (!isRecord(given)) return given;
  const media = withBytes(kind, withFormat(kind, given, run), run);
  if (kind === "image") return repairImageFormat(media, run, ".image");
  return kind === "document" ? repairDocument(media, run) : media;
}

/** The image with the format its bytes have, where they are one Converse knows. */
export function repairImageFormat(
  image: UnknownRecord,
  run: RepairRun,
  member: string,
  known: readonly string[] = ["png", "jpeg", "gif", "webp"],
): UnknownRecord {
  const { source } = image;
  const bytes = isRecord(source) ? source["bytes"] : undefined;
  const format = isBytes(bytes) ? formatOf(bytes) : undefined;
  if (format === undefined || format === image["format"] || !known.includes(format)) return image;
  run.changed("image-format", "The format is now that of the bytes.", `${member}.format`);
  return { ...image, format };
}

/** The medium with bytes again where JSON had made something else of them. */
export function withBytes(kind: string, media: UnknownRecord, run: RepairRun): UnknownRecord {
  const { source } = media;
  if (!isRecord(source)) return media;
  const bytes = bytesFromJson(source["bytes"]);
  if (bytes === undefined) return media;
  run.changed("wrong-type", BYTES_READ_BACK, `.${kind}.source.bytes`);
  return { ...media, source: { ...source, bytes } };
}

/** The medium with its format as it is written on the wire. */
export function withFormat(kind: string, media: UnknownRecord, run: RepairRun): UnknownRecord {
  const { format } = media;
  if (typeof format !== "string") return media;
  const lower = format.toLowerCase();
  const name = Object.hasOwn(FORMAT_NAMES, lower) ? (FORMAT_NAMES[lower] ?? lower) : lower;
  if (name === format) return media;
  run.changed("unknown-value", "The format is now written as Bedrock knows it.", `.${kind}.format`);
  return { ...media, format: name };
}

function formatOf(bytes: Uint8Array): string | undefined {
  const found = SIGNATURES.find(([, signature, at]) => startsWith(bytes, signature, at));
  const isWebp = found?.[0] !== "webp" || startsWith(bytes, RIFF, 0);
  return isWebp ? found?.[0] : undefined;
}

/** Also those of another realm, as test runners have them. */
function isBytes(value: unknown): value is Uint8Array {
  return (
    ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === "[object Uint8Array]"
  );
}

function startsWith(bytes: Uint8Array, signature: readonly number[], at: number): boolean {
  return signature.every((byte, index) => bytes[at + index] === byte);
}

function repairDocument(given: UnknownRecord, run: RepairRun): UnknownRecord {
  const document = repairSource(given, run);
  const name = run.documentNames.toName(given["name"], given["format"]);
  if (name === given["name"]) return document;
  run.changed(
    "document-name",
    "The name was made legal and unique in the history.",
    ".document.name",
  );
  return { ...document, name };
}

/** Text is read as such for citations only; otherwise it goes as the bytes of a text file. */
function repairSource(document: UnknownRecord, run: RepairRun): UnknownRecord {
  const { source, format } = document;
  if (!isRecord(source)) return document;
  const isForCitations = isCited(document);
  const read = visibleSource(source, isForCitations, run);
  const text = isForCitations ? undefined : textOfSource(read);
  if (text === undefined) return read === source ? document : { ...document, source: read };
  run.changed(
    "document-text-source",
    "The text is sent as a file, for only documents with citations are read from text.",
    ".document.source",
  );
  const bytes = new TextEncoder().encode(text);
  const isText = typeof format === "string" && TEXT_FORMATS.has(format);
  return { ...document, format: isText ? format : "txt", source: { bytes } };
}

function visibleSource(
  source: UnknownRecord,
  isForCitations: boolean,
  run: RepairRun,
): UnknownRecord {
  const { text, content } = source;
  if (typeof text === "string" && isBlank(text)) {
    const { text: _, ...others } = source;
    if (Object.values(others).some((member) => member != null)) {
      return visibleSource(others, isForCitations, run);
    }
    run.changed("text-blank", "A document without text got a visible one.", ".document.source");
    return { text: EMPTY_DOCUMENT };
  }
  if (!Array.isArray(content)) return source;
  const kept = (isForCitations ? fillPieces : keepPieces)(content, EMPTY_DOCUMENT);
  if (kept === content) return source;
  run.changed("text-blank", BLANK_PIECES, ".document.source.content");
  return { ...source, content: kept };
}

/** Undefined also where something else is set: of two sources none can be left out. */
function textOfSource(source: UnknownRecord): string | undefined {
  const { text, content } = source;
  if (Object.values(source).filter((member) => member != null).length > 1) return undefined;
  if (typeof text === "string") return text;
  if (!Array.isArray(content)) return undefined;
  return content
    .map((piece: unknown) => (isRecord(piece) ? piece["text"] : undefined))
    .filter((piece) => typeof piece === "string")
    .join("\n");
}
