// A request in the order in which it is hashed for the cache: tools, system, messages.

import { createHash } from "node:crypto";
import type { CachePointBlock, CacheTTL } from "../core/content.ts";
import type { ConverseRequest } from "../core/converse-request.ts";
import { isRecord, type UnknownRecord } from "../core/json.ts";
import { parseModelId } from "../models/model-id.ts";
import type { CacheSection } from "../models/model-traits.ts";
import { encodeJson } from "./wire-bytes.ts";

/** One tool, instruction or block of a message. */
export interface PromptBlock {
  readonly section: CacheSection;
  /** Whose message it is in, and which; empty elsewhere. */
  readonly turn: string;
  readonly value: unknown;
}

/** One cache point, by how many blocks lie before it. */
export interface CachePlace {
  readonly section: CacheSection;
  readonly blocks: number;
  readonly ttl: CacheTTL;
}

/** A request without its cache points, and where these stood. */
export interface Prompt {
  readonly blocks: readonly PromptBlock[];
  readonly places: readonly CachePlace[];
}

/** Members whose value is JSON that goes to the model as it is written. */
const DOCUMENT_MEMBERS: ReadonlySet<string> = new Set(["json", "input"]);

/** Reads a request that keeps the rules. */
export function readPrompt({ toolConfig, system, messages }: ConverseRequest): Prompt {
  const blocks: PromptBlock[] = [];
  const places: CachePlace[] = [];
  const read = (
    section: CacheSection,
    turn: string,
    list: readonly { readonly cachePoint?: CachePointBlock | undefined }[] = [],
  ) => {
    for (const value of list) {
      const { cachePoint } = value;
      if (cachePoint == null) blocks.push({ section, turn, value });
      else places.push({ section, blocks: blocks.length, ttl: cachePoint.ttl ?? "5m" });
    }
  };
  read("tools", "", toolConfig?.tools);
  read("system", "", system);
  for (const [index, { role, content }] of (messages ?? []).entries()) {
    read("messages", `${index} ${role}`, content);
  }
  return { blocks, places };
}

/** For each number of blocks, the hash of the prefix of so many, the first being that of none. */
export function hashBlocks(request: ConverseRequest, blocks: readonly PromptBlock[]): string[] {
  const settings = settingsOf(request);
  let hash = hashOf(request.modelId);
  let section: CacheSection = "tools";
  return [
    hash,
    ...blocks.map((block) => {
      if (block.section !== section) {
        section = block.section;
        hash = hashOf(hash, canonicalJson(settings[section]));
      }
      hash = hashOf(hash, block.section, block.turn, canonicalJson(block.value));
      return hash;
    }),
  ];
}

function hashOf(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("base64");
}

/**
 * What changes Claude's prompt from a section on without being in it.
 * https://platform.claude.com/docs/en/build-with-claude/prompt-caching
 */
function settingsOf(request: ConverseRequest): Record<CacheSection, unknown> {
  const { modelId, toolConfig, outputConfig, additionalModelRequestFields } = request;
  if (parseModelId(modelId).baseId?.startsWith("amazon.")) {
    return { tools: null, system: null, messages: null };
  }
  const fields: UnknownRecord = isRecord(additionalModelRequestFields)
    ? additionalModelRequestFields
    : {};
  const ownOutput = isRecord(fields["output_config"]) ? fields["output_config"] : {};
  const system = [outputConfig?.textFormat, ownOutput["format"]];
  const choice = toolConfig?.toolChoice?.auto === undefined ? toolConfig?.toolChoice : undefined;
  const thinking = [fields["thinking"], fields["reasoning_config"]];
  const effort = [outputConfig?.effort, ownOutput["effort"]];
  return { tools: null, system, messages: [system, choice, thinking, effort] };
}

/** JSON in which the order of names counts only where the model gets to see it. */
function canonicalJson(value: unknown): string {
  return encodeJson(inOrder(value, false));
}

function inOrder(value: unknown, isDocument: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => inOrder(item, isDocument));
  if (!isRecord(value)) return value ?? null;
  const names = Object.keys(value);
  if (!isDocument) names.sort();
  return Object.fromEntries(
    names.map((name) => [name, inOrder(value[name], isDocument || DOCUMENT_MEMBERS.has(name))]),
  );
}
