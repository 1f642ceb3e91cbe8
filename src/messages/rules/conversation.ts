// Rules on the course of a conversation: who speaks when, and that something is said.

import { isPromptArn } from "./parameters.ts";
import {
  type BlockView,
  type MessageView,
  type RequestRule,
  type RuleFinding,
  recordOf,
  textOf,
  toBlockViews,
} from "./view.ts";

const BLANK = /^\s*$/;

export const CONVERSATION_RULES: readonly RequestRule[] = [
  {
    id: "first-message-user",
    reference: "https://github.com/strands-agents/sdk-typescript/issues/727",
    repair: "Cut the history at a user message that is no tool result.",
    *check({ body, modelId, messages }) {
      const message =
        "A conversation must start with a user message. Try again with a conversation that starts with a user message.";
      const first = messages.find(({ role }) => role !== "system");
      if (first !== undefined) {
        if (first.role === "assistant") yield { path: `${first.path}.role`, message };
      } else if (!isPromptArn(modelId) && !hasMessages(body["messages"])) {
        yield { path: "messages", message };
      }
    },
  },
  {
    id: "roles-alternate",
    reference: "https://github.com/langchain-ai/langchain-aws/issues/130",
    repair: "Merge neighbouring messages of one role, as normalizeMessages does.",
    *check({ messages }) {
      const spoken = messages.filter(({ role }) => role !== "system");
      for (const [position, { path, role }] of spoken.entries()) {
        if (position === 0 || role === undefined || role !== spoken[position - 1]?.role) continue;
        yield {
          path: `${path}.role`,
          message:
            "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.",
        };
      }
    },
  },
  {
    id: "content-empty",
    reference: "https://github.com/langchain-ai/langchain/issues/26968",
    repair: "Leave the message out, or give it a text.",
    *check({ messages }) {
      for (const { path, isEmpty } of messages) {
        if (!isEmpty) continue;
        yield {
          path: `${path}.content`,
          message: `The content field in the Message object at ${path} is empty. Add a ContentBlock object to the content field and try again.`,
        };
      }
    },
  },
  {
    id: "text-blank",
    reference: "https://github.com/boto/botocore/issues/3525",
    repair: "Leave the block out; a space in its place is refused too.",
    *check({ messages, system }) {
      for (const { blocks } of messages) {
        for (const block of blocks) yield* blankTextsIn(block);
      }
      for (const block of system) yield* blankText(block, "SystemContentBlock");
    },
  },
  {
    id: "guard-text-blank",
    reference: "https://github.com/aws-samples/bedrock-chat/issues/637",
    repair: "Leave the block out.",
    *check({ messages, system }) {
      for (const { name, value, path } of [
        ...messages.flatMap(({ blocks }) => blocks),
        ...system,
      ]) {
        if (name !== "guardContent") continue;
        const text = textOf(recordOf(recordOf(value)["text"])["text"]);
        if (text === undefined || !BLANK.test(text)) continue;
        yield {
          path: `${path}.guardContent.text.text`,
          message: `The guard content field in the ContentBlock object at ${path} is blank. Add text to the guard content field, and try again.`,
        };
      }
    },
  },
  {
    id: "trailing-white-space",
    reference: "https://github.com/langchain-ai/langchain-aws/issues/532",
    repair: "Trim the end of the last text.",
    *check({ messages }) {
      const last = messages.at(-1);
      const block = last?.role === "assistant" ? last.blocks.at(-1) : undefined;
      const text = block?.name === "text" ? textOf(block.value) : undefined;
      if (block === undefined || text === undefined || text === text.trimEnd()) return;
      if (BLANK.test(text)) return;
      yield {
        path: `${block.path}.text`,
        message: modelError(
          "messages: final assistant content cannot end with trailing whitespace",
        ),
      };
    },
  },
];

/** How Bedrock passes on what the model's own interface refused. */
export function modelError(message: string): string {
  return `The model returned the following errors: ${message}`;
}

/** The blocks of all messages of a view, in order. */
export function blocksOf(messages: readonly MessageView[]): BlockView[] {
  return messages.flatMap(({ blocks }) => blocks);
}

function hasMessages(messages: unknown): boolean {
  return Array.isArray(messages) && messages.length > 0;
}

function* blankTextsIn(block: BlockView): Iterable<RuleFinding> {
  yield* blankText(block, "ContentBlock");
  if (block.name !== "toolResult") return;
  const content = recordOf(block.value)["content"];
  for (const part of toBlockViews(content, `${block.path}.toolResult.content`)) {
    yield* blankText(part, "ToolResultContentBlock");
  }
}

function* blankText({ name, value, path }: BlockView, object: string): Iterable<RuleFinding> {
  if (name !== "text" || typeof value !== "string" || !BLANK.test(value)) return;
  yield {
    path: `${path}.text`,
    message: `The text field in the ${object} object at ${path} is blank. Add text to the text field, and try again.`,
  };
}
