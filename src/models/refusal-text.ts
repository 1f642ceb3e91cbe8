// The wording of a refusal, as far as it is the service's own. Whatever stands in quotes and reads like
// a sentence was most likely sent by the caller; names in quotes are what the refusal is about.

import { isRecord } from "../core/json.ts";

/** Refusals say what they have to say at the beginning. */
const MAX_READ = 2000;

/** Longer ones are no error of a model in JSON. */
const MAX_WRAPPED = 20_000;

/** JSON within JSON, as deep as it has been seen. */
const MAX_WRAPPINGS = 3;

/** No refusal names as many things, and each is looked for in everything that was sent. */
const MAX_LOOKED_FOR = 8;

/** Stands where a quotation stood, and is part of no wording. */
const REMOVED = " … ";

const CLOSING: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["`", "`"],
  ["'", "'"],
  ["“", "”"],
  ["‘", "’"],
]);

/**
 * What a refusal says, without sentences that it quotes, and without what varies between refusals:
 * quotes, contractions, white space. `doesn't support "x"` is `does not support x`.
 */
export function readRefusal(message: string): string {
  return withoutQuotations(unwrap(message).slice(0, MAX_READ))
    .replace(/\b(do|does|is|are)n['’]t\b/gi, "$1 not")
    .replace(/\bcan['’]t\b/gi, "cannot")
    .replace(/[\\`"“”'‘’]/g, "")
    .replace(/\s+/g, " ");
}

/**
 * Whether a text also occurs in what was sent, and so may be an echo of it. Case, white space, quotes,
 * other punctuation and the escapes of JSON make no difference. What was sent is read when first
 * asked; after a few texts it is asked no more, and every further one counts as an echo.
 */
export function createEchoCheck(sent: string | undefined): (text: string) => boolean {
  let known: string | undefined;
  let lookedFor = 0;
  return (text) => {
    if (sent === undefined) return false;
    lookedFor += 1;
    if (lookedFor > MAX_LOOKED_FOR) return true;
    known ??= lettersOf(sent);
    return known.includes(lettersOf(text));
  };
}

/** Each step is linear: what was sent may be many megabytes long. */
function lettersOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/can['’]t/g, "cannot")
    .replace(/n['’]t/g, "not")
    .replace(/\\+(?:u[\da-f]{4}|[nrtbf])?|[^a-z\d\\]+/g, "");
}

/** Some models answer errors as JSON, which Bedrock passes on as text. */
function unwrap(message: string): string {
  let text = message;
  for (let wrappings = 0; wrappings < MAX_WRAPPINGS && text.length <= MAX_WRAPPED; wrappings++) {
    const inner = messageIn(text);
    if (inner === undefined) break;
    text = inner;
  }
  return text;
}

function messageIn(text: string): string | undefined {
  const start = /^(?:[\w ]{0,80}errors?: ?)?(?=\{)/i.exec(text)?.[0].length;
  if (start === undefined) return undefined;
  const json = text.slice(start, text.lastIndexOf("}") + 1);
  let value = parse(json) ?? parse(`"${json}"`);
  if (typeof value === "string") value = parse(value);
  if (!isRecord(value)) return undefined;
  const { error, message } = value;
  const inner = isRecord(error) ? error["message"] : message;
  return typeof inner === "string" ? inner : undefined;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** A quotation that never ends was cut off: it reaches to the end. */
function withoutQuotations(text: string): string {
  let kept = "";
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const closing = CLOSING.get(text.charAt(at));
    if (closing === undefined) continue;
    if (isApostrophe(closing) && isWord(text.charAt(at - 1))) continue;
    const end = endOfQuotation(text, at, closing);
    if (/\s/.test(text.slice(at + 1, end).trim())) {
      kept += text.slice(from, at) + REMOVED;
      from = end + 1;
    }
    at = end;
  }
  return kept + text.slice(from);
}

function endOfQuotation(text: string, start: number, closing: string): number {
  const depth = backslashesBefore(text, start);
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] !== closing || backslashesBefore(text, at) !== depth) continue;
    if (!isApostrophe(closing) || !isWord(text.charAt(at + 1))) return at;
  }
  return text.length;
}

function backslashesBefore(text: string, at: number): number {
  let first = at;
  while (first > 0 && text[first - 1] === "\\") first--;
  return at - first;
}

/** Beside a letter these are part of a word, such as `model's`. */
function isApostrophe(closing: string): boolean {
  return closing === "'" || closing === "’";
}

function isWord(character: string): boolean {
  return /^\w$/.test(character);
}
