// Takes the caller's words out of what the service says of them. Services quote what they refuse, and
// an error is printed, logged and sent to places where a prompt must not be.

import { isRecord } from "../core/json.ts";

/** A text as short as this is a word of the language, not somebody's. */
const MIN_TEXT_LENGTH = 8;

/** As much of a longer text, word for word, is a quotation. */
const MIN_QUOTATION_LENGTH = 24;

/** Any quotation holds a piece of this length that begins at a multiple of it in the text quoted. */
const PIECE_LENGTH = MIN_QUOTATION_LENGTH / 2;

const HIDDEN = "[prompt]";

/** Nobody reads more of what went wrong, and a hostile text must not cost much. */
const MAX_MESSAGE_LENGTH = 4000;

/** Members that name things or hold bytes; what a service says of them is what it has to say. */
const NOT_PROMPT: ReadonlySet<string> = new Set([
  "role",
  "name",
  "toolUseId",
  "type",
  "format",
  "status",
  "bytes",
  "uri",
  "ttl",
  "signature",
]);

/** A request as small as this is kept as long as its stream is open, to know its words again. */
const MAX_KEPT_BYTES = 4096;

/** What stands in quotation marks, apostrophes not among them. */
const QUOTATION = /(?<!\w)(["'`])(?:(?!\1(?!\w)).)+\1(?!\w)|“[^”]*”|‘[^’]*’/gs;

/** As much is told of a text that cannot be held against the request any more. */
const MAX_UNKNOWN_LENGTH = 200;

/** The text of a throttle is known, and comes by the thousand. */
const KNOWN = /^Too many (tokens|requests)[\w ,.]{0,80}$/;

/** Members whose content is data of the caller's, whatever its parts are called. */
const DATA: ReadonlySet<string> = new Set(["input", "json"]);

/** Hides the words of one request. */
export class PromptHider {
  #body: string | Buffer | undefined;

  /** `body` as it is sent. */
  constructor(body: string | Buffer) {
    this.#body = body;
  }

  /** The message without quotations from the request; once that is let go, without any quotations. */
  hide(message: string): string {
    return this.#body === undefined ? withoutQuotations(message) : hidePrompt(message, this.#body);
  }

  /** Lets go of the request, if it is large. */
  release(): void {
    if (this.#body !== undefined && this.#body.length > MAX_KEPT_BYTES) this.#body = undefined;
  }
}

/** Leaves out what stands in quotation marks, whosever it is, and all but the beginning. */
function withoutQuotations(message: string): string {
  const shown = message.slice(0, MAX_MESSAGE_LENGTH).replace(QUOTATION, "[quotation]");
  return shown.slice(0, MAX_UNKNOWN_LENGTH);
}

/** Returns `message`, cut to a bound, with every quotation from the texts of `body` replaced. */
export function hidePrompt(message: string, body: string | Buffer): string {
  if (message.length < MIN_TEXT_LENGTH || KNOWN.test(message)) return message;
  let shown = message.slice(0, MAX_MESSAGE_LENGTH);
  const texts = promptTexts(body);
  const longTexts = [...texts].filter((text) => text.length >= MIN_QUOTATION_LENGTH);
  shown = hideQuotations(shown, longTexts);
  for (const text of texts) {
    if (text.length >= MIN_TEXT_LENGTH) shown = shown.replaceAll(text, HIDDEN);
  }
  return shown;
}

/** Replaces what the message has in common with a text, if that is as long as a quotation. */
function hideQuotations(message: string, texts: readonly string[]): string {
  const pieces = substringsOf(message, PIECE_LENGTH);
  const candidates = substringsOf(message, MIN_QUOTATION_LENGTH);
  const quotations = new Set<string>();
  for (const text of texts) {
    for (let at = 0; at + PIECE_LENGTH <= text.length; at += PIECE_LENGTH) {
      if (!pieces.has(text.slice(at, at + PIECE_LENGTH))) continue;
      for (let from = Math.max(0, at - PIECE_LENGTH); from <= at; from++) {
        const candidate = text.slice(from, from + MIN_QUOTATION_LENGTH);
        if (candidates.has(candidate)) quotations.add(candidate);
      }
    }
  }
  return quotations.size === 0 ? message : replaceRuns(message, quotations);
}

function substringsOf(text: string, length: number): Set<string> {
  const substrings = new Set<string>();
  for (let at = 0; at + length <= text.length; at++) substrings.add(text.slice(at, at + length));
  return substrings;
}

/** Replaces each stretch of a message that overlapping quotations cover. */
function replaceRuns(message: string, quotations: ReadonlySet<string>): string {
  let shown = "";
  let shownTo = 0;
  let hiddenTo = 0;
  for (let at = 0; at + MIN_QUOTATION_LENGTH <= message.length; at++) {
    if (!quotations.has(message.slice(at, at + MIN_QUOTATION_LENGTH))) continue;
    if (at > hiddenTo || hiddenTo === 0) {
      shown += message.slice(shownTo, at) + HIDDEN;
    }
    hiddenTo = at + MIN_QUOTATION_LENGTH;
    shownTo = hiddenTo;
  }
  return shown + message.slice(shownTo);
}

function promptTexts(body: string | Buffer): Set<string> {
  const texts = new Set<string>();
  try {
    const request: unknown = JSON.parse(body.toString());
    if (!isRecord(request)) return texts;
    const { messages, system, promptVariables } = isRecord(request["input"])
      ? countedRequest(request)
      : request;
    collect([messages, system, promptVariables], texts);
    for (const text of [...texts]) texts.add(JSON.stringify(text).slice(1, -1));
  } catch {
    // A body that is no JSON was not made here.
  }
  return texts;
}

/** A request to count tokens holds the request that is counted. */
function countedRequest({ input }: Record<string, unknown>): Record<string, unknown> {
  const converse = isRecord(input) ? input["converse"] : undefined;
  return isRecord(converse) ? converse : {};
}

function collect(value: unknown, texts: Set<string>, isData = false): void {
  if (typeof value === "string") {
    texts.add(value);
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, texts, isData);
  } else if (isRecord(value)) {
    for (const [name, member] of Object.entries(value)) {
      if (isData || !NOT_PROMPT.has(name)) collect(member, texts, isData || DATA.has(name));
    }
  }
}
