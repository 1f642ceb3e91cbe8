// Rules on the course of a conversation: who speaks when, and who may say what.

import { isPromptArn } from "./parameters.ts";
import type { RequestRule } from "./request-rule.ts";
import { endsInServerResult, type MessageView } from "./view.ts";
import { modelError } from "./wording.ts";

/** Who alone may say what, and what Bedrock calls it. */
const SPEAKERS = new Map([
  ["image", { role: "user", content: "image" }],
  ["document", { role: "user", content: "document" }],
  ["video", { role: "user", content: "video" }],
  ["audio", { role: "user", content: "audio" }],
  ["reasoningContent", { role: "assistant", content: "reasoning" }],
  ["citationsContent", { role: "assistant", content: "citations" }],
]);

export const CONVERSATION_RULES: readonly RequestRule[] = [
  {
    id: "first-message-user",
    reference: "https://github.com/strands-agents/sdk-typescript/issues/727",
    repair: "Cut the history at a user message that is no tool result.",
    check({ body, modelId, messages }, report) {
      const message =
        "A conversation must start with a user message. Try again with a conversation that starts with a user message.";
      // What is said here follows what the prompt says.
      if (isPromptArn(modelId)) return;
      const first = messages.find(({ role }) => role !== "system");
      if (first !== undefined) {
        if (first.role === "assistant") report(`${first.path}.role`, message);
      } else if (!hasMessages(body["messages"])) {
        report("messages", message);
      }
    },
  },
  {
    id: "roles-alternate",
    reference: "https://github.com/langchain-ai/langchain-aws/issues/130",
    repair: "Merge neighbouring messages of one role, as normalizeMessages does.",
    check({ messages }, report) {
      let previous: string | undefined;
      for (const message of messages) {
        const { role } = message;
        if (role === "system") continue;
        if (role !== undefined && role === previous) {
          report(
            `${message.path}.role`,
            "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.",
          );
        }
        previous = role;
      }
    },
  },
  {
    id: "content-empty",
    reference: "https://github.com/langchain-ai/langchain/issues/26968",
    repair: "Leave the message out, or give it a text.",
    check({ messages }, report) {
      for (const message of messages) {
        if (!message.isEmpty) continue;
        const { path } = message;
        report(
          `${path}.content`,
          `The content field in the Message object at ${path} is empty. Add a ContentBlock object to the content field and try again.`,
        );
      }
    },
  },
  {
    id: "system-placement",
    reference:
      "https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages#limitations",
    repair: "Put the message between a user message and the answer to it, or at the end.",
    check({ messages }, report) {
      // Those at the very beginning are what clients put into `system`.
      let position = messages.findIndex(({ role }) => role !== "system");
      while (position >= 0 && position < messages.length) {
        const first = messages[position];
        if (first?.role !== "system") {
          position += 1;
          continue;
        }
        const end = endOfSystemMessages(messages, position);
        const last = messages[end - 1] ?? first;
        if (!canPrecedeSystem(messages[position - 1])) {
          const rule = "follow a 'user' message or an 'assistant' message ending in a server tool";
          report(`${first.path}.role`, misplaced(first, `${rule} result`));
        } else if (end < messages.length && messages[end]?.role !== "assistant") {
          report(
            `${last.path}.role`,
            misplaced(last, "precede an 'assistant' message or end the array"),
          );
        }
        position = end;
      }
    },
  },
  {
    id: "media-role",
    reference: "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Message.html",
    repair: "Media belong to the user, reasoning and citations to the assistant.",
    check({ blocksByName }, report) {
      for (const [name, blocks] of blocksByName) {
        const speaker = SPEAKERS.get(name);
        if (speaker === undefined) continue;
        for (const { path, role, isResultPart } of blocks) {
          // What a tool of the provider's found stands in the assistant's message.
          if (isResultPart || role === speaker.role || !isRole(role)) continue;
          report(path, misattributed(role, speaker.content));
        }
      }
    },
  },
];

function isRole(role: string | undefined): role is string {
  return role === "user" || role === "assistant" || role === "system";
}

function hasMessages(messages: unknown): boolean {
  return Array.isArray(messages) && messages.length > 0;
}

function endOfSystemMessages(messages: readonly MessageView[], start: number): number {
  let end = start;
  while (messages[end]?.role === "system") end += 1;
  return end;
}

function canPrecedeSystem(message: MessageView | undefined): boolean {
  return message?.role !== "assistant" || endsInServerResult(message);
}

function misplaced({ path }: MessageView, demand: string): string {
  return modelError(`${path}: role 'system' must ${demand}`);
}

function misattributed(role: string, content: string): string {
  const speaker = `${role.charAt(0).toUpperCase()}${role.slice(1)}`;
  return `${speaker} messages cannot contain ${content} content. Please remove the ${content} content and try again.`;
}
