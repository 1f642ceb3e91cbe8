// A text that comes in pieces. Adding strings to each other makes a tree that holds every piece, at ten
// times the memory of what they say; a few pieces at a time are joined instead.

/** So many pieces are kept apart: enough to make joining cheap, and few enough to weigh nothing. */
const MAX_PIECES = 256;

/** Grows at its end, in time linear in its length. */
export class GrowingText {
  #joined = "";
  #pieces: string[] = [];

  /** Adds a piece to the end. */
  add(piece: string): void {
    if (this.#pieces.push(piece) === MAX_PIECES) this.#join();
  }

  /** The whole so far. */
  toString(): string {
    if (this.#pieces.length > 0) this.#join();
    return this.#joined;
  }

  #join(): void {
    this.#joined += this.#pieces.join("");
    this.#pieces = [];
  }
}
