// The golden list of what can be imported, value by value and type by type.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as main from "../../src/index.ts";
import * as local from "../../src/local/index.ts";
import * as mcp from "../../src/mcp/index.ts";

const VALUES = {
  "src/index.ts": [
    "AbortError",
    "Agent",
    "ApprovalError",
    "BedrockError",
    "BedrockLLM",
    "ConnectionError",
    "CredentialsError",
    "FileOnceStore",
    "InvalidRequestError",
    "MemoryOnceStore",
    "StreamError",
    "StructuredOutputError",
    "TimeoutError",
    "VERSION",
    "checkRequest",
    "costOf",
    "defineTool",
    "explainCache",
    "findModel",
    "listModels",
    "normalizeMessages",
    "reasoningOf",
    "textOf",
    "tokenWindow",
    "toolUsesOf",
  ],
  "src/local/index.ts": ["formatFault", "parseFaults", "startLocalBedrock"],
  "src/mcp/index.ts": ["McpError", "connectMcp"],
} as const;

/** Types that are ours rather than the wire's; those of the wire are checked against AWS's own. */
const TYPES = [
  "AfterModel",
  "AfterTool",
  "AgentEvent",
  "AgentHooks",
  "AgentOptions",
  "AgentPrompt",
  "AgentResult",
  "AgentRun",
  "AgentState",
  "AgentStopReason",
  "AgentToolOptions",
  "AgentTools",
  "AnswerIssue",
  "ApprovalDecision",
  "ApprovalDecisions",
  "ApprovalErrorReason",
  "ApprovalOptions",
  "ApprovalRequiredEvent",
  "AwsCredentials",
  "BedrockErrorOptions",
  "BedrockLLMOptions",
  "BeforeModel",
  "BeforeTool",
  "Budget",
  "CacheChange",
  "CacheExplanation",
  "CacheableRequest",
  "CheckableRequest",
  "ClientTimeoutOptions",
  "ContentBlockInput",
  "ConverseBody",
  "ConverseOptions",
  "ConverseStream",
  "Cost",
  "CostOptions",
  "CountTokensOptions",
  "CredentialsProvider",
  "DefinedTool",
  "FinishedToolCall",
  "HookContext",
  "InferOutput",
  "Input",
  "InputSchema",
  "InvokeObjectOptions",
  "InvokeOptions",
  "JsonSchema",
  "JsonValue",
  "LLM",
  "LLMStream",
  "Logger",
  "LostCachePoint",
  "MessageInput",
  "MessagesInput",
  "ModelAlias",
  "ModelFeature",
  "ModelFilter",
  "ModelInfo",
  "ModelPrice",
  "ObjectCall",
  "ObjectMode",
  "ObjectResult",
  "OnceStore",
  "OneOf",
  "Open",
  "Operation",
  "PaidUsage",
  "PartialObject",
  "PendingApproval",
  "PlainTool",
  "PrefixSection",
  "PrepareTurn",
  "ReasoningDeltaEvent",
  "RequestChange",
  "RequestExplanation",
  "RequestIssue",
  "ResponseMetadata",
  "ResumeOptions",
  "RetryOptions",
  "RunEndEvent",
  "RunOptions",
  "RunnableTool",
  "SchemaCheck",
  "SchemaIssue",
  "SigningKey",
  "StandardSchema",
  "StopWhen",
  "StreamErrorReason",
  "StructuredOutputErrorOptions",
  "SystemPromptInput",
  "TextDeltaEvent",
  "TimeoutOptions",
  "TimeoutPhase",
  "TokenWindowOptions",
  "ToolCallEndEvent",
  "ToolCallStartEvent",
  "ToolChoiceInput",
  "ToolDecision",
  "ToolDefinition",
  "ToolExecution",
  "ToolFunction",
  "ToolFunctions",
  "ToolInput",
  "ToolInputDeltaEvent",
  "ToolProgressEvent",
  "ToolResultInput",
  "TurnEndEvent",
  "TurnPreparation",
  "TurnRetryEvent",
  "TurnRetryOptions",
  "TurnStartEvent",
  "TurnSummary",
];

test("dcaf exports these values and no others", () => {
  assert.deepEqual(Object.keys(main).sort(), VALUES["src/index.ts"]);
});

test("dcaf/local exports these values and no others", () => {
  assert.deepEqual(Object.keys(local).sort(), VALUES["src/local/index.ts"]);
});

test("dcaf/mcp exports these values and no others", () => {
  assert.deepEqual(Object.keys(mcp).sort(), VALUES["src/mcp/index.ts"]);
});

test("dcaf exports these types, and those of the wire from core", () => {
  const text = readFileSync("src/index.ts", "utf8");
  const ours: string[] = [];
  for (const [, names = "", file = ""] of text.matchAll(
    /export type \{([^}]*)\} from "([^"]+)"/g,
  )) {
    if (
      /core\/(content|media|citations|converse-events|converse-request|guardrail-trace|guardrail-reasoning)\.ts/.test(
        file,
      )
    )
      continue;
    for (const name of names.split(",")) ours.push(name.trim().split(" as ").at(-1) ?? "");
  }
  const wire = [
    "CacheDetail",
    "ConverseMetrics",
    "ConverseOutput",
    "ConverseResponse",
    "ConverseTrace",
    "PromptRouterTrace",
    "StopReason",
    "TokenUsage",
  ];
  assert.deepEqual(ours.filter((name) => name !== "" && !wire.includes(name)).sort(), TYPES);
});

test("every export is named: no default, no star", () => {
  for (const file of Object.keys(VALUES)) {
    assert.doesNotMatch(readFileSync(file, "utf8"), /export \*|export default/);
  }
});

test("the version is that of the package", () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  assert.equal(main.VERSION, version);
});
