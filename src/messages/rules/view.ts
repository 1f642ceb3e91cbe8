// What a rule is, and what it is given: the request read once, leniently. Whatever does not have the
// shape of the wire is left out of the view, so that a rule never meets a surprise.

import { isRecord, type UnknownRecord } from "../../core/json.ts";
import { shapeFaultsOf } from "./find-shape-faults.ts";
import type { ShapeFault } from "./shape-faults.ts";
import { CONVERSE_REQUEST } from "./wire.ts";

/** One thing Bedrock refuses. */
export interface RequestRule {
  /** Stable, in kebab-case. */
  readonly id: string;
  /** Where the behaviour is documented or reported. */
  readonly reference: string;
  /** What to do about it, in one sentence. */
  readonly repair?: string;
  /** Whether the service model states it; Bedrock reports all such violations in one message. */
  readonly isConstraint?: boolean;
  /** Every violation, in the order of the request. Takes time linear in the size of the request. */
  readonly check: (view: RequestView) => Iterable<RuleFinding>;
}

/** One violation: where, and in Bedrock's words. */
export interface RuleFinding {
  readonly path: string;
  readonly message: string;
}

/** A request as the rules see it. */
export interface RequestView {
  readonly modelId: string | undefined;
  readonly body: UnknownRecord;
  /** In how far the request misses the service model. */
  readonly faults: readonly ShapeFault[];
  readonly messages: readonly MessageView[];
  readonly system: readonly BlockView[];
  readonly tools: readonly BlockView[];
}

/** One message of the request. */
export interface MessageView {
  /** Position in `messages`, which is not that in the view when some were left out. */
  readonly index: number;
  readonly path: string;
  readonly role: string | undefined;
  /** Whether `content` is a list without anything in it. */
  readonly isEmpty: boolean;
  readonly blocks: readonly BlockView[];
}

/** One member of a union: a content block, a system block or a tool. */
export interface BlockView {
  /** Of the block itself: `messages.0.content.1`. */
  readonly path: string;
  /** The member that is set; the first of several. */
  readonly name: string;
  readonly value: unknown;
}

/** Reads any value as a request. Never throws. */
export function toRequestView(request: unknown): RequestView {
  const body = isRecord(request) ? request : {};
  const toolConfig = recordOf(body["toolConfig"]);
  return {
    modelId: textOf(body["modelId"]),
    body,
    faults: shapeFaultsOf(CONVERSE_REQUEST, request),
    messages: listOf(body["messages"]).flatMap((message, index) => toMessageView(message, index)),
    system: toBlockViews(body["system"], "system"),
    tools: toBlockViews(toolConfig["tools"], "toolConfig.tools"),
  };
}

function toMessageView(message: unknown, index: number): MessageView[] {
  if (!isRecord(message)) return [];
  const content = message["content"];
  const path = `messages.${index}`;
  return [
    {
      index,
      path,
      role: textOf(message["role"]),
      isEmpty: Array.isArray(content) && content.length === 0,
      blocks: toBlockViews(content, `${path}.content`),
    },
  ];
}

/** The blocks of a list of unions; `path` is that of the list. */
export function toBlockViews(list: unknown, path: string): BlockView[] {
  return listOf(list).flatMap((block, index) => {
    const name = Object.keys(recordOf(block)).find((key) => recordOf(block)[key] != null);
    if (name === undefined) return [];
    return [{ path: `${path}.${index}`, name, value: recordOf(block)[name] }];
  });
}

/** The value when it is an object, else an empty one. */
export function recordOf(value: unknown): UnknownRecord {
  return isRecord(value) ? value : {};
}

/** The value when it is a list, else an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value when it is a text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
