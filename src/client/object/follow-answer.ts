// Picks out of the events of an answer what the object is written in: the input of the first call of our
// tool, or the text.

import type { ConverseStreamEvent } from "../../core/converse-events.ts";

/**
 * Reads a stream to its end, and hands on the pieces of the object: of the call where a tool takes it,
 * of the text where none does. Throws what the stream throws.
 */
export async function followAnswer(
  stream: AsyncIterable<ConverseStreamEvent>,
  toolName: string | undefined,
  add: (piece: string) => void,
): Promise<void> {
  let callIndex: number | undefined;
  for await (const { contentBlockStart, contentBlockDelta } of stream) {
    if (contentBlockStart !== undefined) {
      const { start, contentBlockIndex } = contentBlockStart;
      if (toolName !== undefined && start?.toolUse?.name === toolName) {
        callIndex ??= contentBlockIndex;
      }
    } else if (contentBlockDelta !== undefined) {
      const { delta, contentBlockIndex } = contentBlockDelta;
      const isOfCall = contentBlockIndex === callIndex;
      const piece = toolName === undefined ? delta.text : isOfCall && delta.toolUse?.input;
      if (piece) add(piece);
    }
  }
}
