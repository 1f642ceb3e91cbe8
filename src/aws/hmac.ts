// HMAC-SHA-256 of short texts under a key that stays: two one-shot hashes, for an object of
// `node:crypto`'s is dear to make and is made for each text. https://www.rfc-editor.org/rfc/rfc2104

import { hash } from "node:crypto";

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

/** Authenticates texts under one key of at most 64 bytes. */
export class HmacSha256 {
  readonly #inner: Buffer;
  readonly #outer: Buffer;

  /** Copies the key. Throws `RangeError` on a longer one. */
  constructor(key: Uint8Array) {
    if (key.length > BLOCK_BYTES) throw new RangeError(`A key has at most ${BLOCK_BYTES} bytes.`);
    this.#inner = Buffer.alloc(BLOCK_BYTES, INNER_PAD);
    this.#outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES, OUTER_PAD);
    for (const [index, byte] of key.entries()) {
      this.#inner[index] = byte ^ INNER_PAD;
      this.#outer[index] = byte ^ OUTER_PAD;
    }
  }

  /** The code of a text, as UTF-8, in lower-case hexadecimal digits. */
  sign(text: string): string {
    const inner = hash("sha256", Buffer.concat([this.#inner, Buffer.from(text)]), "binary");
    this.#outer.write(inner, BLOCK_BYTES, "latin1");
    return hash("sha256", this.#outer, "hex");
  }
}
