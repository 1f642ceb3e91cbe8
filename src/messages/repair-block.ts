// One block at a time: what is refused in it wherever it stands. A block without a fault comes back
// as it is, and what reasoning says is never touched, for it is signed.

import type { ContentBlock, ReasoningContentBlock } from "../core/content.ts";
import { isRecord, type UnknownRecord } from "../core/json.ts";
import { hasSeveralMembers, nameOf } from "./block-members.ts";
import {
  BYTES_READ_BACK,
  type MediaKind,
  repairImageFormat,
  repairMedia,
  withBytes,
  withFormat,
} from "./repair-media.ts";
import type { RepairRun } from "./repair-run.ts";
import { repairToolReference, repairToolResult, repairToolUse } from "./repair-tool-blocks.ts";
import { bytesFromJson } from "./restore-bytes.ts";
import {
  BLANK_PIECES,
  fillPieces,
  isBlank,
  isBlankPiece,
  isCited,
  keepPieces,
} from "./text-pieces.ts";
import { toWellFormed } from "./well-formed.ts";

/** Stands where a search result says nothing. */
const EMPTY_SEARCH_RESULT = "(no content)";

/** Repairs the block that `run` has entered. Undefined when nothing of it is left. */
export function repairBlock(block: ContentBlock, run: RepairRun): ContentBlock | undefined {
  if (typeof block.text === "string") return repairText(block, block.text, run);
  const name = nameOf(block);
  if (name === undefined) return block;
  if (name === "reasoningContent") return repairReasoning(block, run);
  if (name === "cachePoint") {
    run.hasCachePoints = true;
    return block;
  }
  const given = (block as UnknownRecord)[name];
  const value = repairValue(name, given, run);
  if (value === given) return block;
  if (value !== undefined) return { ...block, [name]: value } as ContentBlock;
  if (!hasSeveralMembers(block)) return undefined;
  const { [name]: _, ...others } = block as UnknownRecord;
  return repairBlock(others as unknown as ContentBlock, run);
}

function repairText(block: ContentBlock, text: string, run: RepairRun): ContentBlock | undefined {
  if (isBlank(text)) {
    run.changed("text-blank", "Blank text was left out.", ".text");
    return undefined;
  }
  if (text.isWellFormed()) return block;
  reportSurrogates(run, ".text");
  return { ...block, text: text.toWellFormed() } as ContentBlock;
}

function repairValue(name: string, given: unknown, run: RepairRun): unknown {
  switch (name) {
    case "toolUse":
      run.hasToolTurns = true;
      return repairToolUse(given as UnknownRecord, run);
    case "toolResult":
      run.hasToolTurns = true;
      return repairToolResult(given as UnknownRecord, run, (part) => repairPart(part, run));
    case "toolAddition":
    case "toolRemoval":
      refuseToolChange(run);
      return repairToolReference(given, run, `.${name}`);
    case "guardContent":
      return repairGuardContent(given, run);
    case "citationsContent":
      return repairCitations(wellFormed(name, given, run), run);
    case "document":
      run.hasDocuments = true;
      return repairPartValue(name, given, run);
    default:
      return repairPartValue(name, given, run);
  }
}

/** Only a system message changes the tools of a conversation, and what it says is no text. */
function refuseToolChange(run: RepairRun): void {
  const { systemRole, toolChanges } = run.traits;
  if (systemRole !== false && toolChanges !== false) return;
  throw new TypeError(
    `${run.place()}: the tools of this model cannot change within a conversation (system-role).`,
  );
}

/** What stands in messages and in tool results alike. */
function repairPartValue(name: string, given: unknown, run: RepairRun): unknown {
  if (name === "document" && isRecord(given)) {
    // The name is replaced as a whole, so it needs no repair of its own.
    const { name: title, ...rest } = given;
    const read = wellFormed(name, rest, run);
    return repairMedia(name, read === rest ? given : { ...read, name: title }, run);
  }
  const value = wellFormed(name, given, run);
  if (name === "searchResult") return repairSearchResult(value, run);
  const isMedia = name === "image" || name === "video" || name === "audio";
  return isMedia ? repairMedia(name satisfies MediaKind, value, run) : value;
}

/** One part of a tool result that is neither text nor JSON. */
function repairPart(part: UnknownRecord, run: RepairRun): UnknownRecord {
  const name = nameOf(part);
  if (name === undefined) return part;
  const value = repairPartValue(name, part[name], run);
  return value === part[name] ? part : { ...part, [name]: value };
}

function wellFormed<Value>(name: string, value: Value, run: RepairRun): Value {
  const read = toWellFormed(value);
  if (read !== value) reportSurrogates(run, `.${name}`);
  return read;
}

function reportSurrogates(run: RepairRun, member: string): void {
  run.changed("lone-surrogate", "Broken characters were replaced by U+FFFD.", member);
}

function repairReasoning(given: ContentBlock, run: RepairRun): ContentBlock | undefined {
  const block = withRedactedBytes(given, run);
  const { reasoningContent } = block;
  const reason = reasoningContent && refusalOfReasoning(reasoningContent, run);
  if (reason === undefined || hasSeveralMembers(block)) return block;
  run.changed(
    "reasoning-replay",
    `Reasoning was left out: ${reason}.`,
    ".reasoningContent",
    "warning",
  );
  return undefined;
}

function refusalOfReasoning(reasoning: ReasoningContentBlock, run: RepairRun): string | undefined {
  const { reasoningReplay } = run.traits;
  if (reasoningReplay === "none") return "this model takes none back";
  if (reasoningReplay === "signed" && isUnsigned(reasoning)) return "it has no signature";
  return run.isForeign?.(reasoning) === true ? "it is another model's" : undefined;
}

/** The one thing in reasoning that JSON cannot keep. */
function withRedactedBytes(block: ContentBlock, run: RepairRun): ContentBlock {
  const { reasoningContent } = block;
  const bytes = bytesFromJson(reasoningContent?.redactedContent);
  if (bytes === undefined) return block;
  run.changed("wrong-type", BYTES_READ_BACK, ".reasoningContent.redactedContent");
  return {
    ...block,
    reasoningContent: { ...reasoningContent, redactedContent: bytes },
  } as ContentBlock;
}

function isUnsigned({ reasoningText }: ReasoningContentBlock): boolean {
  return isRecord(reasoningText) && !reasoningText["signature"];
}

function repairGuardContent(given: unknown, run: RepairRun): unknown {
  const guard = wellFormed("guardContent", given, run);
  if (!isRecord(guard)) return guard;
  if (isBlankPiece(guard["text"])) {
    run.changed("guard-text-blank", "Blank text was left out.", ".guardContent.text");
    const { text: _, ...others } = guard;
    return others["image"] == null ? undefined : repairGuardImage(others, run);
  }
  return repairGuardImage(guard, run);
}

function repairGuardImage(guard: UnknownRecord, run: RepairRun): UnknownRecord {
  const { image } = guard;
  if (!isRecord(image)) return guard;
  const named = withBytes("guardContent.image", withFormat("guardContent.image", image, run), run);
  const read = repairImageFormat(named, run, ".guardContent.image", ["png", "jpeg"]);
  return read === image ? guard : { ...guard, image: read };
}

function repairSearchResult(given: unknown, run: RepairRun): unknown {
  if (!isRecord(given)) return given;
  const pieces = Array.isArray(given["content"]) ? given["content"] : [];
  const keep = isCited(given) ? fillPieces : keepPieces;
  const content = keep(pieces, EMPTY_SEARCH_RESULT);
  if (content === given["content"]) return given;
  run.changed("text-blank", BLANK_PIECES, ".searchResult.content");
  return { ...given, content };
}

function repairCitations(given: unknown, run: RepairRun): unknown {
  if (!isRecord(given)) return given;
  const { content, citations, ...rest } = given;
  const pieces: unknown[] = Array.isArray(content) ? content : [];
  const kept = pieces.filter((piece) => !isBlankPiece(piece));
  const hasCitations = Array.isArray(citations) && citations.length > 0;
  if (kept.length === pieces.length && (kept.length > 0 || hasCitations)) return given;
  run.changed("text-blank", "Blank text was left out.", ".citationsContent");
  if (kept.length === 0 && !hasCitations) return undefined;
  const said = kept.length === 0 ? {} : { content: kept };
  return { ...rest, ...said, ...(hasCitations ? { citations } : {}) };
}
