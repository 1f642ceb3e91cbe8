// The law over all models: what is sent breaks no rule, unless the caller asked for something that
// cannot be had in any form.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ConverseOptions, JsonValue } from "../../src/index.ts";
import { findIssues } from "../../src/messages/check-request.ts";
import { REQUEST_RULES } from "../../src/messages/rules/request-rules.ts";
import { traitsOf } from "../../src/models/model-traits.ts";
import { build, UNKNOWN_MODEL } from "./build.ts";
import {
  CLAUDE_3_5,
  GPT_OSS,
  HAIKU_4_5,
  LLAMA_4,
  MISTRAL,
  NOVA_2,
  NOVA_PRO,
  OPUS_4_1,
  OPUS_4_5,
  OPUS_4_6,
  OPUS_4_7,
  OPUS_5,
  OPUS_5_5,
} from "./fit-case.ts";

const FORMAT = {
  type: "json_schema",
  structure: { jsonSchema: { schema: '{"type":"object"}' } },
} as const;

const MODELS = [
  UNKNOWN_MODEL,
  CLAUDE_3_5,
  "us.anthropic.claude-3-7-sonnet-20250219-v1:0",
  OPUS_4_1,
  HAIKU_4_5,
  OPUS_4_5,
  OPUS_4_6,
  OPUS_4_7,
  "anthropic.claude-opus-4-8",
  OPUS_5,
  OPUS_5_5,
  "global.anthropic.claude-fable-5-1",
  NOVA_PRO,
  NOVA_2,
  LLAMA_4,
  MISTRAL,
  GPT_OSS,
  "deepseek.r1-v1:0",
  "writer.palmyra-x5-v1:0",
];

const RULE_IDS = new Set(REQUEST_RULES.map(({ id }) => id));

/** What cannot be had in any form, and is left for the caller to decide. */
const CALLERS_OWN = new Set(["prefill-refused", "thinking-budget", "stop-sequence-blank"]);

const effort = fc.constantFrom("low", "medium", "high", "xhigh", "max");
const thinking = fc.oneof(
  fc.constant({ type: "adaptive" }),
  fc.constant({ type: "disabled" }),
  fc.record({
    type: fc.constant("enabled"),
    budget_tokens: fc.constantFrom(500, 1024, 4096, 40_000),
  }),
);
const fields = fc.record(
  {
    thinking,
    reasoning_config: thinking,
    top_k: fc.constant(5),
    top_p: fc.constantFrom(0.5, 0.99),
    temperature: fc.constantFrom(0, 1),
    output_config: fc.record({ effort }),
    reasoningConfig: fc.record({
      type: fc.constant("enabled"),
      maxReasoningEffort: fc.constantFrom("low", "high"),
    }),
  },
  { requiredKeys: [] },
);
const toolName = fc.constantFrom(
  "get_weather",
  "get-weather",
  "my.tool/with:much",
  "x".repeat(100),
  "é",
);
const schema = fc.constantFrom<Record<string, JsonValue>>(
  { type: "object" },
  { type: "object", properties: { n: { type: "integer", minimum: 1 } } },
  { type: "object", properties: { next: { $ref: "#" } } },
  { type: "object", properties: { a: { $ref: "other.json" } } },
);
const anyOptions: fc.Arbitrary<ConverseOptions> = fc
  .record(
    {
      temperature: fc.constantFrom(0, 0.5, 1),
      topP: fc.constantFrom(0, 0.5, 1),
      maxTokens: fc.constantFrom(1, 2000, 100_000, 1_000_000),
      stopSequences: fc.constantFrom(["END"], ["\n\n"]),
      systemPrompt: fc.constantFrom("Be brief.", "\ud800", ""),
      outputConfig: fc.record({ effort, textFormat: fc.constant(FORMAT) }, { requiredKeys: [] }),
      additionalModelRequestFields: fields,
      names: fc.uniqueArray(toolName, { minLength: 1, maxLength: 4 }),
      strict: fc.boolean(),
      schema,
      toolChoice: fc.constantFrom("auto", "any", "none", "first"),
      isAnswered: fc.boolean(),
      isPrefilled: fc.boolean(),
      reasoning: fc.constantFrom("signed", "unsigned"),
    },
    { requiredKeys: [] },
  )
  .map((drawn): ConverseOptions => {
    const {
      names,
      strict,
      schema: parameters = { type: "object" },
      toolChoice,
      isAnswered,
      isPrefilled,
      reasoning,
      ...options
    } = drawn;
    const tools = names?.map((name) => ({
      name,
      parameters,
      ...(strict ? { strict } : {}),
    }));
    const [first = "get_weather"] = names ?? [];
    const choice = toolChoice === "first" ? { type: "tool" as const, name: first } : toolChoice;
    const thought = { text: "hm", ...(reasoning === "signed" ? { signature: "s" } : {}) };
    return {
      ...options,
      ...(tools === undefined ? {} : { tools, toolChoice: choice }),
      messages: [
        { role: "user", content: "q" },
        {
          role: "assistant",
          content: [
            ...(reasoning === undefined ? [] : [{ reasoningContent: { reasoningText: thought } }]),
            ...(isAnswered === undefined
              ? []
              : [{ toolUse: { toolUseId: "call 1", name: first, input: {} } }]),
            "Well",
          ],
        },
        ...(isPrefilled
          ? []
          : [
              {
                role: "user" as const,
                content: [
                  ...(isAnswered ? [{ toolResult: { toolUseId: "call 1", content: "x" } }] : []),
                  "and?",
                ],
              },
            ]),
      ],
    };
  });

test("over any options and any model, what is sent breaks no rule that we could have kept", () => {
  fc.assert(
    fc.property(
      anyOptions,
      fc.constantFrom(...MODELS),
      fc.constantFrom("converse" as const, "converse-stream" as const),
      (options, modelId, asked) => {
        const { body, operation, changes } = build(options, modelId, asked);
        const traits = traitsOf(modelId);
        const issues = findIssues({ ...body, modelId }, { traits, operation });
        assert.deepEqual(
          issues.filter(({ rule }) => !CALLERS_OWN.has(rule)),
          [],
        );
        for (const { message, path, rule } of changes) {
          assert.ok(message !== "" && path !== "");
          assert.ok(RULE_IDS.has(rule), rule);
        }
      },
    ),
    { numRuns: 5000 },
  );
});
