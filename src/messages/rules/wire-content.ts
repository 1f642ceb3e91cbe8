// What messages are made of, as the service model describes it. See wire.ts for the request.

import {
  BOOLEAN,
  BYTES,
  JSON_VALUE,
  list,
  oneOf,
  structure,
  TEXT,
  text,
  union,
} from "./shape-parts.ts";
import type { Shape, StructureShape, TextShape, UnionShape } from "./shapes.ts";

/** Also the name of a system tool and of a tool choice. */
export const TOOL_NAME: TextShape = text({ min: 1, max: 64, pattern: /[a-zA-Z0-9_-]+/ });
const TOOL_USE_ID: TextShape = text({ min: 1, max: 64, pattern: /[a-zA-Z0-9_.:-]+/ });

const CITATIONS_CONFIG = structure({ enabled: BOOLEAN }, ["enabled"]);
const ERROR_BLOCK = structure({ message: TEXT });

const S3_LOCATION = structure(
  {
    uri: text({ min: 1, max: 1024, pattern: /s3:\/\/[a-z0-9][.\-a-z0-9]{1,61}[a-z0-9](\/.*)?/s }),
    bucketOwner: text({ pattern: /[0-9]{12}/ }),
  },
  ["uri"],
);

const IMAGE = media("ImageSource", ["png", "jpeg", "gif", "webp"]);
const VIDEO = media(
  "VideoSource",
  ["mkv", "mov", "mp4", "webm", "flv", "mpeg", "mpg", "wmv", "three_gp"],
  false,
);
const AUDIO = media("AudioSource", [
  ...["mp3", "opus", "wav", "aac", "flac", "mp4", "ogg", "mkv", "mka"],
  ...["x-aac", "m4a", "mpeg", "mpga", "pcm", "webm"],
]);

const DOCUMENT = structure(
  {
    format: oneOf("pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"),
    name: text({ min: 1, max: 200 }),
    source: union("DocumentSource", {
      bytes: BYTES,
      s3Location: S3_LOCATION,
      text: TEXT,
      content: list(union("DocumentContentBlock", { text: TEXT })),
    }),
    context: TEXT,
    citations: CITATIONS_CONFIG,
  },
  ["name", "source"],
);

const SEARCH_RESULT = structure(
  {
    source: TEXT,
    title: TEXT,
    content: list(structure({ text: TEXT }, ["text"])),
    citations: CITATIONS_CONFIG,
  },
  ["source", "title", "content"],
);

export const GUARD_CONTENT: UnionShape = union("GuardrailConverseContentBlock", {
  text: structure(
    { text: TEXT, qualifiers: list(oneOf("grounding_source", "query", "guard_content")) },
    ["text"],
  ),
  image: structure(
    {
      format: oneOf("png", "jpeg"),
      source: union("GuardrailConverseImageSource", { bytes: BYTES }),
    },
    ["format", "source"],
  ),
});

export const CACHE_POINT: StructureShape = structure(
  { type: oneOf("default"), ttl: oneOf("5m", "1h") },
  ["type"],
);

const TOOL_USE = structure(
  { toolUseId: TOOL_USE_ID, name: TOOL_NAME, input: JSON_VALUE, type: oneOf("server_tool_use") },
  ["toolUseId", "name", "input"],
);

const TOOL_RESULT = structure(
  {
    toolUseId: TOOL_USE_ID,
    content: list(
      union("ToolResultContentBlock", {
        json: JSON_VALUE,
        text: TEXT,
        image: IMAGE,
        document: DOCUMENT,
        video: VIDEO,
        searchResult: SEARCH_RESULT,
      }),
    ),
    status: oneOf("success", "error"),
    type: TEXT,
  },
  ["toolUseId", "content"],
);

const REASONING = union("ReasoningContentBlock", {
  reasoningText: structure({ text: TEXT, signature: TEXT }, ["text"]),
  redactedContent: { kind: "bytes" },
});

const INDEX = { kind: "number", integer: true, min: 0 } as const;
const CHARACTERS = structure({ documentIndex: INDEX, start: INDEX, end: INDEX });

const CITATIONS = structure({
  content: list(union("CitationGeneratedContent", { text: TEXT })),
  citations: list(
    structure({
      title: TEXT,
      source: TEXT,
      sourceContent: list(union("CitationSourceContent", { text: TEXT })),
      location: union("CitationLocation", {
        web: structure({ url: TEXT, domain: TEXT }),
        documentChar: CHARACTERS,
        documentPage: CHARACTERS,
        documentChunk: CHARACTERS,
        searchResultLocation: structure({ searchResultIndex: INDEX, start: INDEX, end: INDEX }),
      }),
    }),
  ),
});

const TOOL_CHANGE = structure(
  {
    tool: structure({
      type: text({ min: 1, max: 64 }),
      name: text({ min: 1, max: 128 }),
      serverName: text({ min: 1, max: 128 }),
    }),
  },
  ["tool"],
);

/** One message of a conversation. */
export const MESSAGE: StructureShape = structure(
  {
    role: oneOf("user", "assistant", "system"),
    content: list(
      union("ContentBlock", {
        text: TEXT,
        image: IMAGE,
        document: DOCUMENT,
        video: VIDEO,
        audio: AUDIO,
        toolUse: TOOL_USE,
        toolResult: TOOL_RESULT,
        guardContent: GUARD_CONTENT,
        cachePoint: CACHE_POINT,
        reasoningContent: REASONING,
        citationsContent: CITATIONS,
        searchResult: SEARCH_RESULT,
        toolAddition: TOOL_CHANGE,
        toolRemoval: TOOL_CHANGE,
      }),
    ),
  },
  ["role", "content"],
);

function media(source: string, formats: string[], hasError = true): StructureShape {
  const members: Record<string, Shape> = {
    format: oneOf(...formats),
    source: union(source, { bytes: BYTES, s3Location: S3_LOCATION }),
  };
  if (hasError) members["error"] = ERROR_BLOCK;
  return structure(members, ["format", "source"]);
}
