// What an MCP tool answered, as the content of a Converse tool result. What a model cannot be shown becomes
// a line that says what was there.

import type { ToolResultContentBlock } from "../core/content.ts";
import { isRecord, type JsonValue, type UnknownRecord } from "../core/json.ts";
import type { DocumentFormat, ImageFormat } from "../core/media.ts";

const IMAGE_FORMATS: ReadonlyMap<string, ImageFormat> = new Map([
  ["image/png", "png"],
  ["image/jpeg", "jpeg"],
  ["image/jpg", "jpeg"],
  ["image/gif", "gif"],
  ["image/webp", "webp"],
]);

const DOCUMENT_FORMATS: ReadonlyMap<string, DocumentFormat> = new Map([
  ["application/pdf", "pdf"],
  ["text/csv", "csv"],
  ["application/msword", "doc"],
  ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"],
  ["application/vnd.ms-excel", "xls"],
  ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"],
  ["text/html", "html"],
  ["text/plain", "txt"],
  ["text/markdown", "md"],
]);

/**
 * The blocks of a result, in their order: text, images and documents as such, `structuredContent` only
 * where there is no content. May be empty. Never throws, whatever the server sent.
 */
export function toToolOutput(result: unknown): ToolResultContentBlock[] {
  if (!isRecord(result)) return [];
  const content = Array.isArray(result["content"]) ? result["content"] : [];
  if (content.length > 0) return content.map(toBlock);
  const { structuredContent } = result;
  return structuredContent === undefined ? [] : [{ json: structuredContent as JsonValue }];
}

/** What a tool says of its failure, in words for the model. Never throws. */
export function toErrorText(result: unknown): string {
  const texts = toToolOutput(result).map(({ text, json }) => text ?? toJsonText(json));
  const text = texts.join("\n").trim();
  return text === "" ? "The tool failed without saying why." : text;
}

function toJsonText(json: JsonValue | undefined): string {
  try {
    return JSON.stringify(json) ?? "";
  } catch {
    // Nested so deep that it cannot be walked.
    return "";
  }
}

function toBlock(item: unknown): ToolResultContentBlock {
  if (!isRecord(item)) return note("a block that is none");
  switch (item["type"]) {
    case "text":
      return typeof item["text"] === "string"
        ? { text: item["text"] }
        : note("a block without text");
    case "image":
    case "audio":
      return toMedia(item["data"], item["mimeType"], undefined);
    case "resource":
      return toResource(item["resource"]);
    case "resource_link":
      return { text: toLinkText(item) };
    default:
      return note(`a block of type ${shown(item["type"])}`);
  }
}

function toResource(resource: unknown): ToolResultContentBlock {
  if (!isRecord(resource)) return note("a resource that is none");
  if (typeof resource["text"] === "string") return { text: resource["text"] };
  return toMedia(resource["blob"], resource["mimeType"], resource["uri"]);
}

function toMedia(data: unknown, mimeType: unknown, uri: unknown): ToolResultContentBlock {
  const type = typeof mimeType === "string" ? plainType(mimeType) : "";
  const what = `${type === "" ? "data" : shown(type)}${uri === undefined ? "" : ` from ${shown(uri)}`}`;
  const bytes = decodeBase64(data);
  if (bytes === undefined) return note(`${what}, which is not base64`);
  if (bytes.length === 0) return note(`${what}, which is empty`);
  const imageFormat = IMAGE_FORMATS.get(type);
  if (imageFormat !== undefined) return { image: { format: imageFormat, source: { bytes } } };
  const format = DOCUMENT_FORMATS.get(type);
  if (format === undefined) return note(`${what}, ${bytes.length} bytes`);
  return { document: { format, name: nameOfDocument(uri), source: { bytes } } };
}

/** Without its parameters. */
function plainType(mimeType: string): string {
  return (mimeType.split(";", 1)[0] ?? "").trim().toLowerCase();
}

/** By the length of the outcome: a regular expression over ten million characters runs out of stack. */
function decodeBase64(data: unknown): Uint8Array | undefined {
  if (typeof data !== "string") return undefined;
  const { buffer, byteOffset, length } = Buffer.from(data, "base64");
  const digits = data.length - (data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0);
  if (length !== Math.floor((digits * 3) / 4)) return undefined;
  return new Uint8Array(buffer, byteOffset, length);
}

/** The last part of the path; the client makes it legal and unique. */
function nameOfDocument(uri: unknown): string {
  const path = typeof uri === "string" ? uri.split(/[?#]/, 1)[0] : undefined;
  const last = path?.split("/").findLast((part) => part !== "") ?? "";
  try {
    return decodeURIComponent(last) || "document";
  } catch {
    return last;
  }
}

function toLinkText(link: UnknownRecord): string {
  const { name, title, uri, mimeType, description } = link;
  const type = typeof mimeType === "string" ? ` (${shown(mimeType)})` : "";
  const line = `${shown(title ?? name)}${type}: ${shown(uri)}`;
  return typeof description === "string" ? `${line}\n${description}` : line;
}

function note(what: string): ToolResultContentBlock {
  return { text: `[Left out: ${what}.]` };
}

/** A server's word within a line of ours. */
function shown(value: unknown): string {
  return typeof value === "string" && value !== "" ? value.slice(0, 2000) : "unnamed";
}
