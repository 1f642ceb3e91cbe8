// Pasted text in a line editor. A terminal marks a paste with two control sequences ("bracketed
// paste"); a paste of several lines becomes a label that can stand in one line, so that its line ends
// submit nothing, and is put back when the line is submitted.

/** Written to a terminal, makes it mark what is pasted. */
export const MARK_PASTES = "\x1b[?2004h";

/** Written to a terminal, ends that. */
export const LEAVE_PASTES = "\x1b[?2004l";

const BEGIN = "\x1b[200~";
const END = "\x1b[201~";

// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for.
const CONTROLS = /[\0-\x08\x0b-\x1f\x7f]/g;

/** Turns what a terminal sends into what a line editor should see. Keeps the pastes of its lifetime. */
export class PasteBuffer {
  readonly #texts = new Map<string, string>();
  /** The paste that is coming in, while one is. */
  #paste: string | undefined;
  /** The end of the last chunk, when it may be the beginning of a mark. */
  #rest = "";

  /** The keys for the editor, with a label or a single line for each paste that is complete. */
  accept(chunk: string): string {
    let text = this.#rest + chunk;
    let keys = "";
    for (;;) {
      const mark: string = this.#paste === undefined ? BEGIN : END;
      const position = text.indexOf(mark);
      if (position === -1) break;
      keys += this.#take(text.slice(0, position));
      text = text.slice(position + mark.length);
      if (this.#paste === undefined) {
        this.#paste = "";
      } else {
        keys += this.#keep(this.#paste);
        this.#paste = undefined;
      }
    }
    const length = lengthOfBegunMark(text, this.#paste === undefined ? BEGIN : END);
    this.#rest = text.slice(text.length - length);
    return keys + this.#take(text.slice(0, text.length - length));
  }

  /** A submitted line with its labels replaced by what was pasted. */
  expand(line: string): string {
    let text = line;
    for (const [label, pasted] of this.#texts) text = text.replaceAll(label, () => pasted);
    return text;
  }

  /** Adds to the paste that is coming in, or passes the keys on. */
  #take(text: string): string {
    if (this.#paste === undefined) return text;
    this.#paste += text;
    return "";
  }

  #keep(paste: string): string {
    const text = paste.replace(/\r\n?/g, "\n").replace(CONTROLS, "").replace(/\n+$/, "");
    if (!text.includes("\n")) return text;
    const label = `[paste ${this.#texts.size + 1}: ${text.split("\n").length} lines]`;
    this.#texts.set(label, text);
    return label;
  }
}

function lengthOfBegunMark(text: string, mark: string): number {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return 0;
}
