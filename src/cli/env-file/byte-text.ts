// Bytes as text and back without loss. A file that is almost UTF-8 can be read and edited as text
// while its bad bytes survive: each becomes a lone surrogate, which well-formed text never holds (the
// way of Python's "surrogateescape", https://peps.python.org/pep-0383/).

const ESCAPE_BASE = 0xdc00;

/** The well-formed sequences of more than one byte, https://www.rfc-editor.org/rfc/rfc3629#section-4. */
const SEQUENCES = [
  /[\xc2-\xdf][\x80-\xbf]/,
  /\xe0[\xa0-\xbf][\x80-\xbf]/,
  /\xed[\x80-\x9f][\x80-\xbf]/,
  /[\xe1-\xec\xee\xef][\x80-\xbf]{2}/,
  /\xf0[\x90-\xbf][\x80-\xbf]{2}/,
  /[\xf1-\xf3][\x80-\xbf]{3}/,
  /\xf4[\x80-\x8f][\x80-\xbf]{2}/,
];

const RUN_OR_BAD_BYTE = new RegExp(
  `((?:${SEQUENCES.map((sequence) => sequence.source).join("|")})+)|[\\x80-\\xff]`,
  "g",
);

/** Any bytes as text; a byte order mark stays, as U+FEFF. `encodeText` gives the same bytes back. */
export function decodeBytes(bytes: Uint8Array): string {
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  return latin1.replace(RUN_OR_BAD_BYTE, (match, run: string | undefined) =>
    run === undefined
      ? String.fromCharCode(ESCAPE_BASE + match.charCodeAt(0))
      : Buffer.from(run, "latin1").toString("utf8"),
  );
}

/** The bytes of a text that came from `decodeBytes`, or of any well-formed text. */
export function encodeText(text: string): Uint8Array {
  const parts = text.split(/([\udc80-\udcff])/u);
  return Buffer.concat(
    parts.map((part, index) =>
      index % 2 === 1 ? Buffer.of(part.charCodeAt(0) - ESCAPE_BASE) : Buffer.from(part, "utf8"),
    ),
  );
}
