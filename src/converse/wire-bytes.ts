// Base64 on the wire becomes `Uint8Array` here, at the few places where Converse carries bytes.

import type { ContentBlock } from "../core/content.ts";
import type { ContentBlockDelta } from "../core/converse-events.ts";
import { isRecord, type UnknownRecord } from "../core/json.ts";

const MEDIA = ["image", "audio", "video", "document"] as const;

/** Replaces base64 in a block that was just parsed, in place, and returns it. */
export function decodeBlockBytes(block: unknown): ContentBlock {
  if (isRecord(block) && block["text"] === undefined) decodeMembers(block);
  return block as ContentBlock;
}

/** Replaces base64 in a delta that was just parsed, in place. */
export function decodeDeltaBytes(delta: ContentBlockDelta): void {
  if (delta.reasoningContent !== undefined) decodeMember(delta.reasoningContent, "redactedContent");
  else if (delta.image !== undefined) decodeMember(delta.image.source, "bytes");
}

function decodeMembers(block: UnknownRecord): void {
  decodeMember(block["reasoningContent"], "redactedContent");
  for (const name of MEDIA) {
    const media = block[name];
    if (isRecord(media)) decodeMember(media["source"], "bytes");
  }
  const guarded = block["guardContent"];
  if (isRecord(guarded)) decodeMembers(guarded);
  const result = block["toolResult"];
  if (isRecord(result) && Array.isArray(result["content"])) {
    for (const part of result["content"]) decodeBlockBytes(part);
  }
}

function decodeMember(holder: unknown, name: string): void {
  if (!isRecord(holder)) return;
  const text = holder[name];
  if (typeof text === "string") holder[name] = new Uint8Array(Buffer.from(text, "base64"));
}
