// Tool names and ids as the wire takes them, and the way back. A name that has to change becomes the
// same name everywhere: in the tools, in the choice, in the history, in this call and in the next, so
// that a cached prompt stays the same. It depends on nothing but the name and the model, unless
// another name of the request is, by design or by accident, the very one it would become.

import { createHash } from "node:crypto";
import type { ModelTraits } from "../models/model-traits.ts";

const MAX_LENGTH = 64;
/** A longer one tells names apart of which one looks like the outcome of another. */
const DIGEST_LENGTH = 8;
const LONG_DIGEST_LENGTH = 16;
const NINE = 9;

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** What may not stand in a tool name or an id, by the service model or by the model behind it. */
const NOT_IN_NAMES = /[^a-zA-Z0-9_-]/g;
const NOT_IN_NAMES_WITHOUT_HYPHEN = /[^a-zA-Z0-9_]/g;
const NOT_IN_IDS = /[^a-zA-Z0-9_.:-]/g;

/** A legal form of a given text: the text itself where it is legal, unless `round` is above 0. */
type ToLegal = (given: string, round: number) => string;

/** The names and ids of one request, in both directions. Made for one model, used for one request. */
export class WireNames {
  readonly #traits: ModelTraits;
  /** Made when first asked for: most requests name no tool. */
  #names: Renames | undefined;
  #ids: Renames | undefined;

  constructor(traits: ModelTraits) {
    this.#traits = traits;
  }

  /** Whether anything has to be turned back in an answer. */
  get isNeeded(): boolean {
    return this.#names?.isNeeded === true || this.#ids?.isNeeded === true;
  }

  /**
   * Says which tools the request declares, before any name is asked for: those with a legal name are
   * sent under it, and a name in the history that is what another is sent under means that tool.
   */
  declare(names: readonly string[]): void {
    if (names.length > 0) this.#toolNames().declare(names);
  }

  /** A tool name as it is sent; the same for the same name. Two names stay two. */
  toolName(given: string): string {
    return this.#toolNames().toWire(given);
  }

  /** The rule for which a tool name cannot be sent as it is given. */
  ruleOfToolName(given: string): string {
    if (!/^[a-zA-Z0-9_-]*$/.test(given)) return "text-pattern";
    if (given.length > MAX_LENGTH) return "text-length";
    const isRefused = this.#traits.hyphensInToolNames === false && given.includes("-");
    // Another name of the request is sent under this one.
    return isRefused ? "tool-name-hyphen" : "tool-names-duplicate";
  }

  /** The id of a call as it is sent; the same for the same id. Two ids stay two. */
  toolUseId(given: string): string {
    return this.#toolUseIds().toWire(given);
  }

  /** The name the caller knows a tool by; a name the model made up is left as it is. */
  givenToolName(name: string): string {
    return this.#names?.toGiven(name) ?? name;
  }

  givenToolUseId(id: string): string {
    return this.#ids?.toGiven(id) ?? id;
  }

  #toolNames(): Renames {
    const { hyphensInToolNames } = this.#traits;
    const refused = hyphensInToolNames === false ? NOT_IN_NAMES_WITHOUT_HYPHEN : NOT_IN_NAMES;
    this.#names ??= new Renames((given, round) => withDigest(given, refused, round));
    return this.#names;
  }

  #toolUseIds(): Renames {
    const { toolUseIds } = this.#traits;
    const refused = toolUseIds === "word" ? NOT_IN_NAMES : NOT_IN_IDS;
    this.#ids ??= new Renames(
      toolUseIds === "nine" ? toNine : (given, round) => withDigest(given, refused, round),
    );
    return this.#ids;
  }
}

/** One namespace: each form on the wire belongs to the first that was given it. */
class Renames {
  readonly #toLegal: ToLegal;
  /** From the wire to what the caller wrote. */
  readonly #owners = new Map<string, string>();
  /** From what the caller wrote to the wire; holds only what differs. */
  readonly #renamed = new Map<string, string>();
  /** What is on the wire for names that were declared and are sent under another one. */
  readonly #declaredForms = new Set<string>();

  constructor(toLegal: ToLegal) {
    this.#toLegal = toLegal;
  }

  get isNeeded(): boolean {
    return this.#renamed.size > 0;
  }

  declare(names: readonly string[]): void {
    for (const name of names) {
      if (this.#toLegal(name, 0) === name) this.#owners.set(name, name);
    }
    for (const name of names) {
      const form = this.toWire(name);
      if (form !== name) this.#declaredForms.add(form);
    }
  }

  toWire(given: string): string {
    // A history that was kept as it was sent speaks of the tool by this very form.
    if (this.#owners.get(given) === given || this.#declaredForms.has(given)) return given;
    const known = this.#renamed.get(given);
    if (known !== undefined) return known;
    let round = 0;
    let name = this.#toLegal(given, round);
    while (this.#owners.has(name)) {
      round += 1;
      name = this.#toLegal(given, round);
    }
    this.#owners.set(name, given);
    if (name !== given) this.#renamed.set(given, name);
    return name;
  }

  toGiven(name: string): string {
    return this.#owners.get(name) ?? name;
  }
}

/** Replaces what is refused and cuts what is too long; a digest keeps the results apart. */
function withDigest(given: string, refused: RegExp, round: number): string {
  const legal = given.replace(refused, "_");
  const isLegal = legal === given && given.length <= MAX_LENGTH && given !== "";
  if (isLegal && round === 0) return given;
  const length = round === 0 ? DIGEST_LENGTH : LONG_DIGEST_LENGTH;
  const digest = digestOf(given, round).toString("hex").slice(0, length);
  return `${legal.slice(0, MAX_LENGTH - length - 1)}_${digest}`;
}

function toNine(given: string, round: number): string {
  if (round === 0 && /^[a-zA-Z0-9]{9}$/.test(given)) return given;
  const digest = digestOf(given, round);
  let id = "";
  for (let index = 0; index < NINE; index++) {
    id += ALPHABET[(digest[index] ?? 0) % ALPHABET.length];
  }
  return id;
}

/** As UTF-8 all lone surrogates are one character, and two names would become one. */
function digestOf(given: string, round: number): Buffer {
  const hash = createHash("sha256").update(given, given.isWellFormed() ? "utf8" : "utf16le");
  // The first two are those of the text itself, for the longer one begins with the shorter one.
  if (round > 1) hash.update(`\n${round}`);
  return hash.digest();
}
