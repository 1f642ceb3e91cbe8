// A request as the cache sees it: one sequence from the model id to the last block, in the order in
// which it is hashed. Whatever does not have the shape of the wire is left out.

import { isRecord, type UnknownRecord } from "../core/json.ts";
import { parseModelId } from "../models/model-id.ts";
import { type CacheSection, traitsOf } from "../models/model-traits.ts";
import { countCharacters, toTokens } from "./cache-estimate.ts";

/** What stands at one place of the prefix: a part with blocks, or a setting that counts like one. */
export type PrefixSection = "modelId" | CacheSection | PrefixSetting;

/** Settings that are no part of the prompt, and change its prefix from their place on. */
export type PrefixSetting = "textFormat" | "toolChoice" | "thinking" | "effort";

/** The order in which a prefix is built up. */
export const PREFIX_ORDER: readonly PrefixSection[] = [
  "modelId",
  "tools",
  "textFormat",
  "system",
  "toolChoice",
  "thinking",
  "effort",
  "messages",
];

/** One thing that is hashed. */
export interface PrefixPart {
  readonly path: string;
  readonly value: unknown;
  /** Of a block in a message: the role, and the position among the messages that hold any block. */
  readonly role?: unknown;
  readonly message?: number;
}

/** One cache point, by what lies before it. */
export interface PrefixPoint {
  readonly path: string;
  readonly section: CacheSection;
  /** Parts of its own section before it. */
  readonly index: number;
  /** Blocks of the whole request before it. */
  readonly blocks: number;
  /** What these measure, by estimate. */
  readonly tokens: number;
}

/** A request in the order of hashing. */
export interface Prefix {
  readonly modelId: string | undefined;
  readonly sections: Readonly<Record<PrefixSection, readonly PrefixPart[]>>;
  readonly points: readonly PrefixPoint[];
}

/** Reads any value as a prefix. Never throws. */
export function toPrefix(request: unknown): Prefix {
  const body = isRecord(request) ? request : {};
  const toolConfig = recordOf(body["toolConfig"]);
  const modelId = typeof body["modelId"] === "string" ? body["modelId"] : undefined;
  const blocks = new BlockReader();
  const tools = blocks.read("tools", "toolConfig.tools", toolConfig["tools"]);
  const system = blocks.read("system", "system", body["system"]);
  const messages = blocks.readMessages(body["messages"]);
  const settings = hasClaudeSettings(modelId) ? settingsOf(body, toolConfig) : NO_SETTINGS;
  return {
    modelId,
    sections: { modelId: [part("modelId", modelId)], tools, system, messages, ...settings },
    points: blocks.points,
  };
}

/** Takes the points out of the lists, and notes where they stood. */
class BlockReader {
  readonly points: PrefixPoint[] = [];
  #blocks = 0;
  #characters = 0;

  read(section: CacheSection, path: string, list: unknown, before = 0): PrefixPart[] {
    const parts: PrefixPart[] = [];
    for (const [position, block] of (Array.isArray(list) ? list : []).entries()) {
      if (!isRecord(block)) continue;
      const here = `${path}.${position}`;
      if (block["cachePoint"] != null) {
        this.points.push({
          path: here,
          section,
          index: before + parts.length,
          blocks: this.#blocks,
          tokens: toTokens(this.#characters),
        });
        continue;
      }
      parts.push(part(here, block));
      this.#blocks += 1;
      this.#characters += countCharacters(block);
    }
    return parts;
  }

  readMessages(messages: unknown): PrefixPart[] {
    const parts: PrefixPart[] = [];
    let count = 0;
    for (const [position, message] of (Array.isArray(messages) ? messages : []).entries()) {
      if (!isRecord(message)) continue;
      const path = `messages.${position}.content`;
      const blocks = this.read("messages", path, message["content"], parts.length);
      for (const block of blocks) parts.push({ ...block, role: message["role"], message: count });
      if (blocks.length > 0) count += 1;
    }
    return parts;
  }
}

const NO_SETTINGS: Record<PrefixSetting, readonly PrefixPart[]> = {
  textFormat: [],
  toolChoice: [],
  thinking: [],
  effort: [],
};

/** Known of Claude alone; an id that hides its model may stand for one. */
function hasClaudeSettings(modelId: string | undefined): boolean {
  const baseId = modelId === undefined ? undefined : parseModelId(modelId).baseId;
  return baseId === undefined || baseId.startsWith("anthropic.") || isUnknown(baseId);
}

function isUnknown(baseId: string): boolean {
  return Object.keys(traitsOf(baseId)).length === 0;
}

/**
 * A text format is told to the model in its instructions; the others change the messages only.
 * https://platform.claude.com/docs/en/build-with-claude/prompt-caching and, for the text format,
 * https://platform.claude.com/docs/en/build-with-claude/structured-outputs.
 */
function settingsOf(
  body: UnknownRecord,
  toolConfig: UnknownRecord,
): Record<PrefixSetting, readonly PrefixPart[]> {
  const output = recordOf(body["outputConfig"]);
  const fields = recordOf(body["additionalModelRequestFields"]);
  const own = "additionalModelRequestFields";
  const choice = recordOf(toolConfig["toolChoice"]);
  // To choose freely is what happens without a choice too.
  const toolChoice = choice["auto"] == null ? toolConfig["toolChoice"] : undefined;
  return {
    textFormat: [
      part("outputConfig.textFormat", output["textFormat"]),
      part(`${own}.output_config.format`, recordOf(fields["output_config"])["format"]),
    ],
    toolChoice: [part("toolConfig.toolChoice", toolChoice ?? undefined)],
    thinking: ["thinking", "reasoning_config"].map((name) => part(`${own}.${name}`, fields[name])),
    effort: [
      part("outputConfig.effort", output["effort"]),
      part(`${own}.output_config.effort`, recordOf(fields["output_config"])["effort"]),
    ],
  };
}

function part(path: string, value: unknown): PrefixPart {
  return { path, value };
}

function recordOf(value: unknown): UnknownRecord {
  return isRecord(value) ? value : {};
}
