// Rules on tool calls and their answers in a conversation.

import { isRecord } from "../../core/json.ts";
import { hasNestedTypeKey } from "../nested-type-key.ts";
import type { ReportFinding, RequestRule } from "./request-rule.ts";
import {
  type BlockView,
  blocksNamed,
  type MessageView,
  type RequestView,
  recordOf,
  textOf,
} from "./view.ts";
import { modelError, notAnObject } from "./wording.ts";

const REPAIR_TURNS = "Let normalizeMessages make the tool turns legal.";

export const TOOL_TURN_RULES: readonly RequestRule[] = [
  {
    id: "tool-results-missing",
    reference: "https://github.com/genkit-ai/aws-bedrock-js-plugin/issues/664",
    repair: REPAIR_TURNS,
    check(view, report) {
      if (!view.blocksByName.has("toolUse")) return;
      for (const [position, message] of view.messages.entries()) {
        const calls = clientCallsOf(message);
        if (calls.length === 0) continue;
        const results = new Set(clientResultsOf(view.messages[position + 1]).map(idOf));
        const missing = calls.map(idOf).filter((id) => !results.has(id));
        if (missing.length === 0) continue;
        const path = `messages.${message.index + 1}.content`;
        report(
          path,
          `Expected toolResult blocks at ${path} for the following Ids: ${missing.join(", ")}`,
        );
      }
    },
  },
  {
    id: "tool-results-unexpected",
    reference: "https://github.com/pydantic/pydantic-ai/issues/2327",
    repair: REPAIR_TURNS,
    check(view, report) {
      if (!view.blocksByName.has("toolResult")) return;
      for (const [position, message] of view.messages.entries()) {
        const results = clientResultsOf(message);
        if (results.length === 0) continue;
        const calls = new Set(clientCallsOf(view.messages[position - 1]).map(idOf));
        for (const result of results) {
          if (calls.has(idOf(result))) continue;
          report(
            result.path,
            `The number of toolResult blocks at ${message.path}.content exceeds the number of toolUse blocks of previous turn.`,
          );
        }
      }
    },
  },
  {
    id: "tool-result-duplicate",
    reference:
      "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolResultBlock.html",
    repair: "Keep one result per call.",
    check(view, report) {
      if (!view.blocksByName.has("toolResult")) return;
      for (const message of view.messages) {
        reportDuplicates(message, clientResultsOf(message), "toolResult", report);
      }
    },
  },
  {
    id: "tool-use-duplicate",
    reference:
      "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolUseBlock.html",
    repair: "Give every call of a message its own id.",
    check(view, report) {
      if (!view.blocksByName.has("toolUse")) return;
      for (const message of view.messages) {
        reportDuplicates(message, clientCallsOf(message), "toolUse", report);
      }
    },
  },
  {
    id: "tool-block-role",
    reference: "https://docs.aws.amazon.com/bedrock/latest/userguide/tool-use-inference-call.html",
    repair: "Calls belong to the assistant, their results to the user.",
    check(view, report) {
      for (const { role, path } of blocksNamed(view, "toolUse")) {
        if (role !== "user") continue;
        const at = messagePathOf(path);
        report(
          path,
          modelError(`${at}: \`tool_use\` blocks can only be in \`assistant\` messages`),
        );
      }
      const serverCalls = serverCallsOf(view);
      for (const block of blocksNamed(view, "toolResult")) {
        const { role, path, value } = block;
        if (role !== "assistant" || isServerResult(value)) continue;
        const at = messagePathOf(path);
        if (serverCalls.has(`${at} ${idOf(block)}`)) continue;
        report(path, modelError(`${at}: \`tool_result\` blocks can only be in \`user\` messages`));
      }
    },
  },
  {
    id: "tool-input-object",
    reference: "https://github.com/langchain-ai/langchain-aws/issues/827",
    repair: "Parse the text of the call, and write {} where it is empty.",
    check(view, report) {
      for (const { path, value } of blocksNamed(view, "toolUse")) {
        const { input } = recordOf(value);
        if (input == null || isRecord(input)) continue;
        report(`${path}.toolUse.input`, notAnObject(`${path}.toolUse.input`));
      }
    },
  },
  {
    id: "tool-result-json-object",
    reference: "https://github.com/aws/aws-sdk-js-v3/issues/7330",
    repair: "Wrap the value in an object, or send it as text.",
    check(view, report) {
      for (const { path, value, isResultPart } of blocksNamed(view, "json")) {
        if (!isResultPart || (isRecord(value) && !hasNestedTypeKey(value))) continue;
        report(`${path}.json`, notAnObject(`${path}.json`));
      }
    },
  },
  {
    id: "tool-result-error-empty",
    reference:
      "https://github.com/aws-samples/sample-multi-agent-orchestration-chat-on-agentcore/issues/15",
    repair: "Say in a text block what went wrong.",
    check(view, report) {
      for (const { path, value } of blocksNamed(view, "toolResult")) {
        const { content, status } = recordOf(value);
        if (status !== "error" || !Array.isArray(content) || content.length > 0) continue;
        report(
          `${path}.toolResult.content`,
          `The content field at ${path}.toolResult cannot be empty when status value is error.`,
        );
      }
    },
  },
];

/** Calls that the caller has to answer, not the provider. */
export function clientCallsOf(message: MessageView | undefined): BlockView[] {
  if (message?.role !== "assistant") return [];
  return message.blocks.filter(
    ({ name, value }) => name === "toolUse" && recordOf(value)["type"] !== "server_tool_use",
  );
}

/** The answers in a message of the user. */
export function clientResultsOf(message: MessageView | undefined): BlockView[] {
  if (message?.role !== "user") return [];
  return message.blocks.filter(({ name }) => name === "toolResult");
}

/** The provider's calls, each by the path of its message and its id. */
function serverCallsOf(view: RequestView): Set<string> {
  const calls = new Set<string>();
  for (const block of blocksNamed(view, "toolUse")) {
    if (recordOf(block.value)["type"] !== "server_tool_use") continue;
    calls.add(`${messagePathOf(block.path)} ${idOf(block)}`);
  }
  return calls;
}

function isServerResult(result: unknown): boolean {
  return recordOf(result)["type"] != null;
}

function idOf({ value }: BlockView): string {
  return textOf(recordOf(value)["toolUseId"]) ?? "";
}

function messagePathOf(blockPath: string): string {
  return blockPath.slice(0, blockPath.indexOf(".content."));
}

function reportDuplicates(
  { path }: MessageView,
  blocks: readonly BlockView[],
  name: string,
  report: ReportFinding,
): void {
  if (blocks.length < 2) return;
  const seen = new Set<string>();
  for (const block of blocks) {
    const id = idOf(block);
    if (seen.has(id)) {
      report(
        `${block.path}.${name}.toolUseId`,
        `The ${name} blocks at ${path}.content contain duplicate Ids: ${id}`,
      );
    }
    seen.add(id);
  }
}
