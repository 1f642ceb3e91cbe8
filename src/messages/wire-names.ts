// Tool names and ids as the wire takes them, and the way back. A name that has to change becomes the
// same name everywhere: in the tools, in the choice, in the history, in this call and in the next, so
// that a cached prompt stays the same. It depends on nothing but the name and the model.

import { createHash } from "node:crypto";
import type { ModelTraits } from "../models/model-traits.ts";

const MAX_LENGTH = 64;
const DIGEST_LENGTH = 8;
const NINE = 9;

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** What may not stand in a tool name or an id, by the service model or by the model behind it. */
const NOT_IN_NAMES = /[^a-zA-Z0-9_-]/g;
const NOT_IN_NAMES_WITHOUT_HYPHEN = /[^a-zA-Z0-9_]/g;
const NOT_IN_IDS = /[^a-zA-Z0-9_.:-]/g;

/** The names and ids of one request, in both directions. Made for one model, used for one request. */
export class WireNames {
  readonly #traits: ModelTraits;
  /** From the wire to what the caller wrote; holds only what differs. */
  readonly #givenNames = new Map<string, string>();
  readonly #givenIds = new Map<string, string>();

  constructor(traits: ModelTraits) {
    this.#traits = traits;
  }

  /** Whether anything has to be turned back in an answer. */
  get isNeeded(): boolean {
    return this.#givenNames.size > 0 || this.#givenIds.size > 0;
  }

  /** A tool name as it is sent; the same for the same name. Two names stay two. */
  toolName(given: string): string {
    const refused =
      this.#traits.hyphensInToolNames === false ? NOT_IN_NAMES_WITHOUT_HYPHEN : NOT_IN_NAMES;
    const name = withDigest(given, refused);
    if (name !== given) this.#givenNames.set(name, given);
    return name;
  }

  /** The id of a call as it is sent; the same for the same id. */
  toolUseId(given: string): string {
    const id = this.#toId(given);
    if (id !== given) this.#givenIds.set(id, given);
    return id;
  }

  #toId(given: string): string {
    if (this.#traits.toolUseIds === "nine") {
      return /^[a-zA-Z0-9]{9}$/.test(given) ? given : nineOf(given);
    }
    return withDigest(given, this.#traits.toolUseIds === "word" ? NOT_IN_NAMES : NOT_IN_IDS);
  }

  /** The name the caller knows a tool by; a name the model made up is left as it is. */
  givenToolName(name: string): string {
    return this.#givenNames.get(name) ?? name;
  }

  givenToolUseId(id: string): string {
    return this.#givenIds.get(id) ?? id;
  }
}

/** Replaces what is refused and cuts what is too long; a digest keeps the results apart. */
function withDigest(given: string, refused: RegExp): string {
  const legal = given.replace(refused, "_");
  if (legal === given && given.length <= MAX_LENGTH && given !== "") return given;
  const digest = digestOf(given).toString("hex").slice(0, DIGEST_LENGTH);
  return `${legal.slice(0, MAX_LENGTH - DIGEST_LENGTH - 1)}_${digest}`;
}

function nineOf(given: string): string {
  const digest = digestOf(given);
  let id = "";
  for (let index = 0; index < NINE; index++) {
    id += ALPHABET[(digest[index] ?? 0) % ALPHABET.length];
  }
  return id;
}

/** As UTF-8 all lone surrogates are one character, and two names would become one. */
function digestOf(given: string): Buffer {
  return createHash("sha256")
    .update(given, given.isWellFormed() ? "utf8" : "utf16le")
    .digest();
}
