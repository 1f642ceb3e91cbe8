// Conversations that Bedrock refuses.

import type { BrokenRequest } from "./broken-requests.ts";
import {
  asking,
  assistant,
  document,
  image,
  reasoning,
  saying,
  text,
  tool,
  toolResult,
  toolUse,
  UNKNOWN_MODEL,
  user,
  usingTools,
} from "./request-parts.ts";

const START =
  "A conversation must start with a user message. Try again with a conversation that starts with a user message.";
const ALTERNATE =
  "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.";

const TAKES_SYSTEM_ROLE = "anthropic.claude-opus-4-8";

const system = (...content: unknown[]) => ({ role: "system", content });

const searchResult = (words: string) => ({
  searchResult: { source: "https://example.com", title: "Result", content: [text(words)] },
});

const surrogate = (at: string): [string, string] => [
  at,
  `The request body is not valid JSON: ${at} holds half of a surrogate pair.`,
];

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
    request: asking({
      modelId: TAKES_SYSTEM_ROLE,
      messages: [system(text()), assistant(text()), user(text())],
    }),
    issues: [["messages.1.role", START]],
  },
  {
    title: "roles that repeat",
    rule: "roles-alternate",
    request: saying(user(text()), user(text()), assistant(text()), assistant(text()), user(text())),
    issues: [
      ["messages.1.role", ALTERNATE],
      ["messages.3.role", ALTERNATE],
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
    title: "texts without a letter inside other blocks",
    rule: "text-blank",
    request: asking({
      modelId: UNKNOWN_MODEL,
      messages: [
        user(
          text(),
          searchResult(""),
          document("a", { source: { text: " " }, citations: { enabled: true } }),
          document("b", {
            source: { content: [text(), text("\n")] },
            citations: { enabled: true },
          }),
        ),
        assistant(
          { reasoningContent: { reasoningText: { text: "", signature: "c2ln" } } },
          { citationsContent: { content: [text(" ")] } },
          toolUse("a"),
        ),
        user(toolResult("a", searchResult("\t"))),
      ],
      toolConfig: { tools: [tool()] },
    }),
    issues: [
      blank("SearchResultContentBlock", "messages.0.content.1.searchResult.content.0"),
      blank(
        "SearchResultContentBlock",
        "messages.2.content.0.toolResult.content.0.searchResult.content.0",
      ),
      blank("CitationGeneratedContent", "messages.1.content.1.citationsContent.content.0"),
      blank("DocumentSource", "messages.0.content.2.document.source"),
      blank("DocumentContentBlock", "messages.0.content.3.document.source.content.1"),
    ],
  },
  {
    title: "system messages after an answer and before a question",
    rule: "system-placement",
    request: asking({
      modelId: TAKES_SYSTEM_ROLE,
      messages: [
        system(text()),
        user(text()),
        assistant(text()),
        system(text()),
        system(text()),
        user(text()),
        system(text()),
        assistant(text()),
        user(text()),
        system(text()),
      ],
    }),
    issues: [
      [
        "messages.3.role",
        "The model returned the following errors: messages.3: role 'system' must follow a 'user' message or an 'assistant' message ending in a server tool result",
      ],
    ],
  },
  {
    title: "a system message between an answer of a tool of the provider's and a question",
    rule: "system-placement",
    request: asking({
      modelId: TAKES_SYSTEM_ROLE,
      messages: [
        user(text()),
        assistant({
          toolResult: { toolUseId: "a", content: [text()], type: "web_search_tool_result" },
        }),
        system(text()),
        system(text()),
        user(text()),
      ],
      toolConfig: { tools: [tool()] },
    }),
    issues: [
      [
        "messages.3.role",
        "The model returned the following errors: messages.3: role 'system' must precede an 'assistant' message or end the array",
      ],
    ],
  },
  {
    title: "an image from the assistant, reasoning and citations from the user",
    rule: "media-role",
    request: saying(
      user(text(), reasoning(), { citationsContent: { content: [text()] } }),
      assistant(text(), image()),
      user(text(), image()),
    ),
    issues: [
      [
        "messages.0.content.1",
        "User messages cannot contain reasoning content. Please remove the reasoning content and try again.",
      ],
      [
        "messages.0.content.2",
        "User messages cannot contain citations content. Please remove the citations content and try again.",
      ],
      [
        "messages.1.content.1",
        "Assistant messages cannot contain image content. Please remove the image content and try again.",
      ],
    ],
  },
  {
    title: "halves of surrogate pairs in a text, in a name and deep in the input of a call",
    rule: "lone-surrogate",
    request: usingTools(
      user(text("\ud83d")),
      assistant(toolUse("a", { list: ["\ud83d\ude00", { "\udc00": 1 }] })),
      user(toolResult("a", { json: { cut: "Hello \ud83d" } })),
    ),
    issues: [
      surrogate("messages.0.content.0.text"),
      surrogate("messages.1.content.0.toolUse.input.list.1.\ufffd"),
      surrogate("messages.2.content.0.toolResult.content.0.json.cut"),
    ],
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
