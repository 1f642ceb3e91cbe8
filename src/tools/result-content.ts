// What a tool returned, as the content of its result: visible, JSON where it is JSON, and bounded.

import type { ToolResultContentBlock } from "../core/content.ts";
import { isRecord, type JsonValue } from "../core/json.ts";
import { kindOf } from "../core/options.ts";
import { cutText, MAX_OUTPUT_BYTES } from "./cut-text.ts";
import { findUnserializable } from "./unserializable.ts";

/** A result before it has an id. */
export interface ToolResultContent {
  readonly content: ToolResultContentBlock[];
  readonly status: "success" | "error";
}

const BLOCK_NAMES = ["text", "json", "image", "document", "video", "searchResult"] as const;
const MEDIA_NAMES: readonly string[] = ["image", "document", "video", "searchResult"];

/** Blank text is refused, and says nothing to a model either. */
const NO_OUTPUT = "(no output)";

/** A failure, in words for the model. */
export function toErrorContent(message: string): ToolResultContent {
  return { content: [{ text: cutText(message) }], status: "error" };
}

/**
 * The content of a result: a string as text, an object as JSON, a list of content blocks as it is, any
 * other JSON value as its text, nothing as “(no output)”. Text and JSON are cut at 256 KiB, with a
 * marker in their place; what JSON has no form for is an error result. Never throws.
 */
export function toResultContent(value: unknown): ToolResultContent {
  try {
    if (value instanceof Error) return toErrorContent(toErrorMessage(value));
    const blocks = readBlocks(value);
    if (blocks !== undefined) return { content: cutBlocks(blocks), status: "success" };
    return { content: [toBlock(value)], status: "success" };
  } catch (error) {
    if (error instanceof OutputError) return toErrorContent(error.message);
    return toErrorContent("The tool returned something that cannot be written as JSON.");
  }
}

/** What was thrown, in words for the model: an error's own message, never its stack. */
export function toErrorMessage(thrown: unknown): string {
  try {
    if (thrown instanceof Error) {
      const message = thrown.message.trim();
      return message === "" ? `Error: ${thrown.name}` : `Error: ${message}`;
    }
    if (typeof thrown === "string" && thrown.trim() !== "") return `Error: ${thrown}`;
    if (isRecord(thrown) && typeof thrown["message"] === "string") {
      return `Error: ${thrown["message"]}`;
    }
  } catch {
    // A getter that throws, of something that was thrown.
  }
  return "Error: the tool failed without saying why.";
}

class OutputError extends Error {}

/** Undefined where the value is no list of content blocks, and no single block of media. */
function readBlocks(value: unknown): ToolResultContentBlock[] | undefined {
  if (isMediaBlock(value)) return [value];
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.every(isBlock) ? value : undefined;
}

function isBlock(value: unknown): value is ToolResultContentBlock {
  const name = soleMemberOf(value);
  if (name === undefined || !isRecord(value)) return false;
  if (name === "text") return typeof value[name] === "string";
  return name === "json" ? value[name] !== undefined : isRecord(value[name]);
}

/** A lone object with text or json might be data; one with an image and nothing else is an image. */
function isMediaBlock(value: unknown): value is ToolResultContentBlock {
  return isBlock(value) && MEDIA_NAMES.includes(soleMemberOf(value) ?? "");
}

function soleMemberOf(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  const names = Object.keys(value);
  const [name] = names;
  return names.length === 1 ? BLOCK_NAMES.find((known) => known === name) : undefined;
}

/** Text and JSON of all blocks share the limit; media have limits of their own, which the client knows. */
function cutBlocks(blocks: readonly ToolResultContentBlock[]): ToolResultContentBlock[] {
  let leftBytes = MAX_OUTPUT_BYTES;
  return blocks.map((block) => {
    if (block.text === undefined && block.json === undefined) return block;
    const written = block.text === undefined ? toBlock(block.json) : toTextBlock(block.text);
    const text = written.text ?? JSON.stringify(written.json);
    const bytes = Buffer.byteLength(text);
    if (bytes <= leftBytes) {
      leftBytes -= bytes;
      return written;
    }
    const cut = cutText(text, leftBytes);
    leftBytes = 0;
    return { text: cut };
  });
}

function toTextBlock(text: string): { text: string } {
  return { text: text.trim() === "" ? NO_OUTPUT : cutText(text) };
}

function toBlock(value: unknown): ToolResultContentBlock {
  if (value === undefined) return { text: NO_OUTPUT };
  if (typeof value === "string") return toTextBlock(value);
  const fault = findUnserializable(value);
  if (fault !== undefined) {
    throw new OutputError(`The tool returned ${fault}, which cannot be written as JSON.`);
  }
  const json = JSON.stringify(value);
  if (json === undefined) throw new OutputError(`The tool returned ${kindOf(value)}.`);
  const isWhole = Buffer.byteLength(json) <= MAX_OUTPUT_BYTES;
  const isObject = json.startsWith("{");
  // Parsed again: the tool may go on to change what it has returned.
  return isObject && isWhole ? { json: JSON.parse(json) as JsonValue } : { text: cutText(json) };
}
