// What a request becomes for each kind of model, and the law over all of them: what is sent breaks no
// rule, unless the caller asked for something that cannot be had in any form.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { ConverseOptions } from "../../src/index.ts";
import { findIssues } from "../../src/messages/check-request.ts";
import { traitsOf } from "../../src/models/model-traits.ts";
import { build, UNKNOWN_MODEL } from "./build.ts";

const OPUS_4_1 = "us.anthropic.claude-opus-4-1-20250805-v1:0";
const HAIKU_4_5 = "global.anthropic.claude-haiku-4-5-20251001-v1:0";
const OPUS_4_5 = "global.anthropic.claude-opus-4-5-20251101-v1:0";
const OPUS_4_6 = "global.anthropic.claude-opus-4-6-v1";
const OPUS_4_7 = "global.anthropic.claude-opus-4-7";
const OPUS_5 = "global.anthropic.claude-opus-5";
const OPUS_5_5 = "global.anthropic.claude-opus-5-5";
const CLAUDE_3_5 = "us.anthropic.claude-3-5-haiku-20241022-v1:0";
const NOVA_PRO = "us.amazon.nova-pro-v1:0";
const NOVA_2 = "global.amazon.nova-2-lite-v1:0";
const LLAMA_4 = "us.meta.llama4-maverick-17b-instruct-v1:0";
const MISTRAL = "mistral.mistral-large-3-675b-instruct";
const GPT_OSS = "openai.gpt-oss-120b-1:0";

const TOOLS = [{ name: "get_weather", parameters: { type: "object" } }] as const;
const THINKING = { thinking: { type: "enabled", budget_tokens: 2000 } } as const;
const ADAPTIVE = { thinking: { type: "adaptive" } } as const;

/** A case: for this model these options become that, with these rules kept. */
interface FitCase {
  readonly title: string;
  readonly modelId: string;
  readonly options: ConverseOptions;
  readonly expected: Record<string, unknown>;
  readonly rules: readonly string[];
}

const SAMPLING: readonly FitCase[] = [
  {
    title: "sampling parameters go to a model that is not known to refuse them",
    modelId: UNKNOWN_MODEL,
    options: { temperature: 0.5, topP: 0.9, additionalModelRequestFields: { top_k: 5 } },
    expected: {
      inferenceConfig: { maxTokens: 4096, temperature: 0.5, topP: 0.9 },
      additionalModelRequestFields: { top_k: 5 },
    },
    rules: [],
  },
  {
    title: "of temperature and topP a model that takes one gets the temperature",
    modelId: OPUS_4_1,
    options: { temperature: 0.5, topP: 0.9 },
    expected: { inferenceConfig: { maxTokens: 4096, temperature: 0.5 } },
    rules: ["sampling-exclusive"],
  },
  {
    title: "topP alone goes to a model that takes one",
    modelId: OPUS_4_1,
    options: { topP: 0.9 },
    expected: { inferenceConfig: { maxTokens: 4096, topP: 0.9 } },
    rules: [],
  },
  {
    title: "a model without sampling parameters gets none, wherever they stand",
    modelId: OPUS_4_7,
    options: {
      temperature: 0.5,
      additionalModelRequestFields: { top_k: 5, anthropic_beta: ["x"] },
    },
    expected: {
      inferenceConfig: { maxTokens: 4096 },
      additionalModelRequestFields: { anthropic_beta: ["x"] },
    },
    rules: ["sampling-refused", "sampling-refused"],
  },
  {
    title: "maxTokens is held below the maximum of the model",
    modelId: CLAUDE_3_5,
    options: { maxTokens: 100_000 },
    expected: { inferenceConfig: { maxTokens: 8192 } },
    rules: ["max-tokens-ceiling"],
  },
];

const THINKING_CASES: readonly FitCase[] = [
  {
    title: "a budget becomes adaptive thinking where there are no budgets",
    modelId: OPUS_5,
    options: { additionalModelRequestFields: THINKING },
    expected: { additionalModelRequestFields: ADAPTIVE, outputConfig: { effort: "low" } },
    rules: ["thinking-shape"],
  },
  {
    title: "the effort that was asked for is not overruled by a budget",
    modelId: OPUS_5,
    options: { additionalModelRequestFields: THINKING, outputConfig: { effort: "max" } },
    expected: { additionalModelRequestFields: ADAPTIVE, outputConfig: { effort: "max" } },
    rules: ["thinking-shape"],
  },
  {
    title:
      "adaptive thinking becomes a budget where there is nothing else, with room for the answer",
    modelId: HAIKU_4_5,
    options: { additionalModelRequestFields: ADAPTIVE },
    expected: {
      additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 16_384 } },
      inferenceConfig: { maxTokens: 16_384 + 4096 },
    },
    rules: ["thinking-shape", "thinking-budget"],
  },
  {
    title: "a budget made of adaptive thinking keeps within the caller's maxTokens",
    modelId: HAIKU_4_5,
    options: { maxTokens: 4000, additionalModelRequestFields: ADAPTIVE },
    expected: {
      additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 2000 } },
      inferenceConfig: { maxTokens: 4000 },
    },
    rules: ["thinking-shape"],
  },
  {
    title: "thinking that cannot be switched off is not",
    modelId: OPUS_5_5,
    options: { additionalModelRequestFields: { thinking: { type: "disabled" } } },
    expected: { additionalModelRequestFields: undefined },
    rules: ["thinking-shape"],
  },
  {
    title: "a model without thinking is not asked for it",
    modelId: GPT_OSS,
    options: { additionalModelRequestFields: { ...THINKING, reasoning_effort: "low" } },
    expected: { additionalModelRequestFields: { reasoning_effort: "low" } },
    rules: ["thinking-shape"],
  },
  {
    title: "the older name is understood",
    modelId: OPUS_5,
    options: { additionalModelRequestFields: { reasoning_config: THINKING.thinking } },
    expected: { additionalModelRequestFields: { reasoning_config: { type: "adaptive" } } },
    rules: ["thinking-shape"],
  },
  {
    title: "beside a budget there is no sampling",
    modelId: OPUS_4_1,
    options: {
      maxTokens: 3000,
      temperature: 0.2,
      additionalModelRequestFields: { ...THINKING, top_k: 3 },
    },
    expected: {
      inferenceConfig: { maxTokens: 3000 },
      additionalModelRequestFields: THINKING,
    },
    rules: ["thinking-sampling", "thinking-sampling"],
  },
  {
    title: "a temperature of 1 may stay beside a budget",
    modelId: OPUS_4_1,
    options: { temperature: 1, additionalModelRequestFields: THINKING },
    expected: { inferenceConfig: { maxTokens: 4096, temperature: 1 } },
    rules: [],
  },
  {
    title: "a forced call goes before thinking where there cannot be both",
    modelId: OPUS_4_7,
    options: { tools: TOOLS, toolChoice: "any", additionalModelRequestFields: ADAPTIVE },
    expected: { additionalModelRequestFields: undefined },
    rules: ["thinking-forced-tool"],
  },
  {
    title: "a forced call and thinking go together where they can",
    modelId: OPUS_5,
    options: { tools: TOOLS, toolChoice: "any", additionalModelRequestFields: ADAPTIVE },
    expected: { additionalModelRequestFields: ADAPTIVE },
    rules: [],
  },
  {
    title: "a tool loop begun without reasoning goes on without",
    modelId: OPUS_4_5,
    options: {
      tools: TOOLS,
      messages: [
        { role: "user", content: "q" },
        {
          role: "assistant",
          content: { toolUse: { toolUseId: "1", name: "get_weather", input: {} } },
        },
        { role: "user", content: { toolResult: { toolUseId: "1", content: "x" } } },
      ],
      additionalModelRequestFields: THINKING,
    },
    expected: { additionalModelRequestFields: undefined },
    rules: ["thinking-first"],
  },
  {
    title: "Nova's reasoning at high effort has no bounds",
    modelId: NOVA_2,
    options: {
      temperature: 0.2,
      additionalModelRequestFields: {
        reasoningConfig: { type: "enabled", maxReasoningEffort: "high" },
      },
    },
    expected: { inferenceConfig: {} },
    rules: ["effort-unbounded"],
  },
];

const EFFORT_CASES: readonly FitCase[] = [
  {
    title: "an effort above what the model takes is lowered to the highest it takes",
    modelId: OPUS_4_6,
    options: { outputConfig: { effort: "xhigh" } },
    expected: { outputConfig: { effort: "high" } },
    rules: ["effort-refused"],
  },
  {
    title: "so is one among Claude's own fields",
    modelId: OPUS_4_5,
    options: { additionalModelRequestFields: { output_config: { effort: "max" } } },
    expected: { additionalModelRequestFields: { output_config: { effort: "high" } } },
    rules: ["effort-refused"],
  },
  {
    title: "a model without levels of effort gets none",
    modelId: OPUS_4_1,
    options: { outputConfig: { effort: "high" } },
    expected: { outputConfig: undefined },
    rules: ["effort-refused"],
  },
  {
    title: "without thinking there is no effort above high",
    modelId: OPUS_5,
    options: {
      outputConfig: { effort: "max" },
      additionalModelRequestFields: { thinking: { type: "disabled" } },
    },
    expected: { outputConfig: { effort: "high" } },
    rules: ["effort-refused"],
  },
];

const FORMAT = {
  type: "json_schema",
  structure: { jsonSchema: { schema: '{"type":"object"}' } },
} as const;

const TOOL_CASES: readonly FitCase[] = [
  {
    title: "a call that cannot be forced is asked for in words",
    modelId: OPUS_5_5,
    options: { tools: TOOLS, toolChoice: { type: "tool", name: "get_weather" } },
    expected: {
      toolConfig: {
        tools: [{ toolSpec: { name: "get_weather", inputSchema: { json: { type: "object" } } } }],
      },
      system: [{ text: "Call the tool get_weather in this answer." }],
    },
    rules: ["tool-choice-refused"],
  },
  {
    title: "where one tool cannot be forced, but any, any is",
    modelId: MISTRAL,
    options: {
      systemPrompt: "Be brief.",
      tools: TOOLS,
      toolChoice: { type: "tool", name: "get_weather" },
    },
    expected: {
      toolConfig: {
        tools: [{ toolSpec: { name: "get_weather", inputSchema: { json: { type: "object" } } } }],
        toolChoice: { any: {} },
      },
      system: [{ text: "Be brief." }, { text: "Call the tool get_weather in this answer." }],
    },
    rules: ["tool-choice-refused"],
  },
  {
    title: "tools are not strict where that is refused",
    modelId: OPUS_4_7,
    options: { tools: [{ ...TOOLS[0], strict: true }] },
    expected: {
      toolConfig: {
        tools: [{ toolSpec: { name: "get_weather", inputSchema: { json: { type: "object" } } } }],
      },
    },
    rules: ["strict-refused"],
  },
  {
    title: "a format that is refused is asked for in words",
    modelId: OPUS_4_7,
    options: { outputConfig: { textFormat: FORMAT, effort: "low" } },
    expected: {
      outputConfig: { effort: "low" },
      system: [
        {
          text: 'Answer with one JSON value and nothing else: no introduction, no code fence. It satisfies this JSON Schema:\n{"type":"object"}',
        },
      ],
    },
    rules: ["text-format-refused"],
  },
  {
    title: "a format goes to a model that is not known to refuse it",
    modelId: UNKNOWN_MODEL,
    options: { outputConfig: { textFormat: FORMAT } },
    expected: { outputConfig: { textFormat: FORMAT } },
    rules: [],
  },
  {
    title: "names without hyphens go to Nova",
    modelId: NOVA_PRO,
    options: {
      tools: [{ name: "get-weather", parameters: { type: "object" } }],
      toolChoice: { type: "tool", name: "get-weather" },
    },
    expected: {
      toolConfig: {
        tools: [
          { toolSpec: { name: "get_weather_19a275db", inputSchema: { json: { type: "object" } } } },
        ],
        toolChoice: { tool: { name: "get_weather_19a275db" } },
      },
    },
    rules: [],
  },
];

for (const [title, cases] of [
  ["sampling and length", SAMPLING],
  ["thinking", THINKING_CASES],
  ["effort", EFFORT_CASES],
  ["tools and formats", TOOL_CASES],
] as const) {
  describe(title, () => {
    for (const { title: name, modelId, options, expected, rules } of cases) {
      test(name, () => {
        const { body, changes } = build(options, modelId);
        const sent = body as Record<string, unknown>;
        const shown = Object.fromEntries(Object.keys(expected).map((key) => [key, sent[key]]));
        assert.deepEqual(shown, expected);
        assert.deepEqual(
          changes.map(({ rule }) => rule),
          rules,
        );
      });
    }
  });
}

test("a model that cannot stream tools is asked for a whole answer, only when there are tools", () => {
  const asked = (options: ConverseOptions) => build(options, LLAMA_4, "converse-stream").operation;
  assert.equal(asked({ tools: TOOLS }), "converse");
  assert.equal(asked({}), "converse-stream");
  assert.equal(build({ tools: TOOLS }, NOVA_PRO, "converse-stream").operation, "converse-stream");
});

test("a guardrail is not told how to treat a stream that is none", () => {
  const guardrailConfig = {
    guardrailIdentifier: "g",
    guardrailVersion: "1",
    streamProcessingMode: "async",
  };
  const { body } = build({ tools: TOOLS, guardrailConfig }, LLAMA_4, "converse-stream");
  assert.deepEqual(body.guardrailConfig, { guardrailIdentifier: "g", guardrailVersion: "1" });
});

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
const schema = { type: "object" } as const;
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
      toolChoice: fc.constantFrom("auto", "any", "none", "first"),
      isAnswered: fc.boolean(),
      isPrefilled: fc.boolean(),
      reasoning: fc.constantFrom("signed", "unsigned"),
    },
    { requiredKeys: [] },
  )
  .map((drawn): ConverseOptions => {
    const { names, strict, toolChoice, isAnswered, isPrefilled, reasoning, ...options } = drawn;
    const tools = names?.map((name) => ({
      name,
      parameters: schema,
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
        for (const { message, path } of changes) assert.ok(message !== "" && path !== "");
      },
    ),
    { numRuns: 5000 },
  );
});
