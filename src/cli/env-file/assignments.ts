// Where the assignments of an `.env` text stand, by the grammar of the `dotenv` package: its regular
// expression is its only specification, so it is the one used here. Surprises included: a quoted value
// may begin on the line after the `=`, and `KEY:` takes the whole next line.

/** One `KEY=value` or `KEY: value`; offsets are UTF-16 units in the text that was read. */
export interface Assignment {
  readonly key: string;
  /** What `dotenv.parse` makes of it: without quotes, escapes read, line ends as `\n`. */
  readonly value: string;
  /** Where the value begins, its quote included; for an empty one, where it would be written. */
  readonly start: number;
  /** Behind the value, its quote included; trailing blanks and comments are not part of it. */
  readonly end: number;
  readonly quote: Quote;
}

/** The quotes around a value, `""` for none. */
export type Quote = "" | "'" | '"' | "`";

// https://github.com/motdotla/dotenv, `LINE` in lib/main.js.
const ASSIGNMENT = new RegExp(
  [
    /^\s*(?:export\s+)?(?<key>[\w.-]+)(?:\s*=\s*?|:\s+?)/,
    /(?<raw>\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?/,
    /\s*(?:#.*)?$/,
  ]
    .map((part) => part.source)
    .join(""),
  "dgm",
);

/** Every assignment in order, duplicates included. A key inside a comment or a value is none. */
export function assignmentsOf(text: string): Assignment[] {
  // dotenv turns all line ends into `\n` before it looks, and that decides some matches.
  const normalized = text.replace(/\r\n?/g, "\n");
  const offsets = originalOffsets(text);
  const offsetOf = (index: number): number => offsets[index] ?? text.length;
  return [...normalized.matchAll(ASSIGNMENT)].map((match) => {
    const { key = "", raw = "" } = match.groups ?? {};
    const [rawStart, rawEnd] = match.indices?.groups?.["raw"] ?? insertionPoint(match);
    const written = raw.trim();
    const start = written === "" ? rawStart : rawEnd - raw.trimStart().length;
    return {
      key,
      value: valueIn(written),
      start: offsetOf(start),
      end: offsetOf(start + written.length),
      quote: quoteAround(written),
    };
  });
}

/** The original offset of each unit of the normalized text: of the `\r` where it was `\r\n`. */
function originalOffsets(text: string): number[] {
  const offsets: number[] = [];
  for (let index = 0; index < text.length; index++) {
    if (text[index] !== "\n" || text[index - 1] !== "\r") offsets.push(index);
  }
  return offsets;
}

/** Right behind the `=` or the blank after `:`, for a match without any value. */
function insertionPoint(match: RegExpExecArray): [number, number] {
  const sign = /^\s*(?:export\s+)?[\w.-]+(?:\s*=|:\s)/.exec(match[0]);
  const index = match.index + (sign?.[0].length ?? 0);
  return [index, index];
}

function valueIn(written: string): string {
  const bare = written.replace(/^(['"`])([\s\S]*)\1$/gm, "$2");
  if (!written.startsWith('"')) return bare;
  return bare.replace(/\\n/g, "\n").replace(/\\r/g, "\r");
}

function quoteAround(written: string): Quote {
  const quote = /^(['"`])[\s\S]*\1$/.exec(written)?.[1];
  return (quote ?? "") as Quote;
}
