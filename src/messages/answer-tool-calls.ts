// The rule of tool turns: each call of an assistant message is answered exactly once, in the very
// next user message, before anything else that message says; and nothing else is answered.

import type { ContentBlock, Message, ToolResultBlock } from "../core/content.ts";
import { hasSeveralMembers } from "./block-members.ts";
import type { RepairRun } from "./repair-run.ts";
import { ERROR_PREFIX } from "./repair-tool-blocks.ts";

/** A call that waits for its answer. */
interface OpenCall {
  /** As it is sent. */
  readonly id: string;
  /** As the caller wrote it. Several calls of a message may have the same. */
  readonly givenId: string;
  readonly block: ContentBlock;
}

const MAX_ID_LENGTH = 64;
const NO_RESULT = "No result: this call was never completed.";

/**
 * Makes the messages keep the rule, and gives every call the id it is sent under. Changes the given
 * messages, and neither their blocks nor their lists. Roles alternate before and after.
 */
export function answerToolCalls(messages: readonly Message[], run: RepairRun): Message[] {
  const answered: Message[] = [];
  let calls: readonly OpenCall[] = [];
  for (const message of messages) {
    if (message.role === "assistant") {
      calls = callsOf(message, run);
      message.content = withWireIds(message, calls, run);
    } else if (message.role === "user") {
      message.content = withResults(message.content, calls, run);
      calls = [];
    }
    answered.push(message);
  }
  if (calls.length > 0) {
    answered.push({ role: "user", content: calls.map((call) => missingResult(call, run)) });
  }
  return answered;
}

/**
 * The calls that wait for an answer; those the provider ran itself carry theirs already. Two calls
 * of one id cannot be told apart by their results, so the later one gets another.
 */
function callsOf({ content }: Message, run: RepairRun): OpenCall[] {
  const calls: OpenCall[] = [];
  const taken = new Set<string>();
  /** The last copy of each id, so that a thousand of one id are not counted a thousand times. */
  const copies = new Map<string, number>();
  for (const { toolUse } of content) {
    if (toolUse?.type === "server_tool_use") taken.add(toolUse.toolUseId);
  }
  for (const block of content) {
    const { toolUse } = block;
    if (toolUse === undefined || toolUse.type === "server_tool_use") continue;
    const givenId = toolUse.toolUseId;
    let id = givenId;
    let copy = copies.get(givenId) ?? 1;
    while (taken.has(id)) {
      copy += 1;
      const suffix = `-${copy}`;
      id = givenId.slice(0, MAX_ID_LENGTH - suffix.length) + suffix;
    }
    copies.set(givenId, copy);
    if (id !== givenId) {
      run.changedLater(block, "tool-use-duplicate", "The call got an id of its own.");
    }
    taken.add(id);
    calls.push({ id: toWireId(id, block, run), givenId, block });
  }
  return calls;
}

function toWireId(given: string, block: ContentBlock, run: RepairRun): string {
  const id = run.names.toolUseId(given);
  if (id === given) return id;
  const isLegal = /^[a-zA-Z0-9_.:-]*$/.test(given);
  const isShort = given.length <= MAX_ID_LENGTH;
  const form = run.traits.toolUseIds === undefined ? "tool-use-duplicate" : "tool-use-id-form";
  const rule = !isLegal ? "text-pattern" : isShort ? form : "text-length";
  run.changedLater(block, rule, "The call is sent under an id that is accepted.");
  return id;
}

function withWireIds(
  { content }: Message,
  calls: readonly OpenCall[],
  run: RepairRun,
): ContentBlock[] {
  let next = 0;
  return content.map((block) => {
    const { toolUse, toolResult } = block;
    if (toolResult !== undefined) return withResultId(block, toolResult, undefined, run);
    if (toolUse === undefined) return block;
    const isServer = toolUse.type === "server_tool_use";
    const toolUseId = isServer
      ? toWireId(toolUse.toolUseId, block, run)
      : (calls[next++]?.id ?? toolUse.toolUseId);
    if (toolUseId === toolUse.toolUseId) return block;
    return run.replace(block, { ...block, toolUse: { ...toolUse, toolUseId } } as ContentBlock);
  });
}

function withResultId(
  block: ContentBlock,
  toolResult: ToolResultBlock,
  wireId: string | undefined,
  run: RepairRun,
): ContentBlock {
  const toolUseId = wireId ?? toWireId(toolResult.toolUseId, block, run);
  if (toolUseId === toolResult.toolUseId) return block;
  return run.replace(block, { ...block, toolResult: { ...toolResult, toolUseId } } as ContentBlock);
}

function withResults(
  content: ContentBlock[],
  calls: readonly OpenCall[],
  run: RepairRun,
): ContentBlock[] {
  if (calls.length === 0 && content.every((block) => block.toolResult === undefined)) {
    return content;
  }
  const open = callsById(calls);
  const results = new Map<OpenCall, ContentBlock>();
  const rest: ContentBlock[] = [];
  let isInOrder = true;
  for (const block of content) {
    const { toolResult } = block;
    if (toolResult === undefined) {
      rest.push(block);
      continue;
    }
    const call = open.get(toolResult.toolUseId)?.shift();
    if (call === undefined && [block, ...toolResult.content].some(hasSeveralMembers)) {
      // What it says has no text that is told in full, and the request is refused as it is.
      rest.push(block);
    } else if (call === undefined) {
      run.changedLater(block, "tool-results-unexpected", "The result of no call is told as text.");
      for (const part of orphanAsText(block, toolResult, run)) rest.push(run.replace(block, part));
    } else {
      isInOrder &&= rest.length === 0 && call === calls[results.size];
      results.set(call, withResultId(block, toolResult, call.id, run));
    }
  }
  if (!isInOrder) {
    const reason = "Results now stand first, in the order of their calls.";
    run.changedLater(content[0], "tool-results-missing", reason);
  }
  const first = calls.map((call) => results.get(call) ?? missingResult(call, run));
  return [...first, ...rest];
}

function callsById(calls: readonly OpenCall[]): Map<string, OpenCall[]> {
  const open = new Map<string, OpenCall[]>();
  for (const call of calls) {
    const same = open.get(call.givenId);
    if (same === undefined) open.set(call.givenId, [call]);
    else same.push(call);
  }
  return open;
}

function missingResult({ id, block }: OpenCall, run: RepairRun): ContentBlock {
  run.changedLater(block, "tool-results-missing", "The call got a result that says it has none.");
  if (run.traits.toolResultStatus === false) {
    const content = [{ text: ERROR_PREFIX + NO_RESULT }];
    return run.replace(block, { toolResult: { toolUseId: id, content } });
  }
  const content = [{ text: NO_RESULT }];
  return run.replace(block, { toolResult: { toolUseId: id, content, status: "error" } });
}

/** Keeps what an orphan result says: text and JSON as text, media as they are. */
function orphanAsText(
  block: ContentBlock,
  { toolUseId, status, content }: ToolResultBlock,
  run: RepairRun,
): ContentBlock[] {
  const what = status === "error" ? "Failed result" : "Result";
  return [
    { text: `${what} of an earlier tool call (${toolUseId.toWellFormed()}):` },
    ...content.map((part): ContentBlock => {
      if (part.json === undefined) return part as ContentBlock;
      return { text: run.within(() => JSON.stringify(part.json), block) };
    }),
  ];
}
