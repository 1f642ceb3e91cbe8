// Rules on tool calls and their answers in a conversation.

import { isRecord } from "../../core/json.ts";
import { modelError } from "./conversation.ts";
import {
  type BlockView,
  listOf,
  type MessageView,
  type RequestRule,
  type RuleFinding,
  recordOf,
  textOf,
  toBlockViews,
} from "./view.ts";

const REPAIR_TURNS = "Let normalizeMessages make the tool turns legal.";

export const TOOL_TURN_RULES: readonly RequestRule[] = [
  {
    id: "tool-results-missing",
    reference: "https://github.com/genkit-ai/aws-bedrock-js-plugin/issues/664",
    repair: REPAIR_TURNS,
    *check({ messages }) {
      for (const [position, message] of messages.entries()) {
        const results = new Set(clientResultsOf(messages[position + 1]).map(idOf));
        const missing = clientCallsOf(message)
          .map(idOf)
          .filter((id) => !results.has(id));
        if (missing.length === 0) continue;
        const path = `messages.${message.index + 1}.content`;
        yield {
          path,
          message: `Expected toolResult blocks at ${path} for the following Ids: ${missing.join(", ")}`,
        };
      }
    },
  },
  {
    id: "tool-results-unexpected",
    reference: "https://github.com/pydantic/pydantic-ai/issues/2327",
    repair: REPAIR_TURNS,
    *check({ messages }) {
      for (const [position, message] of messages.entries()) {
        const calls = new Set(clientCallsOf(messages[position - 1]).map(idOf));
        for (const result of clientResultsOf(message)) {
          if (calls.has(idOf(result))) continue;
          yield {
            path: result.path,
            message: `The number of toolResult blocks at ${message.path}.content exceeds the number of toolUse blocks of previous turn.`,
          };
        }
      }
    },
  },
  {
    id: "tool-result-duplicate",
    reference:
      "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolResultBlock.html",
    repair: "Keep one result per call.",
    *check({ messages }) {
      for (const message of messages) {
        yield* duplicateIds(message, clientResultsOf(message), "toolResult");
      }
    },
  },
  {
    id: "tool-use-duplicate",
    reference:
      "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolUseBlock.html",
    repair: "Give every call of a message its own id.",
    *check({ messages }) {
      for (const message of messages) {
        yield* duplicateIds(message, clientCallsOf(message), "toolUse");
      }
    },
  },
  {
    id: "tool-block-role",
    reference: "https://docs.aws.amazon.com/bedrock/latest/userguide/tool-use-inference-call.html",
    repair: "Calls belong to the assistant, their results to the user.",
    *check({ messages }) {
      for (const { index, role, blocks } of messages) {
        for (const { name, path, value } of blocks) {
          if (name === "toolUse" && role === "user") {
            const message = `messages.${index}: \`tool_use\` blocks can only be in \`assistant\` messages`;
            yield { path, message: modelError(message) };
          }
          if (name === "toolResult" && role === "assistant" && !isServerResult(value)) {
            const message = `messages.${index}: \`tool_result\` blocks can only be in \`user\` messages`;
            yield { path, message: modelError(message) };
          }
        }
      }
    },
  },
  {
    id: "tool-input-object",
    reference: "https://github.com/langchain-ai/langchain-aws/issues/827",
    repair: "Parse the text of the call, and write {} where it is empty.",
    *check({ messages }) {
      for (const { path, value } of blocksNamed(messages, "toolUse")) {
        const { input } = recordOf(value);
        if (input != null && !isRecord(input)) yield notAnObject(`${path}.toolUse.input`);
      }
    },
  },
  {
    id: "tool-result-json-object",
    reference: "https://github.com/aws/aws-sdk-js-v3/issues/7330",
    repair: "Wrap the value in an object, or send it as text.",
    *check({ messages }) {
      for (const { path, value } of resultPartsIn(messages)) {
        if (isRecord(value) && !hasNestedTypeKey(value)) continue;
        yield notAnObject(`${path}.json`);
      }
    },
  },
  {
    id: "tool-result-error-empty",
    reference:
      "https://github.com/aws-samples/sample-multi-agent-orchestration-chat-on-agentcore/issues/15",
    repair: "Say in a text block what went wrong.",
    *check({ messages }) {
      for (const { path, value } of blocksNamed(messages, "toolResult")) {
        const { content, status } = recordOf(value);
        if (status !== "error" || !Array.isArray(content) || content.length > 0) continue;
        yield {
          path: `${path}.toolResult.content`,
          message: `The content field at ${path}.toolResult cannot be empty when status value is error.`,
        };
      }
    },
  },
];

/** What Bedrock says of a value that should be an object. */
export function notAnObject(path: string): RuleFinding {
  const message = `The format of the value at ${path} is invalid. Provide a json object for the field and try again.`;
  return { path, message };
}

/** The blocks of one kind in all messages. */
export function blocksNamed(messages: readonly MessageView[], name: string): BlockView[] {
  return messages.flatMap(({ blocks }) => blocks.filter((block) => block.name === name));
}

/** Calls that the caller has to answer, not the provider. */
function clientCallsOf(message: MessageView | undefined): BlockView[] {
  if (message?.role !== "assistant") return [];
  return message.blocks.filter(
    ({ name, value }) => name === "toolUse" && recordOf(value)["type"] !== "server_tool_use",
  );
}

function clientResultsOf(message: MessageView | undefined): BlockView[] {
  if (message?.role !== "user") return [];
  return message.blocks.filter(({ name }) => name === "toolResult");
}

function isServerResult(result: unknown): boolean {
  return recordOf(result)["type"] != null;
}

function idOf({ value }: BlockView): string {
  return textOf(recordOf(value)["toolUseId"]) ?? "";
}

function* duplicateIds(
  { path }: MessageView,
  blocks: readonly BlockView[],
  name: string,
): Iterable<RuleFinding> {
  const seen = new Set<string>();
  for (const block of blocks) {
    const id = idOf(block);
    if (seen.has(id)) {
      const message = `The ${name} blocks at ${path}.content contain duplicate Ids: ${id}`;
      yield { path: `${block.path}.${name}.toolUseId`, message };
    }
    seen.add(id);
  }
}

function resultPartsIn(messages: readonly MessageView[]): BlockView[] {
  return blocksNamed(messages, "toolResult").flatMap(({ path, value }) =>
    toBlockViews(recordOf(value)["content"], `${path}.toolResult.content`).filter(
      ({ name }) => name === "json",
    ),
  );
}

/**
 * `__type` below the top marks a typed union to Bedrock, which then finds no object there.
 * https://github.com/maximhq/bifrost/issues/5762
 */
function hasNestedTypeKey(json: unknown): boolean {
  const waiting = Object.values(recordOf(json));
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (isRecord(value)) {
      if (Object.hasOwn(value, "__type")) return true;
      for (const item of Object.values(value)) waiting.push(item);
    } else {
      for (const item of listOf(value)) waiting.push(item);
    }
  }
  return false;
}
