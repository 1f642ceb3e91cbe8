// Where the blocks of a normalised history stood in the messages the caller passed: whoever is told
// that something is changed or wrong looks for it there.

import type { ContentBlock, Message } from "../core/content.ts";

/** More blocks than any message has; the product of both counts is still a safe integer. */
const MAX_BLOCKS = 2 ** 26;

const BLOCK_PATH = /^messages\.(\d+)(?:\.content(?:\.(\d+)(.*))?)?/s;

/** The places of one history. */
export class BlockPlaces {
  /** Message and block as one number: most places are never asked for. */
  readonly #places = new Map<ContentBlock, number>();

  has(block: ContentBlock): boolean {
    return this.#places.has(block);
  }

  set(block: ContentBlock, message: number, index: number): void {
    this.#places.set(block, message * MAX_BLOCKS + index);
  }

  /** Notes that a block stands for another one; for none when that has no place. */
  copy(given: ContentBlock, block: ContentBlock): void {
    const place = this.#places.get(given);
    if (place !== undefined) this.#places.set(block, place);
  }

  /** `messages.3.content.0`; undefined for a block that no caller wrote. */
  pathOf(block: ContentBlock): string | undefined {
    const place = this.#places.get(block);
    return place === undefined ? undefined : toPath(place);
  }

  /**
   * The path in the caller's messages for one in `messages`, which came of them. A path that is none
   * of a message comes back as it is, and so does one that leads to what no caller wrote.
   */
  toGivenPath(path: string, messages: readonly Message[]): string {
    const match = BLOCK_PATH.exec(path);
    if (match === null) return path;
    const [whole, message = "", index, rest = ""] = match;
    const content = messages[Number(message)]?.content ?? [];
    const block = content[Number(index ?? 0)];
    const place = block && this.#places.get(block);
    if (place === undefined) return path;
    if (index !== undefined) return `${toPath(place)}${rest}`;
    return `messages.${Math.floor(place / MAX_BLOCKS)}${path.slice(whole.length)}`;
  }
}

function toPath(place: number): string {
  const index = place % MAX_BLOCKS;
  return `messages.${(place - index) / MAX_BLOCKS}.content.${index}`;
}
