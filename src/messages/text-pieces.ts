// Lists of texts inside a block. Blank ones are refused, and so is a list with none.

import { isRecord, type UnknownRecord } from "../core/json.ts";

/** What is told of lists of which some pieces were blank. */
export const BLANK_PIECES = "Blank text was left out, or made visible where answers cite by place.";

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

/**
 * The same with each piece in its place, the blank ones made visible: citations in the answers
 * count the pieces.
 */
export function fillPieces(pieces: readonly unknown[], placeholder: string): readonly unknown[] {
  if (pieces.length === 0) return [{ text: placeholder }];
  if (!pieces.some(isBlankPiece)) return pieces;
  return pieces.map((piece) => (isBlankPiece(piece) ? { text: placeholder } : piece));
}

/** Whether answers may cite a document or a search result. */
export function isCited({ citations }: UnknownRecord): boolean {
  return isRecord(citations) && citations["enabled"] === true;
}
