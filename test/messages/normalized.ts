// One history normalised, and what was told of it, for tests that read like a table.

import type { ContentBlock, Message, ReasoningContentBlock } from "../../src/core/content.ts";
import type { RequestChange } from "../../src/core/request-change.ts";
import type { ContentBlockInput, MessagesInput } from "../../src/messages/message-input.ts";
import { normalizeFor } from "../../src/messages/normalize.ts";
import { WireNames } from "../../src/messages/wire-names.ts";
import type { ModelTraits } from "../../src/models/model-traits.ts";

/** What came of a history. */
export interface Normalized {
  readonly messages: Message[];
  readonly names: WireNames;
  readonly changes: readonly RequestChange[];
  /** `path: rule` of every change; warnings end in `!`. */
  readonly told: readonly string[];
}

/** Normalises a history for a model and listens. */
export function normalized(
  input: MessagesInput,
  traits: ModelTraits = {},
  isForeign?: (block: ReasoningContentBlock) => boolean,
): Normalized {
  const names = new WireNames(traits);
  const changes: RequestChange[] = [];
  const report = (change: RequestChange): void => {
    changes.push(change);
  };
  const messages = normalizeFor(input, { traits, names, isForeign, report });
  const told = changes.map(
    ({ path, rule, kind }) => `${path}: ${rule}${kind === "warning" ? "!" : ""}`,
  );
  return { messages, names, changes, told };
}

/** A user message. */
export function user(...content: ContentBlockInput[]): Message {
  return { role: "user", content: content as ContentBlock[] };
}

/** An assistant message. */
export function assistant(...content: ContentBlockInput[]): Message {
  return { role: "assistant", content: content as ContentBlock[] };
}

/** A system message among the messages. */
export function system(...content: ContentBlockInput[]): Message {
  return { role: "system", content: content as ContentBlock[] };
}

/** A text block. */
export function text(value: string): ContentBlock {
  return { text: value };
}

/** A call without input. */
export function call(toolUseId: string, name = "get_weather"): ContentBlock {
  return { toolUse: { toolUseId, name, input: {} } };
}

/** A result that is one text. */
export function result(toolUseId: string, value = "sunny"): ContentBlock {
  return { toolResult: { toolUseId, content: [{ text: value }] } };
}

/** The first bytes of a PNG. */
export const PNG: Uint8Array = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A picture. */
export const IMAGE: ContentBlock = { image: { format: "png", source: { bytes: PNG } } };

/** A document of bytes. */
export function document(name: string, format: "pdf" | "docx" | "txt" = "pdf"): ContentBlock {
  return { document: { format, name, source: { bytes: new Uint8Array([1]) } } };
}

/** A cache point. */
export const POINT: ContentBlock = { cachePoint: { type: "default" } };

/** Signed reasoning. */
export const REASONING: ContentBlock = {
  reasoningContent: { reasoningText: { text: "  hm \ud83d ", signature: "s" } },
};
