// Reading what a model said without walking the blocks by hand.

import type {
  ContentBlock,
  Message,
  ReasoningContentBlock,
  ToolUseBlock,
} from "../core/content.ts";
import type { ConverseResponse } from "../core/converse-response.ts";

/** All text blocks joined, in order; `""` if there is none. */
export function textOf(source: ConverseResponse | Message): string {
  let text = "";
  for (const block of contentOf(source)) text += block.text ?? "";
  return text;
}

/** The tool calls, in order. Those of a message that ended in `max_tokens` may be incomplete. */
export function toolUsesOf(source: ConverseResponse | Message): ToolUseBlock[] {
  return contentOf(source).flatMap(({ toolUse }) => (toolUse === undefined ? [] : [toolUse]));
}

/** The reasoning blocks, in order, to be shown or sent back unchanged. */
export function reasoningOf(source: ConverseResponse | Message): ReasoningContentBlock[] {
  return contentOf(source).flatMap(({ reasoningContent }) =>
    reasoningContent === undefined ? [] : [reasoningContent],
  );
}

function contentOf(source: ConverseResponse | Message): readonly ContentBlock[] {
  return "output" in source ? source.output.message.content : source.content;
}
