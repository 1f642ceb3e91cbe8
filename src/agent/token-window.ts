// A policy for `prepareTurn`: when the conversation grows beyond a window, its oldest part goes, at a place
// where it may be cut. It cuts deep and seldom, for every cut makes the service read the prompt anew.

import type { ContentBlock, Message } from "../core/content.ts";
import type { TokenUsage } from "../core/converse-response.ts";
import { assertKnownOptions, kindOf, readNumber } from "../core/options.ts";
import type { PrepareTurn } from "./hooks.ts";

/** How a history is kept within a window. */
export interface TokenWindowOptions {
  /** Tokens of history beyond which it is cut. Leave room for the answer, the tools and the instructions. */
  readonly maxTokens: number;
  /** Tokens that are left by a cut. @default half of `maxTokens` */
  readonly keepTokens?: number | undefined;
  /**
   * Says in short what goes, such as by asking a model; it then stands where it was. Without it only a
   * note does.
   */
  readonly summarize?:
    | ((messages: readonly Message[], options: { signal: AbortSignal }) => string | Promise<string>)
    | undefined;
}

/** English prose has about four characters a token; code and other languages have fewer. */
const CHARACTERS_PER_TOKEN = 3;

/** As Claude counts an image of ordinary size. */
const MEDIA_TOKENS = 1_600;

const NAMES = ["maxTokens", "keepTokens", "summarize"] as const;
const WHERE = "tokenWindow";

/**
 * Keeps the first message, which says what it is all about, and as many of the last turns as fit into
 * `keepTokens`; calls stay with their results. How large a history is, is taken from the last answer's
 * usage where it tells more than an estimate. Throws `TypeError` for wrong options.
 */
export function tokenWindow(options: TokenWindowOptions): PrepareTurn {
  assertKnownOptions(options, NAMES, WHERE);
  const { summarize } = options as TokenWindowOptions;
  const maxTokens = readNumber(options["maxTokens"], `${WHERE}: maxTokens`, { min: 1 });
  if (maxTokens === undefined) throw new TypeError(`${WHERE}: maxTokens is missing.`);
  const keepTokens =
    readNumber(options["keepTokens"], `${WHERE}: keepTokens`, { min: 0, max: maxTokens }) ??
    maxTokens / 2;
  if (summarize !== undefined && typeof summarize !== "function") {
    throw new TypeError(`${WHERE}: summarize must be a function; got ${kindOf(summarize)}.`);
  }
  return async ({ messages, lastUsage, signal }) => {
    const sizes = messages.map(estimateTokens);
    const estimated = sizes.reduce((sum, size) => sum + size, 0);
    const size = Math.max(estimated, promptTokensOf(lastUsage));
    if (size <= maxTokens) return undefined;
    // Where the estimate is too low, it is so for each message.
    const scale = estimated === 0 ? 1 : size / estimated;
    const end = findCut(messages, sizes, keepTokens / scale);
    const [first, ...rest] = messages;
    if (end <= 1 || first === undefined) return undefined;
    const gone = rest.slice(0, end - 1);
    const summary = await summarize?.([...notesOf(first), ...gone], { signal });
    return [withNote(first, toNote(summary)), ...messages.slice(end)];
  };
}

/**
 * Where the part that is kept begins: the earliest place at which it fits, or the latest there is. Before
 * an assistant message nothing waits for an answer, and the first message is a user's.
 */
function findCut(
  messages: readonly Message[],
  sizes: readonly number[],
  keepTokens: number,
): number {
  let kept = 0;
  let cut = 0;
  for (let index = messages.length - 1; index > 0; index--) {
    kept += sizes[index] ?? 0;
    if (kept > keepTokens && cut > 0) break;
    if (messages[index]?.role === "assistant") cut = index;
  }
  return cut;
}

function withNote(first: Message, note: string): Message {
  const content = first.content.filter((block) => !isNote(block));
  return { ...first, content: [...content, { text: note }] };
}

/** What an earlier cut left in place of messages: it has to be said again. */
function notesOf({ role, content }: Message): Message[] {
  const notes = content.filter(isNote);
  return notes.length === 0 ? [] : [{ role, content: notes }];
}

const NOTE = "[Earlier messages were left out here.";

function isNote({ text }: ContentBlock): boolean {
  return text?.startsWith(NOTE) === true;
}

function toNote(summary: string | undefined): string {
  const about = summary === undefined || summary.trim() === "" ? "" : ` What they said: ${summary}`;
  return `${NOTE}${about}]`;
}

/** What the last prompt and its answer came to, cached tokens included. */
function promptTokensOf(usage: TokenUsage | undefined): number {
  if (usage === undefined) return 0;
  const { inputTokens, outputTokens, cacheReadInputTokens = 0, cacheWriteInputTokens = 0 } = usage;
  return inputTokens + outputTokens + cacheReadInputTokens + cacheWriteInputTokens;
}

function estimateTokens({ content }: Message): number {
  let tokens = 0;
  for (const block of content) tokens += estimateBlock(block);
  return tokens;
}

function estimateBlock(block: ContentBlock): number {
  let media = 0;
  const text = JSON.stringify(block, (_name, value: unknown) => {
    if (!(value instanceof Uint8Array)) return value;
    media += 1;
    return undefined;
  });
  return media * MEDIA_TOKENS + text.length / CHARACTERS_PER_TOKEN;
}
