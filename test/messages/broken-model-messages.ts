// Tools and messages that single models refuse.

import type { BrokenRequest } from "./broken-requests.ts";
import {
  asking,
  assistant,
  cachePoint,
  document,
  reasoning,
  text,
  tool,
  toolResult,
  toolUse,
  user,
} from "./request-parts.ts";

const OPUS_4_7 = "us.anthropic.claude-opus-4-7";
const LLAMA = "us.meta.llama4-maverick-17b-instruct-v1:0";
const MISTRAL = "mistral.mistral-large-3-675b-instruct";
const NOVA = "us.amazon.nova-pro-v1:0";

const refused = (message: string): string => `The model returned the following errors: ${message}`;

const unsupported = (path: string): [string, string] => [
  path,
  `This model doesn't support the ${path} field. Remove ${path} and try again.`,
];

const HYPHEN =
  "Model produced invalid sequence as part of ToolUse. Please refer to the model tool use troubleshooting guide.";
const NO_CACHING =
  "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.";

/** A call with its answer, for a model that reads ids of its own form. */
const loop = (modelId: string, id: string, ...others: unknown[]) =>
  asking({
    modelId,
    messages: [
      user(text()),
      assistant(toolUse(id)),
      user(toolResult(id, { text: "3 degrees" }), ...others),
    ],
    toolConfig: { tools: [tool()] },
  });

export const BROKEN_MODEL_MESSAGES: readonly BrokenRequest[] = [
  {
    title: "tools in a stream of a model that streams none",
    rule: "streaming-tools",
    request: asking({ modelId: LLAMA, toolConfig: { tools: [tool()] } }),
    context: { operation: "converse-stream" },
    issues: [["toolConfig", "This model doesn't support tool use in streaming mode."]],
  },
  {
    title: "a forced call",
    rule: "tool-choice-refused",
    request: asking({
      modelId: LLAMA,
      toolConfig: { tools: [tool()], toolChoice: { tool: { name: "get_weather" } } },
    }),
    issues: [unsupported("toolConfig.toolChoice.tool")],
  },
  {
    title: "a strict tool",
    rule: "strict-refused",
    request: asking({
      modelId: OPUS_4_7,
      toolConfig: {
        tools: [
          tool("a"),
          { toolSpec: { name: "b", strict: true, inputSchema: { json: { type: "object" } } } },
        ],
      },
    }),
    issues: [
      [
        "toolConfig.tools.1.toolSpec.strict",
        refused("tools.1.custom.strict: Extra inputs are not permitted"),
      ],
    ],
  },
  {
    title: "hyphens in the names of tools, of the choice and of a call",
    rule: "tool-name-hyphen",
    request: asking({
      modelId: NOVA,
      messages: [
        user(text()),
        assistant({ toolUse: { toolUseId: "a", name: "get-time", input: {} } }),
        user(toolResult("a", text())),
      ],
      toolConfig: {
        tools: [tool("get-weather"), tool("get_time")],
        toolChoice: { tool: { name: "get-weather" } },
      },
    }),
    issues: [
      ["toolConfig.tools.0.toolSpec.name", HYPHEN],
      ["toolConfig.toolChoice.tool.name", HYPHEN],
      ["messages.1.content.0.toolUse.name", HYPHEN],
    ],
  },
  {
    title: "an id with a colon for Claude",
    rule: "tool-use-id-form",
    request: loop(OPUS_4_7, "call:1"),
    issues: [
      [
        "messages.1.content.0.toolUse.toolUseId",
        refused("messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'"),
      ],
      [
        "messages.2.content.0.toolResult.toolUseId",
        refused(
          "messages.2.content.0.tool_result.tool_use_id: String should match pattern '^[a-zA-Z0-9_-]+$'",
        ),
      ],
    ],
  },
  {
    title: "an id of another model for Mistral",
    rule: "tool-use-id-form",
    request: loop(MISTRAL, "tooluse_1"),
    issues: [
      [
        "messages.1.content.0.toolUse.toolUseId",
        refused("Tool call id was tooluse_1 but must be a-z, A-Z, 0-9, with a length of 9."),
      ],
      [
        "messages.2.content.0.toolResult.toolUseId",
        refused("Tool call id was tooluse_1 but must be a-z, A-Z, 0-9, with a length of 9."),
      ],
    ],
  },
  {
    title: "a text beside a tool result",
    rule: "tool-results-alone",
    request: loop(LLAMA, "a", text()),
    issues: [
      [
        "messages.2.content",
        "messages.2.content: Conversation blocks and tool result blocks cannot be provided in the same turn.",
      ],
    ],
  },
  {
    title: "the status of a tool result",
    rule: "tool-result-status",
    request: asking({
      modelId: LLAMA,
      messages: [
        user(text()),
        assistant(toolUse("a")),
        user({ toolResult: { toolUseId: "a", content: [text()], status: "error" } }),
      ],
      toolConfig: { tools: [tool()] },
    }),
    issues: [unsupported("messages.2.content.0.toolResult.status")],
  },
  {
    title: "system messages for a model that knows none",
    rule: "system-role",
    request: asking({
      modelId: OPUS_4_7,
      messages: [
        { role: "system", content: [text()] },
        user(text()),
        { role: "system", content: [text()] },
      ],
    }),
    issues: [
      ["messages.0.role", refused("role 'system' is not supported on this model")],
      ["messages.2.role", refused("role 'system' is not supported on this model")],
    ],
  },
  {
    title: "the beginning of an answer",
    rule: "prefill-refused",
    request: asking({ modelId: OPUS_4_7, messages: [user(text()), assistant(text("{"))] }),
    issues: [
      [
        "messages.1.role",
        refused(
          "This model does not support assistant message prefill. The conversation must end with a user message.",
        ),
      ],
    ],
  },
  {
    title: "reasoning for a model that takes none back",
    rule: "reasoning-replay",
    request: asking({
      modelId: NOVA,
      messages: [user(text()), assistant(reasoning(), text()), user(text())],
    }),
    issues: [
      [
        "messages.1.content.0",
        "User messages cannot contain reasoning content. Please remove the reasoning content and try again.",
      ],
    ],
  },
  {
    title: "reasoning without a signature for a model that wants one",
    rule: "reasoning-replay",
    request: asking({
      modelId: OPUS_4_7,
      messages: [
        user(text()),
        assistant(
          reasoning(),
          { reasoningContent: { redactedContent: Uint8Array.of(1) } },
          { reasoningContent: { reasoningText: { text: "Hm." } } },
          { reasoningContent: { reasoningText: { text: "Hm.", signature: "" } } },
          text(),
        ),
        user(text()),
      ],
    }),
    issues: [
      ["messages.1.content.2", refused("messages.1.content.2.thinking.signature: Field required")],
      ["messages.1.content.3", refused("messages.1.content.3.thinking.signature: Field required")],
    ],
  },
  {
    title: "cache points for a model that caches nothing",
    rule: "cache-refused",
    request: asking({
      modelId: LLAMA,
      toolConfig: { tools: [tool(), cachePoint()] },
      system: [text(), cachePoint()],
      messages: [user(text(), cachePoint())],
    }),
    issues: [
      ["toolConfig.tools.1", NO_CACHING],
      ["system.1", NO_CACHING],
      ["messages.0.content.1", NO_CACHING],
    ],
  },
  {
    title: "a cache point among the tools of Nova, and one for an hour",
    rule: "cache-refused",
    request: asking({
      modelId: NOVA,
      toolConfig: { tools: [tool(), cachePoint("1h")] },
      system: [text(), cachePoint("1h")],
      messages: [user(text(), cachePoint("5m"))],
    }),
    issues: [
      [
        "toolConfig.tools.1",
        "Malformed input request: #/toolConfig/tools/1: extraneous key [cachePoint] is not permitted, please reformat your input and try again.",
      ],
      ["system.1", refused("system.1.cache_control: ttl '1h' is not supported for this model")],
    ],
  },
  {
    title: "citations for one document of two",
    rule: "citations-mixed",
    request: asking({
      modelId: OPUS_4_7,
      messages: [
        user(
          text(),
          document("a", { citations: { enabled: true } }),
          document("b", { citations: { enabled: false } }),
          document("c"),
        ),
      ],
    }),
    issues: [
      [
        "messages.0.content.2.document.citations",
        refused("Citations must be enabled for all documents or for none of them."),
      ],
    ],
  },
];
