// A complete response as the events of a stream, in Bedrock's order and in pieces of its kind.

import type { CitationsContentBlock } from "../core/citations.ts";
import type { ContentBlock, ToolResultContentBlock } from "../core/content.ts";
import type {
  ContentBlockDelta,
  ContentBlockStart,
  ConverseStreamEvent,
} from "../core/converse-events.ts";
import type { ConverseResponse } from "../core/converse-response.ts";

/** A tool's arguments, some characters per event; never half a surrogate pair, which is no JSON. */
const INPUT_FRAGMENTS = /.{1,12}/gsu;

/** Bytes of a picture or of redacted reasoning per event: a multiple of 3, so base64 joins too. */
const BYTES_FRAGMENT = 24 * 1024;

/** The events in which a response is streamed. */
export function* toEvents(response: ConverseResponse): Generator<ConverseStreamEvent, void> {
  const { output, stopReason, usage, metrics, additionalModelResponseFields, ...rest } = response;
  yield { messageStart: { role: output.message.role } };
  for (const [contentBlockIndex, block] of output.message.content.entries()) {
    const start = startOf(block);
    if (start !== undefined) yield { contentBlockStart: { start, contentBlockIndex } };
    for (const delta of deltasOf(block)) {
      yield { contentBlockDelta: { delta, contentBlockIndex } };
    }
    yield { contentBlockStop: { contentBlockIndex } };
  }
  yield {
    messageStop: {
      stopReason,
      ...(additionalModelResponseFields === undefined ? {} : { additionalModelResponseFields }),
    },
  };
  yield { metadata: { usage, metrics, ...rest } };
}

/** Text, reasoning and citations open without a start event. */
function startOf(block: ContentBlock): ContentBlockStart | undefined {
  if (block.toolUse !== undefined) {
    const { input: _, ...toolUse } = block.toolUse;
    return { toolUse };
  }
  if (block.toolResult !== undefined) {
    const { content: _, ...toolResult } = block.toolResult;
    return { toolResult };
  }
  if (block.image !== undefined) return { image: { format: block.image.format } };
  return undefined;
}

function* deltasOf(block: ContentBlock): Generator<ContentBlockDelta, void> {
  if (block.text !== undefined) {
    for (const text of wordsOf(block.text)) yield { text };
  } else if (block.toolUse !== undefined) {
    const input = JSON.stringify(block.toolUse.input ?? {});
    for (const fragment of input.match(INPUT_FRAGMENTS) ?? [])
      yield { toolUse: { input: fragment } };
  } else if (block.toolResult !== undefined) {
    const toolResult = block.toolResult.content.flatMap(toToolResultDelta);
    if (toolResult.length > 0) yield { toolResult };
  } else if (block.reasoningContent !== undefined) {
    yield* reasoningDeltas(block.reasoningContent);
  } else if (block.citationsContent !== undefined) {
    yield* citationDeltas(block.citationsContent);
  } else if (block.image !== undefined) {
    const { source, error } = block.image;
    if (error !== undefined) yield { image: { error } };
    else if (source.bytes === undefined) yield { image: { source } };
    else for (const bytes of chunksOf(source.bytes)) yield { image: { source: { bytes } } };
  } else {
    throw new TypeError("A block of this kind cannot be streamed.");
  }
}

function toToolResultDelta(part: ToolResultContentBlock): ({ text: string } | { json: never })[] {
  if (part.text !== undefined) return [{ text: part.text }];
  if (part.json !== undefined) return [{ json: part.json as never }];
  return [];
}

function* reasoningDeltas(
  reasoning: NonNullable<ContentBlock["reasoningContent"]>,
): Generator<ContentBlockDelta, void> {
  if (reasoning.redactedContent !== undefined) {
    for (const redactedContent of chunksOf(reasoning.redactedContent)) {
      yield { reasoningContent: { redactedContent } };
    }
  }
  if (reasoning.reasoningText === undefined) return;
  const { text, signature } = reasoning.reasoningText;
  for (const word of wordsOf(text)) yield { reasoningContent: { text: word } };
  if (signature !== undefined) yield { reasoningContent: { signature } };
}

function* citationDeltas({
  content = [],
  citations = [],
}: CitationsContentBlock): Generator<ContentBlockDelta, void> {
  for (const { text } of content) {
    if (text === undefined) continue;
    for (const word of wordsOf(text)) yield { text: word };
  }
  for (const { sourceContent, ...citation } of citations) {
    const texts = sourceContent?.map(({ text }) => ({ text }));
    yield { citation: texts === undefined ? citation : { ...citation, sourceContent: texts } };
  }
}

/** Words with the white space before them; joined they are the text. */
function wordsOf(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}

function* chunksOf(bytes: Uint8Array): Generator<Uint8Array, void> {
  for (let offset = 0; offset < bytes.length; offset += BYTES_FRAGMENT) {
    yield bytes.subarray(offset, offset + BYTES_FRAGMENT);
  }
}
