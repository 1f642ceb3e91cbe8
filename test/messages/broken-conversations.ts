// Conversations that Bedrock refuses.

import type { BrokenRequest } from "./broken-requests.ts";
import {
  asking,
  assistant,
  saying,
  text,
  toolResult,
  toolUse,
  user,
  usingTools,
} from "./request-parts.ts";

const START =
  "A conversation must start with a user message. Try again with a conversation that starts with a user message.";
const ALTERNATE =
  "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.";

const blank = (object: string, at: string): [string, string] => [
  `${at}.text`,
  `The text field in the ${object} object at ${at} is blank. Add text to the text field, and try again.`,
];

export const BROKEN_CONVERSATIONS: readonly BrokenRequest[] = [
  {
    title: "no messages",
    rule: "first-message-user",
    request: { modelId: "any.model" },
    issues: [["messages", START]],
  },
  {
    title: "an empty list of messages",
    rule: "first-message-user",
    request: saying(),
    issues: [["messages", START]],
  },
  {
    title: "an assistant that speaks first, after a system message",
    rule: "first-message-user",
    request: saying({ role: "system", content: [text()] }, assistant(text()), user(text())),
    issues: [["messages.1.role", START]],
  },
  {
    title: "roles that repeat, also across a system message",
    rule: "roles-alternate",
    request: saying(
      user(text()),
      user(text()),
      assistant(text()),
      { role: "system", content: [text()] },
      assistant(text()),
      user(text()),
    ),
    issues: [
      ["messages.1.role", ALTERNATE],
      ["messages.4.role", ALTERNATE],
    ],
  },
  {
    title: "a message of nothing",
    rule: "content-empty",
    request: saying(user()),
    issues: [
      [
        "messages.0.content",
        "The content field in the Message object at messages.0 is empty. Add a ContentBlock object to the content field and try again.",
      ],
    ],
  },
  {
    title: "texts without a letter",
    rule: "text-blank",
    request: asking({
      system: [text("Be brief."), text(" \n")],
      messages: [user(text(""), text(), text("\t"))],
    }),
    issues: [
      blank("ContentBlock", "messages.0.content.0"),
      blank("ContentBlock", "messages.0.content.2"),
      blank("SystemContentBlock", "system.1"),
    ],
  },
  {
    title: "a blank tool result",
    rule: "text-blank",
    request: usingTools(
      user(text()),
      assistant(toolUse("a")),
      user(toolResult("a", { text: " " })),
    ),
    issues: [blank("ToolResultContentBlock", "messages.2.content.0.toolResult.content.0")],
  },
  {
    title: "a guarded text of nothing",
    rule: "guard-text-blank",
    request: saying(user(text(), { guardContent: { text: { text: " " } } })),
    issues: [
      [
        "messages.0.content.1.guardContent.text.text",
        "The guard content field in the ContentBlock object at messages.0.content.1 is blank. Add text to the guard content field, and try again.",
      ],
    ],
  },
];
