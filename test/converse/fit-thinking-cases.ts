// What becomes of reasoning and effort.

import { UNKNOWN_MODEL } from "./build.ts";
import {
  type FitCase,
  GPT_OSS,
  HAIKU_4_5,
  NOVA_2,
  OPUS_4_1,
  OPUS_4_5,
  OPUS_4_6,
  OPUS_4_7,
  OPUS_5,
  OPUS_5_5,
} from "./fit-case.ts";

const TOOLS = [{ name: "get_weather", parameters: { type: "object" } }] as const;
const THINKING = { thinking: { type: "enabled", budget_tokens: 2000 } } as const;
const ADAPTIVE = { thinking: { type: "adaptive" } } as const;

export const THINKING_CASES: readonly FitCase[] = [
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
    title: "a tool loop begun with reasoning goes on with it, though later turns come without",
    modelId: OPUS_4_5,
    options: {
      tools: TOOLS,
      messages: [
        { role: "user", content: "q" },
        {
          role: "assistant",
          content: [
            { reasoningContent: { reasoningText: { text: "hm", signature: "s" } } },
            { toolUse: { toolUseId: "1", name: "get_weather", input: {} } },
          ],
        },
        { role: "user", content: { toolResult: { toolUseId: "1", content: "x" } } },
        {
          role: "assistant",
          content: { toolUse: { toolUseId: "2", name: "get_weather", input: {} } },
        },
        { role: "user", content: { toolResult: { toolUseId: "2", content: "y" } } },
      ],
      additionalModelRequestFields: THINKING,
    },
    expected: { additionalModelRequestFields: THINKING },
    rules: [],
  },
  {
    title: "a model that is not known to refuse it thinks in any tool loop",
    modelId: UNKNOWN_MODEL,
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
      additionalModelRequestFields: { thinking: { type: "enabled" } },
    },
    expected: { additionalModelRequestFields: { thinking: { type: "enabled" } } },
    rules: [],
  },
  {
    title: "a budget that becomes adaptive keeps its room",
    modelId: OPUS_5,
    options: {
      additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 32_000 } },
    },
    expected: {
      inferenceConfig: { maxTokens: 36_096 },
      outputConfig: { effort: "high" },
    },
    rules: ["thinking-budget", "thinking-shape"],
  },
  {
    title: "room for a budget ends at the maximum of the model",
    modelId: OPUS_4_1,
    options: {
      additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 30_000 } },
    },
    expected: { inferenceConfig: { maxTokens: 32_000 } },
    rules: ["thinking-budget"],
  },
  {
    title: "half an answer without reasoning is continued without",
    modelId: OPUS_4_5,
    options: {
      messages: [
        { role: "user", content: "q" },
        { role: "assistant", content: "Well" },
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

export const EFFORT_CASES: readonly FitCase[] = [
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
