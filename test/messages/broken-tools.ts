// Tool configurations and tool turns that Bedrock refuses.

import type { BrokenRequest } from "./broken-requests.ts";
import {
  asking,
  assistant,
  cachePoint,
  saying,
  text,
  tool,
  toolResult,
  toolUse,
  user,
  usingTools,
} from "./request-parts.ts";

const RESULT = { text: "72°F" };

const noObject = (path: string): [string, string] => [
  path,
  `The format of the value at ${path} is invalid. Provide a json object for the field and try again.`,
];

export const BROKEN_TOOLS: readonly BrokenRequest[] = [
  {
    title: "tool blocks in the history without tools",
    rule: "tool-config-missing",
    request: saying(user(text()), assistant(toolUse("a")), user(toolResult("a", RESULT))),
    issues: [
      [
        "toolConfig",
        "The toolConfig field must be defined when using toolUse and toolResult content blocks.",
      ],
    ],
  },
  {
    title: "a cache point in place of tools",
    rule: "tools-only-cache-points",
    request: asking({ toolConfig: { tools: [cachePoint()] } }),
    issues: [
      [
        "toolConfig.tools",
        "The toolConfig.tools field must contain a tool besides the cachePoint blocks. Add a tool and try again.",
      ],
    ],
  },
  {
    title: "two tools of one name",
    rule: "tool-names-duplicate",
    request: asking({ toolConfig: { tools: [tool("a"), tool("b"), tool("a")] } }),
    issues: [
      [
        "toolConfig.tools.2.toolSpec.name",
        "The model returned the following errors: tools: Tool names must be unique.",
      ],
    ],
  },
  {
    title: "a schema written as text",
    rule: "input-schema-object",
    request: asking({ toolConfig: { tools: [tool("a", '{"type":"object"}')] } }),
    issues: [noObject("toolConfig.tools.0.toolSpec.inputSchema.json")],
  },
  {
    title: "a schema for a list",
    rule: "input-schema-type",
    request: asking({ toolConfig: { tools: [tool("a", { type: "array" })] } }),
    issues: [
      [
        "toolConfig.tools.0.toolSpec.inputSchema.json.type",
        "The value at toolConfig.tools.0.toolSpec.inputSchema.json.type must be one of the following: object.",
      ],
    ],
  },
  {
    title: "a choice of a tool that is not there",
    rule: "tool-choice-unknown",
    request: asking({ toolConfig: { tools: [tool("a")], toolChoice: { tool: { name: "b" } } } }),
    issues: [
      [
        "toolConfig.toolChoice.tool.name",
        "The model returned the following errors: Tool 'b' not found in provided tools",
      ],
    ],
  },
  {
    title: "calls without results, one of them the last word",
    rule: "tool-results-missing",
    request: usingTools(
      user(text()),
      assistant(toolUse("a"), toolUse("b"), toolUse("c")),
      user(toolResult("b", RESULT), text()),
      assistant(toolUse("d")),
    ),
    issues: [
      [
        "messages.2.content",
        "Expected toolResult blocks at messages.2.content for the following Ids: a, c",
      ],
      [
        "messages.4.content",
        "Expected toolResult blocks at messages.4.content for the following Ids: d",
      ],
    ],
  },
  {
    title: "a result nobody asked for",
    rule: "tool-results-unexpected",
    request: usingTools(
      user(text()),
      assistant(toolUse("a")),
      user(toolResult("a", RESULT), toolResult("z", RESULT)),
    ),
    issues: [
      [
        "messages.2.content.1",
        "The number of toolResult blocks at messages.2.content exceeds the number of toolUse blocks of previous turn.",
      ],
    ],
  },
  {
    title: "two results for one call",
    rule: "tool-result-duplicate",
    request: usingTools(
      user(text()),
      assistant(toolUse("a")),
      user(toolResult("a", RESULT), toolResult("a", RESULT)),
    ),
    issues: [
      [
        "messages.2.content.1.toolResult.toolUseId",
        "The toolResult blocks at messages.2.content contain duplicate Ids: a",
      ],
    ],
  },
  {
    title: "two calls of one id",
    rule: "tool-use-duplicate",
    request: usingTools(
      user(text()),
      assistant(toolUse("a"), toolUse("a")),
      user(toolResult("a", RESULT)),
    ),
    issues: [
      [
        "messages.1.content.1.toolUse.toolUseId",
        "The toolUse blocks at messages.1.content contain duplicate Ids: a",
      ],
    ],
  },
  {
    title: "a call by the user and a result from the assistant",
    rule: "tool-block-role",
    request: usingTools(user(text(), toolUse("a")), assistant(text(), toolResult("a", RESULT))),
    issues: [
      [
        "messages.0.content.1",
        "The model returned the following errors: messages.0: `tool_use` blocks can only be in `assistant` messages",
      ],
      [
        "messages.1.content.1",
        "The model returned the following errors: messages.1: `tool_result` blocks can only be in `user` messages",
      ],
    ],
  },
  {
    title: "an input still written as text",
    rule: "tool-input-object",
    request: usingTools(
      user(text()),
      assistant(toolUse("a", '{"city":"Oslo"}')),
      user(toolResult("a", RESULT)),
    ),
    issues: [noObject("messages.1.content.0.toolUse.input")],
  },
  {
    title: "a result that is a JSON list, and one with a typed part inside",
    rule: "tool-result-json-object",
    request: usingTools(
      user(text()),
      assistant(toolUse("a")),
      user(
        toolResult(
          "a",
          { json: [1, 2] },
          { json: { __type: "at the top it is allowed" } },
          { json: { data: [{ __type: "Query" }] } },
        ),
      ),
    ),
    issues: [
      noObject("messages.2.content.0.toolResult.content.0.json"),
      noObject("messages.2.content.0.toolResult.content.2.json"),
    ],
  },
  {
    title: "a failure without a word",
    rule: "tool-result-error-empty",
    request: usingTools(
      user(text()),
      assistant(toolUse("a")),
      user({ toolResult: { toolUseId: "a", content: [], status: "error" } }),
    ),
    issues: [
      [
        "messages.2.content.0.toolResult.content",
        "The content field at messages.2.content.0.toolResult cannot be empty when status value is error.",
      ],
    ],
  },
];
