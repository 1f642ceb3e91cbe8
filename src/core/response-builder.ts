// Folds the events of a stream into the response that `invoke` would have returned. Blocks are told
// apart by their index alone: they may interleave, and indexes may have gaps.

import type { Citation } from "./citations.ts";
import type { ContentBlock, ConversationRole, ToolResultContentBlock } from "./content.ts";
import type {
  ContentBlockDelta,
  ContentBlockStart,
  ConverseStreamEvent,
  ConverseStreamMetadataEvent,
  MessageStopEvent,
} from "./converse-events.ts";
import type { ConverseResponse } from "./converse-response.ts";
import { GrowingText } from "./growing-text.ts";
import { isRecord, type JsonValue } from "./json.ts";
import type { ErrorBlock } from "./media.ts";

/** What arrived of one block. It is put together when the block is asked for. */
interface PartialBlock {
  start?: ContentBlockStart;
  isClosed?: boolean;
  text?: GrowingText;
  toolInput?: GrowingText;
  reasoning?: { text: GrowingText; signature?: string };
  redacted?: Uint8Array[];
  citations?: Citation[];
  resultParts?: ToolResultContentBlock[];
  image?: { bytes: Uint8Array[]; source?: object; error?: ErrorBlock };
}

/** Grows with the events; can be asked for the response at any moment. */
export class ResponseBuilder {
  readonly #blocks = new Map<number, PartialBlock>();
  #role: ConversationRole = "assistant";
  #stop: MessageStopEvent | undefined;
  #metadata: ConverseStreamMetadataEvent | undefined;
  #meterings = 0;

  /** Whether the service told what the answer cost; without it the counts are zeros. */
  get metered(): boolean {
    return isMetered(this.#metadata?.usage);
  }

  /** Whether it told so more than once; the last time counts. */
  get isMeteredTwice(): boolean {
    return this.#meterings > 1;
  }

  /** Whether the model has come to its end; only then is an answer complete. */
  get stopped(): boolean {
    return this.#stop !== undefined;
  }

  /**
   * Takes the next event. Events it does not know change nothing; throws `TypeError` for one that
   * lacks what makes it what it is.
   */
  add(event: ConverseStreamEvent): void {
    if (event.contentBlockDelta !== undefined) {
      const { contentBlockIndex, delta } = event.contentBlockDelta;
      addDelta(this.#block(contentBlockIndex), delta);
    } else if (event.contentBlockStart !== undefined) {
      const { contentBlockIndex, start } = event.contentBlockStart;
      this.#block(contentBlockIndex).start = start;
    } else if (event.contentBlockStop !== undefined) {
      this.#block(event.contentBlockStop.contentBlockIndex).isClosed = true;
    } else if (event.messageStart !== undefined) {
      this.#role = event.messageStart.role;
    } else if (event.messageStop !== undefined) {
      if (typeof event.messageStop.stopReason !== "string") throw new TypeError("no stop reason");
      this.#stop = event.messageStop;
    } else if (event.metadata !== undefined) {
      this.#metadata = event.metadata;
      this.#meterings += 1;
    }
  }

  /** The response so far. Before the end, `stopReason` is empty and tool input may be a fragment. */
  build(): ConverseResponse {
    const indexes = [...this.#blocks.keys()].sort((one, other) => one - other);
    const content = indexes.flatMap((index) => toContentBlock(this.#block(index)));
    const { usage, metrics, ...rest } = this.#metadata ?? {};
    const fields = this.#stop?.additionalModelResponseFields;
    return {
      ...(rest as Partial<ConverseResponse>),
      output: { message: { role: this.#role, content } },
      stopReason: this.#stop?.stopReason ?? "",
      usage: isRecord(usage) ? usage : { inputTokens: 0, outputTokens: 0, totalTokens: 0 },
      metrics: isRecord(metrics) ? metrics : { latencyMs: 0 },
      ...(fields === undefined ? {} : { additionalModelResponseFields: fields }),
    };
  }

  #block(index: number): PartialBlock {
    if (!Number.isInteger(index)) throw new TypeError("no index");
    let block = this.#blocks.get(index);
    if (block === undefined) {
      block = {};
      this.#blocks.set(index, block);
    }
    return block;
  }
}

function addDelta(block: PartialBlock, delta: ContentBlockDelta): void {
  if (delta.text !== undefined) {
    block.text ??= new GrowingText();
    block.text.add(requireText(delta.text));
  } else if (delta.toolUse !== undefined) {
    block.toolInput ??= new GrowingText();
    block.toolInput.add(requireText(delta.toolUse.input ?? ""));
  } else if (delta.reasoningContent !== undefined) {
    const { text, signature, redactedContent } = delta.reasoningContent;
    if (redactedContent !== undefined) {
      const bytes = requireBytes(redactedContent);
      block.redacted ??= [];
      block.redacted.push(bytes);
      return;
    }
    block.reasoning ??= { text: new GrowingText() };
    block.reasoning.text.add(requireText(text ?? ""));
    if (signature !== undefined) {
      block.reasoning.signature = (block.reasoning.signature ?? "") + requireText(signature);
    }
  } else if (delta.citation !== undefined) {
    block.citations ??= [];
    block.citations.push(delta.citation as Citation);
  } else if (delta.toolResult !== undefined) {
    block.resultParts ??= [];
    for (const part of delta.toolResult) addResultPart(block.resultParts, part);
  } else if (delta.image !== undefined) {
    const { source, error } = delta.image;
    const bytes = source?.bytes === undefined ? undefined : requireBytes(source.bytes);
    block.image ??= { bytes: [] };
    if (bytes !== undefined) block.image.bytes.push(bytes);
    else if (source !== undefined) block.image.source = source;
    if (error !== undefined) block.image.error = error;
  }
}

/** Whether a usage tells what an answer cost. */
export function isMetered(usage: unknown): boolean {
  return isRecord(usage) && typeof usage["inputTokens"] === "number";
}

function requireText(value: unknown): string {
  if (typeof value === "string") return value;
  throw new TypeError("no text");
}

function requireBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new TypeError("no bytes");
}

function addResultPart(parts: ToolResultContentBlock[], part: ToolResultContentBlock): void {
  const last = parts.at(-1);
  if (last?.text !== undefined && part.text !== undefined) {
    parts[parts.length - 1] = { text: last.text + part.text };
  } else {
    parts.push(part);
  }
}

function toContentBlock(block: PartialBlock): ContentBlock[] {
  const { start } = block;
  const text = block.text?.toString() ?? "";
  if (start?.toolUse !== undefined) {
    return [{ toolUse: { ...start.toolUse, input: toToolInput(block) } }];
  }
  if (start?.toolResult !== undefined) {
    return [{ toolResult: { ...start.toolResult, content: block.resultParts ?? [] } }];
  }
  if (block.image !== undefined) return [toImage(block)];
  if (block.redacted !== undefined || block.reasoning !== undefined) return toReasoning(block);
  if (block.citations !== undefined) {
    const content = text === "" ? [] : [{ text }];
    return [{ citationsContent: { content, citations: block.citations } }];
  }
  return text === "" ? [] : [{ text }];
}

function toReasoning({ reasoning, redacted }: PartialBlock): ContentBlock[] {
  const reasoningText = reasoning && { ...reasoning, text: reasoning.text.toString() };
  const readable = reasoningText && [{ reasoningContent: { reasoningText } }];
  const hidden = redacted && [
    { reasoningContent: { redactedContent: new Uint8Array(Buffer.concat(redacted)) } },
  ];
  return [...(readable ?? []), ...(hidden ?? [])];
}

function toImage({ start, image }: PartialBlock): ContentBlock {
  const source = image?.source ?? { bytes: new Uint8Array(Buffer.concat(image?.bytes ?? [])) };
  const error = image?.error === undefined ? {} : { error: image.error };
  const format = start?.image?.format ?? "png";
  return { image: { format, source, ...error } } as ContentBlock;
}

/**
 * A complete input is its JSON value. A fragment, left by `max_tokens` or a broken stream, stays the text
 * it is, also when it is empty or happens to be JSON so far: taking it for whole would make up an argument.
 */
function toToolInput({ toolInput, isClosed = false }: PartialBlock): JsonValue {
  const text = toolInput?.toString() ?? "";
  if (!isClosed) return text;
  if (text === "") return {};
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
