// The Converse request as the service model describes it: members, lengths, patterns and ranges.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html and the data
// types it links to. Such facts stand here and in wire-content.ts, and nowhere else.

import { BOOLEAN, JSON_VALUE, list, oneOf, structure, TEXT, text, union } from "./shape-parts.ts";
import type { StructureShape } from "./shapes.ts";
import { CACHE_POINT, GUARD_CONTENT, MESSAGE, TOOL_NAME } from "./wire-content.ts";

const TOOL_CONFIG = structure(
  {
    tools: list(
      union("Tool", {
        toolSpec: structure(
          {
            name: TOOL_NAME,
            description: text({ min: 1 }),
            inputSchema: union("ToolInputSchema", { json: JSON_VALUE }),
            strict: BOOLEAN,
          },
          ["name", "inputSchema"],
        ),
        systemTool: structure({ name: TOOL_NAME }, ["name"]),
        cachePoint: CACHE_POINT,
      }),
      { min: 1 },
    ),
    toolChoice: union("ToolChoice", {
      auto: structure({}),
      any: structure({}),
      tool: structure({ name: TOOL_NAME }, ["name"]),
    }),
  },
  ["tools"],
);

const SHARE = { kind: "number", min: 0, max: 1 } as const;

/** A whole request; the model id, which travels in the path, may be among it. */
export const CONVERSE_REQUEST: StructureShape = structure({
  // Its pattern is a rule of its own, for Bedrock answers it in other words.
  modelId: text({ min: 1, max: 2048 }),
  messages: list(MESSAGE),
  system: list(
    union("SystemContentBlock", {
      text: TEXT,
      guardContent: GUARD_CONTENT,
      cachePoint: CACHE_POINT,
    }),
  ),
  inferenceConfig: structure({
    maxTokens: { kind: "number", integer: true, min: 1 },
    temperature: SHARE,
    topP: SHARE,
    stopSequences: list(text({ min: 1 }), { max: 2500 }),
  }),
  toolConfig: TOOL_CONFIG,
  guardrailConfig: structure({
    guardrailIdentifier: text({
      max: 2048,
      pattern:
        /(|([a-z0-9]+)|(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail\/[a-z0-9]+))/,
    }),
    guardrailVersion: text({ pattern: /(|([1-9][0-9]{0,7})|(DRAFT))/ }),
    trace: oneOf("enabled", "disabled", "enabled_full"),
    streamProcessingMode: oneOf("sync", "async"),
  }),
  additionalModelRequestFields: JSON_VALUE,
  promptVariables: {
    kind: "map",
    key: TEXT,
    of: union("PromptVariableValues", { text: TEXT }),
  },
  additionalModelResponseFieldPaths: list(text({ min: 1, max: 256 }), { max: 10 }),
  requestMetadata: {
    kind: "map",
    key: text({ min: 1, max: 256, pattern: /[a-zA-Z0-9\s:_@$#=/+,-.]{1,256}/ }),
    of: text({ max: 256, pattern: /[a-zA-Z0-9\s:_@$#=/+,-.]{0,256}/ }),
    min: 1,
    max: 16,
  },
  performanceConfig: structure({ latency: oneOf("standard", "optimized") }),
  serviceTier: structure({ type: oneOf("priority", "default", "flex", "reserved") }, ["type"]),
  outputConfig: structure({
    textFormat: structure(
      {
        type: oneOf("json_schema"),
        structure: union("OutputFormatStructure", {
          jsonSchema: structure({ schema: TEXT, name: TEXT, description: TEXT }, ["schema"]),
        }),
      },
      ["type", "structure"],
    ),
    effort: text({ max: 16 }),
  }),
});
