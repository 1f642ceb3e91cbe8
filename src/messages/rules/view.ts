// What a rule is given: the request read once, leniently. Whatever does not have the shape of the
// wire is left out of the view, so that a rule never meets a surprise.

import { isRecord, type UnknownRecord } from "../../core/json.ts";
import { type ModelTraits, traitsOf } from "../../models/model-traits.ts";
import { shapeFaultsOf } from "./find-shape-faults.ts";
import type { ShapeFault } from "./shape-faults.ts";
import { CONVERSE_REQUEST } from "./wire.ts";

/** The two operations that take a conversation. */
export type ConverseOperation = "converse" | "converse-stream";

/** What is known of a request beside what stands in it. */
export interface RequestContext {
  /** Of the model; those of `modelId` when absent. */
  readonly traits?: ModelTraits | undefined;
  readonly operation?: ConverseOperation | undefined;
  /** Whether messages leave out the values that break a constraint. @default false */
  readonly hidesValues?: boolean | undefined;
  /** Whether it is known already that no text holds half of a surrogate pair. @default false */
  readonly isWellFormed?: boolean | undefined;
}

/** A request as the rules see it. */
export interface RequestView {
  readonly modelId: string | undefined;
  readonly traits: ModelTraits;
  readonly operation: ConverseOperation | undefined;
  /** Whether it is known that no text holds half of a surrogate pair. */
  readonly isWellFormed: boolean;
  readonly body: UnknownRecord;
  /** Members of the body that many rules read; empty when absent. */
  readonly inferenceConfig: UnknownRecord;
  readonly toolConfig: UnknownRecord;
  readonly outputConfig: UnknownRecord;
  /** `additionalModelRequestFields`. */
  readonly fields: UnknownRecord;
  /** In how far the request misses the service model. */
  readonly faults: readonly ShapeFault[];
  readonly messages: readonly MessageView[];
  readonly system: readonly BlockView[];
  readonly tools: readonly BlockView[];
  /** The cache points of tools, system and messages, in the order in which Bedrock takes them. */
  readonly cachePoints: readonly BlockView[];
  /** Every block of the messages and every part of a tool result, by name, in order. */
  readonly blocksByName: ReadonlyMap<string, readonly BlockView[]>;
}

/** One message of the request. */
export class MessageView {
  /** Position in `messages`, which is not that in the view when some were left out. */
  readonly index: number;
  readonly role: string | undefined;
  /** Whether `content` is a list without anything in it. */
  readonly isEmpty: boolean;
  readonly blocks: readonly BlockView[];

  constructor(index: number, role: string | undefined, content: unknown) {
    this.index = index;
    this.role = role;
    this.isEmpty = Array.isArray(content) && content.length === 0;
    this.blocks = toBlockViews(content, index, role);
  }

  /** `messages.0`. */
  get path(): string {
    return `messages.${this.index}`;
  }
}

/** One member of a union: a content block, a part of a tool result, a system block or a tool. */
export class BlockView {
  /** The member that is set; the first of several. */
  readonly name: string;
  readonly value: unknown;
  /** Of the message the block stands in. */
  readonly role: string | undefined;
  /** Whether it stands inside a tool result. */
  readonly isResultPart: boolean;
  /** The path of the list that it stands in, or the position of the message. */
  readonly list: string | number;
  readonly index: number;

  constructor(
    list: string | number,
    index: number,
    name: string,
    value: unknown,
    role: string | undefined,
    isResultPart: boolean,
  ) {
    this.list = list;
    this.index = index;
    this.name = name;
    this.value = value;
    this.role = role;
    this.isResultPart = isResultPart;
  }

  /** Of the block itself: `messages.0.content.1`. Written when asked for: most blocks are as they should be. */
  get path(): string {
    const list = typeof this.list === "string" ? this.list : `messages.${this.list}.content`;
    return `${list}.${this.index}`;
  }
}

/** What a tool result can hold. */
const RESULT_PARTS = new Set(["json", "text", "image", "document", "video", "searchResult"]);

const NOTHING: UnknownRecord = Object.freeze({});
const NO_ITEMS: readonly never[] = Object.freeze([]);

/** Reads any value as a request. Never throws. */
export function toRequestView(request: unknown, context: RequestContext = {}): RequestView {
  const body = recordOf(request);
  const modelId = textOf(body["modelId"]);
  const toolConfig = recordOf(body["toolConfig"]);
  const messages = toMessageViews(body["messages"]);
  const system = toBlockViews(body["system"], "system");
  const tools = toBlockViews(toolConfig["tools"], "toolConfig.tools");
  const blocksByName = toIndex(messages);
  return {
    modelId,
    traits: context.traits ?? traitsOf(modelId),
    operation: context.operation,
    isWellFormed: context.isWellFormed === true,
    body,
    inferenceConfig: recordOf(body["inferenceConfig"]),
    toolConfig,
    outputConfig: recordOf(body["outputConfig"]),
    fields: recordOf(body["additionalModelRequestFields"]),
    faults: shapeFaultsOf(CONVERSE_REQUEST, request, context.hidesValues),
    messages,
    system,
    tools,
    cachePoints: cachePointsIn(tools, system, blocksByName.get("cachePoint") ?? NO_ITEMS),
    blocksByName,
  };
}

function toMessageViews(messages: unknown): MessageView[] {
  const views: MessageView[] = [];
  let index = -1;
  for (const message of listOf(messages)) {
    index += 1;
    if (!isRecord(message)) continue;
    views.push(new MessageView(index, textOf(message["role"]), message["content"]));
  }
  return views;
}

function toBlockViews(
  items: unknown,
  list: string | number,
  role?: string,
  isResultPart = false,
): readonly BlockView[] {
  const blocks = listOf(items);
  if (blocks.length === 0) return NO_ITEMS;
  // A list that grows from nothing has room for seventeen, and most messages have one block.
  if (blocks.length === 1) {
    const view = toBlockView(blocks[0], list, 0, role, isResultPart);
    return view === undefined ? NO_ITEMS : [view];
  }
  const views: BlockView[] = [];
  for (let index = 0; index < blocks.length; index += 1) {
    const view = toBlockView(blocks[index], list, index, role, isResultPart);
    if (view !== undefined) views.push(view);
  }
  return views;
}

function toBlockView(
  block: unknown,
  list: string | number,
  index: number,
  role: string | undefined,
  isResultPart: boolean,
): BlockView | undefined {
  if (!isRecord(block)) return undefined;
  const name = firstMemberOf(block);
  if (name === undefined) return undefined;
  return new BlockView(list, index, name, block[name], role, isResultPart);
}

function firstMemberOf(union: UnknownRecord): string | undefined {
  for (const name in union) {
    if (Object.hasOwn(union, name) && union[name] != null) return name;
  }
  return undefined;
}

function cachePointsIn(...sections: readonly (readonly BlockView[])[]): readonly BlockView[] {
  const points: BlockView[] = [];
  for (const blocks of sections) {
    for (const block of blocks) {
      if (block.name === "cachePoint") points.push(block);
    }
  }
  return points;
}

function toIndex(messages: readonly MessageView[]): Map<string, BlockView[]> {
  const index = new Map<string, BlockView[]>();
  for (const { blocks } of messages) {
    for (const block of blocks) {
      addTo(index, block);
      if (block.name !== "toolResult") continue;
      const content = recordOf(block.value)["content"];
      const path = `${block.path}.toolResult.content`;
      for (const part of toBlockViews(content, path, block.role, true)) {
        if (RESULT_PARTS.has(part.name)) addTo(index, part);
      }
    }
  }
  return index;
}

function addTo(index: Map<string, BlockView[]>, block: BlockView): void {
  const blocks = index.get(block.name);
  if (blocks === undefined) index.set(block.name, [block]);
  else blocks.push(block);
}

/** Whether the provider ran a tool last, so that the turn is to be continued. */
export function endsInServerResult({ blocks }: MessageView): boolean {
  const last = blocks.findLast(({ name }) => name !== "cachePoint");
  return last?.name === "toolResult" && recordOf(last.value)["type"] != null;
}

/** The blocks of one kind in the messages, those in tool results included, in order. */
export function blocksNamed({ blocksByName }: RequestView, name: string): readonly BlockView[] {
  return blocksByName.get(name) ?? NO_ITEMS;
}

/** The value when it is an object, else an empty one. */
export function recordOf(value: unknown): UnknownRecord {
  return isRecord(value) ? value : NOTHING;
}

/** The value when it is a list, else an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : NO_ITEMS;
}

/** The value when it is a text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
