// The content blocks of a result, written out and bounded: text and JSON share one limit, and where they are
// cut, the rest of them is left out.

import type { ToolResultContentBlock } from "../core/content.ts";
import { isRecord } from "../core/json.ts";
import { cutAfter, MARKER_BYTES, MAX_OUTPUT_BYTES } from "./cut-text.ts";
import { copyAsJson } from "./json-copy.ts";

/** Blank text is refused, and says nothing to a model either. */
const NO_OUTPUT = "(no output)";

/** A block that was copied, and what it takes of the limit. */
interface Part {
  readonly block: ToolResultContentBlock;
  /** Undefined for media, which have limits of their own, and the client knows those. */
  readonly text?: string;
  /** May be too low for what goes beyond the limit in any case. */
  readonly bytes: number;
  /** Whether `text` is all there is. */
  readonly isWhole: boolean;
}

/**
 * The blocks as copies: blank text as “(no output)”, JSON that is no object as text, at most 256 KiB of
 * text and JSON. Throws `UnserializableError`, and whatever a getter or `toJSON` throws.
 */
export function boundContent(blocks: readonly ToolResultContentBlock[]): ToolResultContentBlock[] {
  const parts: Part[] = [];
  let bytes = 0;
  for (const block of blocks) {
    const isMedia = !("text" in block || "json" in block);
    // Nothing after what goes beyond the limit will be shown.
    if (!isMedia && bytes > MAX_OUTPUT_BYTES) continue;
    const part = isMedia ? copyMedia(block) : write(block.text ?? block.json);
    bytes += part.bytes;
    parts.push(part);
  }
  return bytes <= MAX_OUTPUT_BYTES ? parts.map(({ block }) => block) : cutParts(parts);
}

function cutParts(parts: readonly Part[]): ToolResultContentBlock[] {
  const content: ToolResultContentBlock[] = [];
  let leftBytes = MAX_OUTPUT_BYTES - MARKER_BYTES;
  let isCut = false;
  for (const { block, text, bytes, isWhole } of parts) {
    if (text === undefined || (!isCut && bytes <= leftBytes)) {
      content.push(block);
      leftBytes -= bytes;
    } else if (!isCut) {
      const length = isWhole && parts.length === 1 ? text.length : undefined;
      content.push({ text: cutAfter(text, leftBytes, length) });
      isCut = true;
    }
  }
  return content;
}

function copyMedia(block: ToolResultContentBlock): Part {
  return { block: structuredClone(block), bytes: 0, isWhole: true };
}

function write(value: unknown): Part {
  if (typeof value === "string") return writeText(value);
  const { json, isWhole } = copyAsJson(value, MAX_OUTPUT_BYTES);
  if (json === undefined) return writeText(NO_OUTPUT);
  const text = JSON.stringify(json);
  return { block: isRecord(json) ? { json } : { text }, text, bytes: bytesOf(text), isWhole };
}

function writeText(given: string): Part {
  const text = given.trim() === "" ? NO_OUTPUT : given;
  return { block: { text }, text, bytes: bytesOf(text), isWhole: true };
}

/** Whoever goes beyond the limit in characters need not be counted in bytes. */
function bytesOf(text: string): number {
  return text.length > MAX_OUTPUT_BYTES ? text.length : Buffer.byteLength(text);
}
