// A complete response as the events of a stream, in Bedrock's order.

import type { CitationsContentBlock } from "./citations.ts";
import type { ContentBlock, ReasoningContentBlock, ToolResultContentBlock } from "./content.ts";
import type {
  ContentBlockDelta,
  ContentBlockStart,
  ConverseStreamEvent,
} from "./converse-events.ts";
import type { ConverseResponse } from "./converse-response.ts";

/** How what a block says is cut into deltas; joined, the pieces are the whole. */
export interface Pieces {
  text(text: string): Iterable<string>;
  /** Never half a surrogate pair, which is no JSON. */
  json(text: string): Iterable<string>;
  bytes(bytes: Uint8Array): Iterable<Uint8Array>;
}

/** One delta says it all. */
export const WHOLE: Pieces = {
  text: (text) => (text === "" ? [] : [text]),
  json: (text) => [text],
  bytes: (bytes) => [bytes],
};

/** The members of blocks that come in a stream; of others a stream only tells that they are there. */
const STREAMED = [
  "text",
  "toolUse",
  "toolResult",
  "reasoningContent",
  "citationsContent",
  "image",
] as const;

/** Whether all that a block says can be told in events. */
export function isStreamable(block: ContentBlock): boolean {
  return STREAMED.some((name) => block[name] !== undefined);
}

/** The events in which a response is streamed. */
export function* toEvents(
  response: ConverseResponse,
  pieces: Pieces,
): Generator<ConverseStreamEvent, void> {
  const { output, stopReason, usage, metrics, additionalModelResponseFields, ...rest } = response;
  yield { messageStart: { role: output.message.role } };
  for (const [contentBlockIndex, block] of output.message.content.entries()) {
    const start = startOf(block);
    if (start !== undefined) yield { contentBlockStart: { start, contentBlockIndex } };
    for (const delta of deltasOf(block, pieces)) {
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

function* deltasOf(block: ContentBlock, pieces: Pieces): Generator<ContentBlockDelta, void> {
  if (block.text !== undefined) {
    for (const text of pieces.text(block.text)) yield { text };
  } else if (block.toolUse !== undefined) {
    for (const input of pieces.json(JSON.stringify(block.toolUse.input ?? {}))) {
      yield { toolUse: { input } };
    }
  } else if (block.toolResult !== undefined) {
    const toolResult = block.toolResult.content.flatMap(toToolResultDelta);
    if (toolResult.length > 0) yield { toolResult };
  } else if (block.reasoningContent !== undefined) {
    yield* reasoningDeltas(block.reasoningContent, pieces);
  } else if (block.citationsContent !== undefined) {
    yield* citationDeltas(block.citationsContent, pieces);
  } else if (block.image !== undefined) {
    const { source, error } = block.image;
    if (error !== undefined) yield { image: { error } };
    else if (source.bytes === undefined) yield { image: { source } };
    else for (const bytes of pieces.bytes(source.bytes)) yield { image: { source: { bytes } } };
  }
}

function toToolResultDelta(part: ToolResultContentBlock): ({ text: string } | { json: never })[] {
  if (part.text !== undefined) return [{ text: part.text }];
  if (part.json !== undefined) return [{ json: part.json as never }];
  return [];
}

function* reasoningDeltas(
  reasoning: ReasoningContentBlock,
  pieces: Pieces,
): Generator<ContentBlockDelta, void> {
  if (reasoning.redactedContent !== undefined) {
    for (const redactedContent of pieces.bytes(reasoning.redactedContent)) {
      yield { reasoningContent: { redactedContent } };
    }
  }
  if (reasoning.reasoningText === undefined) return;
  const { text, signature } = reasoning.reasoningText;
  for (const piece of pieces.text(text)) yield { reasoningContent: { text: piece } };
  if (signature !== undefined) yield { reasoningContent: { signature } };
}

function* citationDeltas(
  { content = [], citations = [] }: CitationsContentBlock,
  pieces: Pieces,
): Generator<ContentBlockDelta, void> {
  for (const { text } of content) {
    if (text === undefined) continue;
    for (const piece of pieces.text(text)) yield { text: piece };
  }
  for (const { sourceContent, ...citation } of citations) {
    const texts = sourceContent?.map(({ text }) => ({ text }));
    yield { citation: texts === undefined ? citation : { ...citation, sourceContent: texts } };
  }
}
