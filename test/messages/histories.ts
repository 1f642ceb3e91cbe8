// Histories as wild as their types allow: every kind of block, on either side, with blank and broken
// text, names and ids nobody accepts, and cache points and system messages anywhere.

import fc from "fast-check";
import type { ContentBlockInput, MessageInput } from "../../src/messages/message-input.ts";
import { type ModelTraits, traitsOf } from "../../src/models/model-traits.ts";

/** Models that differ in what they read. */
export const MODEL_IDS: readonly string[] = [
  "anthropic.claude-3-5-sonnet-20241022-v2:0",
  "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  "anthropic.claude-opus-4-7",
  "anthropic.claude-opus-5",
  "amazon.nova-pro-v1:0",
  "us.amazon.nova-2-lite-v1:0",
  "us.meta.llama4-maverick-17b-instruct-v1:0",
  "mistral.mistral-large-2407-v1:0",
  "openai.gpt-oss-120b-1:0",
  "us.deepseek.r1-v1:0",
];

/** Traits of real models, of none, and of models that do not exist. */
export const traits: fc.Arbitrary<ModelTraits> = fc.oneof(
  fc.constant<ModelTraits>({}),
  fc.constantFrom(...MODEL_IDS.map(traitsOf)),
  fc.record<ModelTraits>(
    {
      systemRole: fc.boolean(),
      toolResultStatus: fc.boolean(),
      toolResultsAlone: fc.boolean(),
      hyphensInToolNames: fc.boolean(),
      toolUseIds: fc.constantFrom("word", "nine"),
      reasoningReplay: fc.constantFrom("signed", "none"),
    },
    { requiredKeys: [] },
  ),
);

export const text: fc.Arbitrary<string> = fc.constantFrom(
  ...["", " ", "\n\t", "yes", "no ", "x\ny", "Grüße 🙂", " \ufeff"],
  ...["cut \ud83d", "\udc00", "\udc00 and \ud800\n", "two  spaces"],
);

export const toolUseId: fc.Arbitrary<string> = fc.constantFrom(
  ...[
    "a",
    "a",
    "a",
    "b",
    "b",
    "c",
    "a-b_c",
    "tooluse.1:2",
    "Abc123xyz",
    "call 1",
    "\ud800",
    "\ud801",
    "é",
  ],
  ...["x".repeat(64), "x".repeat(70), `${"x".repeat(70)}y`],
);

export const toolName: fc.Arbitrary<string> = fc.constantFrom(
  ...["get_weather", "get-weather", "get.weather", "mcp.files.read", "two words", "$READ", "🔧"],
  ...["\udfff", "y".repeat(64), "y".repeat(128), `${"y".repeat(127)}z`],
);

const documentName = fc.constantFrom(
  ...["report", "Report.pdf", "REPORT", "report.docx", "report-2", "document-2", "", "  ", ".txt"],
  ...["a  b", "tab\tname", " lead", "résumé.PDF", "文書", "--", "notes_v1 (2)[x]", "\ud83d", "🙂"],
  ...["z".repeat(200), `${"z".repeat(198)} more`, "a.b.c.html", "index.htm"],
);

/** Real signatures, so that a format can be seen to be wrong. */
const SIGNATURES: readonly (readonly number[])[] = [
  [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  [0xff, 0xd8, 0xff, 0xe0],
  [0x47, 0x49, 0x46, 0x38, 0x39, 0x61],
  [0x52, 0x49, 0x46, 0x46, 1, 1, 1, 1, 0x57, 0x45, 0x42, 0x50],
];
const number = fc.nat(200);
const imageBytes = fc
  .tuple(fc.constantFrom(...SIGNATURES), number)
  .map(([signature, last]) => new Uint8Array([...signature, last]));
const bytes = number.map((last) => new Uint8Array([7, last]));
const source = bytes.map((given) => ({ bytes: given }));
const image = fc.record({
  format: fc.constantFrom("png", "jpeg", "jpg", "JPG", "gif", "webp", "PNG"),
  source: imageBytes.map((given) => ({ bytes: given })),
});
const textPieces = fc.array(
  text.map((piece) => ({ text: piece })),
  { maxLength: 3 },
);
const citations = fc.constantFrom(undefined, { enabled: true }, { enabled: false });
const document = fc.record(
  {
    format: fc.constantFrom("pdf", "txt", "text", "html", "htm", "HTML", "docx", "md", "csv"),
    name: documentName,
    source: fc.oneof(
      source,
      text.map((given) => ({ text: given })),
      textPieces.map((content) => ({ content })),
    ),
    context: text,
    citations,
  },
  { requiredKeys: ["name", "source"] },
);
const video = fc.record({ format: fc.constantFrom("mp4", "3gp", "MOV"), source });
const audio = fc.record({ format: fc.constantFrom("mp3", "WAV"), source });
const searchResult = fc.record({ source: text, title: text, content: textPieces });

const json: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  {},
  { city: "Rome", list: [1, { deep: "cut \ud800" }] },
  { "\ud800": 1, "\ud801": 2, "\ufffd": 3 },
  { __type: "top" },
  { value: { __type: "x" } },
  { list: [[{ __type: "x", text: "\udc00" }]] },
  [1, 2],
  "a \ud83d",
  "",
  null,
  7,
  undefined,
);

const toolUse = fc.record(
  {
    toolUseId,
    name: toolName,
    input: json,
    type: fc.constantFrom(undefined, undefined, "server_tool_use"),
  },
  { requiredKeys: ["toolUseId", "name", "input"] },
);

const resultPart = fc.oneof(
  { weight: 3, arbitrary: text.map((given) => ({ text: given })) },
  json.filter((given) => given !== undefined).map((given) => ({ json: given })),
  image.map((given) => ({ image: given })),
  document.map((given) => ({ document: given })),
  video.map((given) => ({ video: given })),
  searchResult.map((given) => ({ searchResult: given })),
);
const toolResult = fc.record(
  {
    toolUseId,
    content: fc.oneof(
      { weight: 3, arbitrary: fc.array(fc.oneof(text, resultPart), { maxLength: 3 }) },
      text,
      resultPart,
      fc.constant(undefined),
    ),
    status: fc.constantFrom("success", "error"),
    type: fc.constantFrom(undefined, undefined, "server_tool_result"),
  },
  { requiredKeys: ["toolUseId", "content"] },
);

const guardContent = fc.oneof(
  text.map((given) => ({ text: { text: given } })),
  image
    .filter(
      ({
        source: {
          bytes: [first],
        },
      }) => first === 0x89 || first === 0xff,
    )
    .map((given) => ({ image: given })),
);
const reasoningContent = fc.oneof(
  fc.record({ text, signature: fc.constantFrom("sig", undefined) }).map((reasoningText) => ({
    reasoningText,
  })),
  bytes.map((redactedContent) => ({ redactedContent })),
);
const citationsContent = fc.record(
  {
    content: textPieces,
    citations: fc.array(fc.record({ title: text, source: text }), { maxLength: 2 }),
  },
  { requiredKeys: [] },
);
const cachePoint = fc.constantFrom(
  { type: "default" },
  { type: "default", ttl: "5m" },
  { type: "default", ttl: "1h" },
);
const toolChange = toolName.map((name) => ({ tool: { name, type: "tool_reference" } }));

function blockOf<Value>(name: string, value: fc.Arbitrary<Value>): fc.Arbitrary<ContentBlockInput> {
  return value.map((given) => ({ [name]: given }) as unknown as ContentBlockInput);
}

const commonBlocks = [
  { weight: 4, arbitrary: blockOf("text", text) },
  { weight: 2, arbitrary: blockOf("image", image) },
  { weight: 2, arbitrary: blockOf("document", document) },
  { weight: 4, arbitrary: blockOf("toolUse", toolUse) },
  { weight: 4, arbitrary: blockOf("toolResult", toolResult) },
  { weight: 2, arbitrary: blockOf("reasoningContent", reasoningContent) },
  { weight: 2, arbitrary: blockOf("cachePoint", cachePoint) },
  blockOf("video", video),
  blockOf("audio", audio),
  blockOf("guardContent", guardContent),
  blockOf("citationsContent", citationsContent),
  blockOf("searchResult", searchResult),
];

/** Any block that every model can be told of. */
export const block: fc.Arbitrary<ContentBlockInput> = fc.oneof(...commonBlocks);

const anyBlock = fc.oneof(
  { weight: 25, arbitrary: block },
  blockOf("toolAddition", toolChange),
  blockOf("toolRemoval", toolChange),
);

function historyOf(item: fc.Arbitrary<ContentBlockInput>): fc.Arbitrary<readonly MessageInput[]> {
  const message = fc.record({
    role: fc.constantFrom("user", "user", "assistant", "assistant", "system"),
    content: fc.oneof(
      { weight: 2, arbitrary: text },
      { weight: 4, arbitrary: fc.array(fc.oneof(text, item, item), { maxLength: 6, size: "max" }) },
      item,
    ),
  });
  return fc.array(message, { maxLength: 8, size: "max" });
}

/** Histories without changes of tools, which models that read no system messages cannot be told. */
export const plainHistory: fc.Arbitrary<readonly MessageInput[]> = historyOf(block);

/** Any history at all. */
export const history: fc.Arbitrary<readonly MessageInput[]> = historyOf(anyBlock);

/** A history that fits the traits. */
export function historyFor(target: ModelTraits): fc.Arbitrary<readonly MessageInput[]> {
  return target.systemRole === false ? plainHistory : history;
}

/** A history and traits it fits. */
export const historyAndTraits: fc.Arbitrary<readonly [readonly MessageInput[], ModelTraits]> =
  traits.chain((target) => fc.tuple(historyFor(target), fc.constant(target)));
