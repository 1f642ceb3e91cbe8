// What a tool returned or threw, as the content of its result: visible, JSON where it is JSON, and bounded.

import type { ToolResultContentBlock } from "../core/content.ts";
import { isRecord } from "../core/json.ts";
import { boundContent } from "./bound-content.ts";
import { cutText, MAX_OUTPUT_BYTES } from "./cut-text.ts";
import { isError, UnserializableError } from "./json-copy.ts";

/** A result before it has an id. */
export interface ToolResultContent {
  readonly content: ToolResultContentBlock[];
  readonly status: "success" | "error";
}

const TEXT_NAMES: readonly string[] = ["text", "json"];
const MEDIA_NAMES: readonly string[] = ["image", "document", "video", "searchResult"];
const SOURCE_NAMES: readonly string[] = ["bytes", "s3Location", "text", "content"];

const PREFIX = "Error: ";
const MAX_MESSAGE_BYTES = MAX_OUTPUT_BYTES - PREFIX.length;

/** Of an error that is several and says nothing itself. */
const MAX_SHOWN_ERRORS = 5;

/** A failure, in words for the model. */
export function toErrorContent(message: string): ToolResultContent {
  return { content: boundContent([{ text: message }]), status: "error" };
}

/**
 * The content of a result: a string as text, an object as JSON, a list of content blocks or one of media
 * as it is, any other JSON value as its text, nothing as “(no output)”. All of it is copied. Text and JSON
 * are cut at 256 KiB together, with a marker; what JSON has no form for is an error result. Never throws.
 */
export function toResultContent(value: unknown): ToolResultContent {
  try {
    if (isError(value)) return toErrorContent(toErrorMessage(value));
    const blocks = readBlocks(value) ?? [{ json: value } as ToolResultContentBlock];
    return { content: boundContent(blocks), status: "success" };
  } catch (error) {
    if (error instanceof UnserializableError) {
      return toErrorContent(`The tool returned ${error.message}, which cannot be written as JSON.`);
    }
    return toErrorContent("The tool returned something that cannot be written as JSON.");
  }
}

/** What was thrown, in words for the model: an error's own message, never its stack. */
export function toErrorMessage(thrown: unknown): string {
  try {
    const message = messageOf(thrown);
    if (message !== undefined) return PREFIX + cutText(message, MAX_MESSAGE_BYTES);
  } catch {
    // A getter that throws, of something that was thrown.
  }
  return `${PREFIX}the tool failed without saying why.`;
}

function messageOf(thrown: unknown): string | undefined {
  const message = typeof thrown === "string" ? thrown : isRecord(thrown) ? thrown["message"] : "";
  if (typeof message === "string" && message.trim() !== "") return message.trim();
  if (!(thrown instanceof Error)) return undefined;
  // Connections that failed at every address of a host are such errors, without a message.
  if (thrown instanceof AggregateError) {
    const messages = thrown.errors.slice(0, MAX_SHOWN_ERRORS).map(messageOf);
    const told = messages.filter((each) => each !== undefined).join("; ");
    if (told !== "") return told;
  }
  return thrown.name || undefined;
}

/** Undefined where the value is no list of content blocks, and no single block of media. */
function readBlocks(value: unknown): readonly ToolResultContentBlock[] | undefined {
  // A lone object with text or json might be data.
  if (isMediaBlock(value)) return [value];
  if (!Array.isArray(value) || value.length === 0) return undefined;
  // `every` would go through all holes of a list, and take them for blocks.
  return value.findIndex((each) => !isBlock(each)) === -1 ? value : undefined;
}

function isBlock(value: unknown): value is ToolResultContentBlock {
  return isTextBlock(value) || isMediaBlock(value);
}

function isTextBlock(value: unknown): value is ToolResultContentBlock {
  const [name, member] = soleMemberOf(value, TEXT_NAMES);
  return name === "text" ? typeof member === "string" : member !== undefined;
}

/** One whose source is as Converse has it: there is data about images, too. */
function isMediaBlock(value: unknown): value is ToolResultContentBlock {
  const [name, media] = soleMemberOf(value, MEDIA_NAMES);
  if (!isRecord(media)) return false;
  const { source, title, content } = media;
  if (name === "searchResult") {
    return typeof source === "string" && typeof title === "string" && Array.isArray(content);
  }
  return soleMemberOf(source, SOURCE_NAMES)[1] !== undefined;
}

/** The name and the value of the only member, if its name is one of these. */
function soleMemberOf(
  value: unknown,
  names: readonly string[],
): readonly [name?: string, member?: unknown] {
  if (!isRecord(value)) return [];
  const [name, ...others] = Object.keys(value);
  if (name === undefined || others.length > 0 || !names.includes(name)) return [];
  return [name, value[name]];
}
