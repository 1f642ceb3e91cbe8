// An object in JSON that is still being written, as far as it has come: complete values as they are,
// strings as far as they go, and nothing of a number, a literal or a name that may still go on. Each
// character is read once.

import { GrowingText } from "../../core/growing-text.ts";
import type { JsonValue } from "../../core/json.ts";
import { GrowingJson } from "./growing-json.ts";

/** What may come next. */
type Expected =
  | "beginning"
  | "value"
  | "firstValue"
  | "name"
  | "firstName"
  | "colon"
  | "separator"
  | "inName"
  | "inText"
  | "inScalar"
  | "nothing";

/** So many characters are copied in one step. */
const CHARACTERS_PER_STEP = 16;
/** So many steps are taken for any change, however small. */
const FREE_STEPS = 512;
/** Beyond that, every new character pays for so many: all views together stay linear in the text. */
const STEPS_PER_CHARACTER = 16;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;

const SCALAR = /[-+.\w]/;
const WHITE_SPACE = /[ \t\r\n]/;
/** These are complete before anything follows them. */
const LITERALS: readonly string[] = ["true", "false", "null"];

/** Grows with the text; can be looked at whenever it has changed. */
export class PartialJson {
  readonly #json = new GrowingJson();
  #expected: Expected = "beginning";
  /** The string, name or scalar that is being written, and how long it is. */
  #text = new GrowingText();
  #textLength = 0;
  /** What has come of an escape, from its backslash on. */
  #escape = "";
  /** Characters since the last view. */
  #growth = 0;
  #hasChanged = false;

  /**
   * Whether there is something new to see. A large object is not shown anew for each character: looking
   * at all of it each time would take time quadratic in its size.
   */
  get isNew(): boolean {
    if (!this.#hasChanged) return false;
    const steps = this.#json.viewCost + this.#textLength / CHARACTERS_PER_STEP;
    return steps <= FREE_STEPS || steps <= this.#growth * STEPS_PER_CHARACTER;
  }

  /**
   * Takes the next piece. What stands before the first brace and after its object is passed over; from
   * what is no JSON on, nothing is read any more.
   */
  add(piece: string): void {
    this.#growth += piece.length;
    let index = 0;
    if (this.#expected === "beginning") {
      index = piece.indexOf("{");
      if (index === -1) return;
    }
    while (index < piece.length && this.#expected !== "nothing") index = this.#read(piece, index);
    // What has come just before the fault is not shown without it.
    if (this.#expected === "nothing" && this.#json.whole === undefined) this.#hasChanged = false;
  }

  /** What is there by now, frozen; undefined before the object begins. */
  view(): JsonValue | undefined {
    this.#hasChanged = false;
    this.#growth = 0;
    const isInText = this.#expected === "inText";
    return this.#json.view(isInText ? withoutHalf(this.#text.toString()) : undefined);
  }

  /** Reads at least one character and returns the index of the next. */
  #read(piece: string, index: number): number {
    switch (this.#expected) {
      case "inText":
      case "inName":
        return this.#readText(piece, index);
      case "inScalar":
        return this.#readScalar(piece, index);
      default:
        this.#readSign(piece[index] ?? "");
        return index + 1;
    }
  }

  #readText(piece: string, from: number): number {
    if (this.#escape !== "") return this.#readEscape(piece, from);
    let to = from;
    let code = piece.charCodeAt(to);
    while (to < piece.length && code !== QUOTE && code !== BACKSLASH && code >= FIRST_PRINTABLE) {
      to += 1;
      code = piece.charCodeAt(to);
    }
    if (to > from) this.#addText(piece.slice(from, to));
    if (to === piece.length) return to;
    if (code === BACKSLASH) this.#escape = "\\";
    else if (code === QUOTE) this.#endText();
    else this.#expected = "nothing";
    return to + 1;
  }

  #readEscape(piece: string, index: number): number {
    this.#escape += piece[index];
    const length = this.#escape[1] === "u" ? 6 : 2;
    if (this.#escape.length === length) {
      const character = parse(`"${this.#escape}"`);
      this.#escape = "";
      if (typeof character === "string") this.#addText(character);
      else this.#expected = "nothing";
    }
    return index + 1;
  }

  #addText(text: string): void {
    this.#text.add(text);
    this.#textLength += text.length;
    if (this.#expected === "inText" && withoutHalf(text) !== "") this.#hasChanged = true;
  }

  #endText(): void {
    const text = this.#takeText();
    if (this.#expected === "inText") this.#complete(text);
    else {
      this.#json.name(text);
      this.#expected = "colon";
    }
  }

  #takeText(): string {
    const text = this.#text.toString();
    this.#text = new GrowingText();
    this.#textLength = 0;
    return text;
  }

  #readScalar(piece: string, from: number): number {
    let to = from;
    while (to < piece.length && SCALAR.test(piece[to] ?? "")) to += 1;
    this.#text.add(piece.slice(from, to));
    const isEnded = to < piece.length;
    if (!isEnded && !LITERALS.includes(this.#text.toString())) return to;
    const value = parse(this.#takeText());
    if (value === undefined) this.#expected = "nothing";
    else {
      this.#hasChanged = true;
      this.#complete(value);
    }
    return to;
  }

  /** Everything that is one character long, and the beginning of everything else. */
  #readSign(sign: string): void {
    if (WHITE_SPACE.test(sign)) return;
    const { isInList } = this.#json;
    switch (this.#expected) {
      case "firstValue":
        if (sign === "]") this.#end();
        else this.#beginValue(sign);
        break;
      case "firstName":
        if (sign === "}") this.#end();
        else this.#expected = sign === '"' ? "inName" : "nothing";
        break;
      case "name":
        this.#expected = sign === '"' ? "inName" : "nothing";
        break;
      case "colon":
        this.#expected = sign === ":" ? "value" : "nothing";
        break;
      case "separator":
        if (sign === (isInList ? "]" : "}")) this.#end();
        else if (sign === ",") this.#expected = isInList ? "value" : "name";
        else this.#expected = "nothing";
        break;
      default:
        this.#beginValue(sign);
    }
  }

  #beginValue(sign: string): void {
    this.#expected = "nothing";
    if (sign === "{") this.#begin({});
    else if (sign === "[") this.#begin([]);
    else if (sign === '"') {
      this.#expected = "inText";
      this.#hasChanged = true;
    } else if (SCALAR.test(sign)) {
      this.#expected = "inScalar";
      this.#text.add(sign);
    }
  }

  #begin(value: [] | Record<string, never>): void {
    if (!this.#json.begin(value)) return;
    this.#expected = Array.isArray(value) ? "firstValue" : "firstName";
    this.#hasChanged = true;
  }

  #end(): void {
    this.#json.end();
    this.#expected = this.#json.whole === undefined ? "separator" : "nothing";
  }

  #complete(value: JsonValue): void {
    this.#json.put(value);
    this.#expected = "separator";
  }
}

/** Half of a character is none yet. */
function withoutHalf(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last < 0xdc00 ? text.slice(0, -1) : text;
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
