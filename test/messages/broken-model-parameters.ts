// Parameters that single models refuse.

import type { BrokenRequest } from "./broken-requests.ts";
import { asking, UNKNOWN_MODEL } from "./request-parts.ts";

const OPUS_4_7 = "us.anthropic.claude-opus-4-7";
const HAIKU_4_5 = "us.anthropic.claude-haiku-4-5-20251001-v1:0";

const FIELDS = "additionalModelRequestFields";

const refused = (message: string): string => `The model returned the following errors: ${message}`;

export const BROKEN_MODEL_PARAMETERS: readonly BrokenRequest[] = [
  {
    title: "more tokens than the model gives",
    rule: "max-tokens-ceiling",
    request: asking({
      modelId: "anthropic.claude-3-haiku-20240307-v1:0",
      inferenceConfig: { maxTokens: 4097 },
    }),
    issues: [
      [
        "inferenceConfig.maxTokens",
        "The maximum tokens you requested exceeds the model limit of 4096. Try again with a maximum tokens value that is lower than 4096.",
      ],
    ],
  },
  {
    title: "bounds and another document in the schema of a strict tool",
    rule: "structured-schema",
    request: asking({
      modelId: "anthropic.claude-opus-4-5-20251101-v1:0",
      toolConfig: {
        tools: [
          {
            toolSpec: {
              name: "a",
              strict: true,
              inputSchema: {
                json: {
                  type: "object",
                  properties: {
                    minimum: { type: "integer", minimum: 1 },
                    list: { type: "array", items: { anyOf: [{ $ref: "other.json" }] } },
                  },
                },
              },
            },
          },
        ],
      },
    }),
    issues: [
      [
        "toolConfig.tools.0.toolSpec.inputSchema.json.properties.minimum.minimum",
        refused("For this type, the property 'minimum' is not supported"),
      ],
      [
        "toolConfig.tools.0.toolSpec.inputSchema.json.properties.list.items.anyOf.0.$ref",
        refused("External $ref is not supported"),
      ],
    ],
  },
  {
    title: "a bound in the schema of the answer",
    rule: "structured-schema",
    request: asking({
      modelId: "anthropic.claude-opus-4-5-20251101-v1:0",
      outputConfig: {
        textFormat: {
          type: "json_schema",
          structure: { jsonSchema: { schema: '{"type":"string","maxLength":5}' } },
        },
      },
    }),
    issues: [
      [
        "outputConfig.textFormat.structure.jsonSchema.schema.maxLength",
        refused("For this type, the property 'maxLength' is not supported"),
      ],
    ],
  },
  {
    title: "sampling parameters in both places for a model without any",
    rule: "sampling-refused",
    request: asking({
      modelId: OPUS_4_7,
      inferenceConfig: { temperature: 0 },
      [FIELDS]: { top_k: 5, top_p: null },
    }),
    issues: [
      ["inferenceConfig.temperature", refused("`temperature` is deprecated for this model.")],
      [`${FIELDS}.top_k`, refused("`top_k` is deprecated for this model.")],
    ],
  },
  {
    title: "a temperature and a topP, one in each place",
    rule: "sampling-exclusive",
    request: asking({
      modelId: HAIKU_4_5,
      inferenceConfig: { temperature: 0.5 },
      [FIELDS]: { top_p: 0.9 },
    }),
    issues: [
      [
        `${FIELDS}.top_p`,
        refused(
          "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
        ),
      ],
    ],
  },
  {
    title: "a stop sequence of line breaks",
    rule: "stop-sequence-blank",
    request: asking({ modelId: HAIKU_4_5, inferenceConfig: { stopSequences: ["END", "\n\n"] } }),
    issues: [
      [
        "inferenceConfig.stopSequences.1",
        refused("stop_sequences: each stop sequence must contain non-whitespace"),
      ],
    ],
  },
  {
    title: "limits beside the highest effort of Nova 2",
    rule: "effort-unbounded",
    request: asking({
      modelId: "us.amazon.nova-2-lite-v1:0",
      inferenceConfig: { maxTokens: 100, topP: 0.5 },
      [FIELDS]: { reasoningConfig: { type: "enabled", maxReasoningEffort: "high" } },
    }),
    issues: [
      [
        "inferenceConfig.maxTokens",
        refused("maxTokens must be unset when maxReasoningEffort is high"),
      ],
      ["inferenceConfig.topP", refused("topP must be unset when maxReasoningEffort is high")],
    ],
  },
  {
    title: "formats of the answer for a model without them",
    rule: "text-format-refused",
    request: asking({
      modelId: OPUS_4_7,
      outputConfig: {
        textFormat: { type: "json_schema", structure: { jsonSchema: { schema: "{}" } } },
      },
      [FIELDS]: { output_config: { format: { type: "json_schema" } } },
    }),
    issues: [
      ["outputConfig.textFormat", refused("output_config.format: Extra inputs are not permitted")],
      [
        `${FIELDS}.output_config.format`,
        refused("output_config.format: Extra inputs are not permitted"),
      ],
    ],
  },
  {
    title: "parameters the model was seen to refuse",
    rule: "parameter-refused",
    request: asking({
      modelId: UNKNOWN_MODEL,
      inferenceConfig: { stopSequences: ["END"], topP: null },
      [FIELDS]: { top_k: 5 },
    }),
    context: {
      traits: {
        refusedParameters: [
          "inferenceConfig.stopSequences",
          "inferenceConfig.topP",
          `${FIELDS}.top_k`,
          "toString",
        ],
      },
    },
    issues: [
      [
        "inferenceConfig.stopSequences",
        "This model doesn't support the stopSequences field. Remove stopSequences and try again.",
      ],
      [
        `${FIELDS}.top_k`,
        "This model doesn't support the top_k field. Remove top_k and try again.",
      ],
    ],
  },
];
