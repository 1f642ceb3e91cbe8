// Lists of texts inside a block. Blank ones are refused, and so is a list with none.

import { isRecord } from "../core/json.ts";

const SOMETHING = /\S/;

/** Whether a text says nothing. */
export function isBlank(text: string): boolean {
  return !SOMETHING.test(text);
}

/** Whether a value is an object whose text says nothing. */
export function isBlankPiece(piece: unknown): boolean {
  return isRecord(piece) && typeof piece["text"] === "string" && isBlank(piece["text"]);
}

/**
 * The pieces that say something, or one that stands for them when none does; the given list when
 * there is nothing to change.
 */
export function keepPieces(pieces: readonly unknown[], placeholder: string): readonly unknown[] {
  const kept = pieces.filter((piece) => !isBlankPiece(piece));
  if (kept.length === 0) return [{ text: placeholder }];
  return kept.length === pieces.length ? pieces : kept;
}
