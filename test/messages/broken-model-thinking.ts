// Thinking and effort that single models refuse.

import type { BrokenRequest } from "./broken-requests.ts";
import {
  asking,
  assistant,
  reasoning,
  text,
  tool,
  toolResult,
  toolUse,
  user,
} from "./request-parts.ts";

const OPUS_4_7 = "us.anthropic.claude-opus-4-7";
const OPUS_4_6 = "us.anthropic.claude-opus-4-6-v1";
const OPUS_4_5 = "us.anthropic.claude-opus-4-5-20251101-v1:0";
const HAIKU_4_5 = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
const ALWAYS_THINKS = "us.anthropic.claude-opus-5-5";

const FIELDS = "additionalModelRequestFields";

const refused = (message: string): string => `The model returned the following errors: ${message}`;

const thinking = (modelId: string, settings: unknown, rest: Record<string, unknown> = {}) =>
  asking({
    modelId,
    [FIELDS]: { thinking: settings },
    inferenceConfig: { maxTokens: 4096 },
    ...rest,
  });

const BUDGET = { type: "enabled", budget_tokens: 2048 };

export const BROKEN_MODEL_THINKING: readonly BrokenRequest[] = [
  {
    title: "thinking for a model without it",
    rule: "thinking-shape",
    request: thinking("anthropic.claude-3-5-haiku-20241022-v1:0", BUDGET),
    issues: [[`${FIELDS}.thinking`, refused("thinking: Extra inputs are not permitted")]],
  },
  {
    title: "adaptive thinking for a model that wants a budget",
    rule: "thinking-shape",
    request: thinking(OPUS_4_5, { type: "adaptive" }),
    issues: [
      [`${FIELDS}.thinking.type`, refused("adaptive thinking is not supported on this model")],
    ],
  },
  {
    title: "a budget for a model that thinks as it likes, under the older name",
    rule: "thinking-shape",
    request: asking({ modelId: OPUS_4_7, [FIELDS]: { reasoning_config: BUDGET } }),
    issues: [
      [
        `${FIELDS}.reasoning_config.type`,
        refused(
          "`thinking.type.enabled` is not supported for this model. Use `thinking.type.adaptive` and `output_config.effort` to control thinking behavior.",
        ),
      ],
    ],
  },
  {
    title: "no thinking, for a model that always thinks",
    rule: "thinking-shape",
    request: thinking(ALWAYS_THINKS, { type: "disabled" }),
    issues: [
      [
        `${FIELDS}.thinking.type`,
        refused("`thinking.type.disabled` is not supported for this model."),
      ],
    ],
  },
  {
    title: "a budget that is too small",
    rule: "thinking-budget",
    request: thinking(OPUS_4_6, { type: "enabled", budget_tokens: 1023 }),
    issues: [
      [
        `${FIELDS}.thinking.budget_tokens`,
        refused(
          "thinking.enabled.budget_tokens: Input should be an integer greater than or equal to 1024",
        ),
      ],
    ],
  },
  {
    title: "a budget that leaves no token for the answer",
    rule: "thinking-budget",
    request: thinking(HAIKU_4_5, { type: "enabled", budget_tokens: 4096 }),
    issues: [
      [
        `${FIELDS}.thinking.budget_tokens`,
        refused("`max_tokens` must be greater than `thinking.budget_tokens`."),
      ],
    ],
  },
  {
    title: "a temperature and a top_k beside thinking",
    rule: "thinking-sampling",
    request: thinking(
      OPUS_4_6,
      { type: "adaptive" },
      {
        inferenceConfig: { temperature: 0.5 },
        [FIELDS]: { thinking: { type: "adaptive" }, top_k: 5 },
      },
    ),
    issues: [
      [
        "inferenceConfig.temperature",
        refused("`temperature` may only be set to 1 when thinking is enabled or in adaptive mode."),
      ],
      [
        `${FIELDS}.top_k`,
        refused("`top_k` must be unset when thinking is enabled or in adaptive mode."),
      ],
    ],
  },
  {
    title: "a low topP beside thinking",
    rule: "thinking-sampling",
    request: thinking(HAIKU_4_5, BUDGET, { inferenceConfig: { maxTokens: 4096, topP: 0.94 } }),
    issues: [
      [
        "inferenceConfig.topP",
        refused(
          "`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled or in adaptive mode.",
        ),
      ],
    ],
  },
  {
    title: "a forced call beside thinking",
    rule: "thinking-forced-tool",
    request: thinking(
      OPUS_4_7,
      { type: "adaptive" },
      {
        toolConfig: { tools: [tool()], toolChoice: { any: {} } },
      },
    ),
    issues: [
      [
        "toolConfig.toolChoice",
        refused("Thinking may not be enabled when tool_choice forces tool use."),
      ],
    ],
  },
  {
    title: "a tool loop whose first answer lost its thinking",
    rule: "thinking-first",
    request: thinking(HAIKU_4_5, BUDGET, {
      messages: [
        user(text()),
        assistant(toolUse("a")),
        user(toolResult("a", text())),
        assistant(reasoning(), toolUse("b")),
        user(toolResult("b", text())),
      ],
      toolConfig: { tools: [tool()] },
    }),
    issues: [
      [
        "messages.1.content.0",
        refused(
          "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and `tool_result` blocks). We recommend you include thinking blocks from previous turns. To avoid this requirement, disable `thinking`.",
        ),
      ],
    ],
  },
  {
    title: "efforts the model does not know, in both places",
    rule: "effort-refused",
    request: asking({
      modelId: OPUS_4_6,
      outputConfig: { effort: "xhigh" },
      [FIELDS]: { output_config: { effort: "minimal" } },
    }),
    issues: [
      [
        "outputConfig.effort",
        refused(
          "output_config.effort: This model does not support effort level 'xhigh'. Supported levels: low, medium, high, max.",
        ),
      ],
      [
        `${FIELDS}.output_config.effort`,
        refused(
          "output_config.effort: This model does not support effort level 'minimal'. Supported levels: low, medium, high, max.",
        ),
      ],
    ],
  },
  {
    title: "an effort for a model that knows none",
    rule: "effort-refused",
    request: asking({ modelId: HAIKU_4_5, outputConfig: { effort: "low" } }),
    issues: [["outputConfig.effort", refused("This model does not support the effort parameter.")]],
  },
  {
    title: "the highest effort without thinking",
    rule: "effort-refused",
    request: thinking(OPUS_4_7, { type: "disabled" }, { outputConfig: { effort: "max" } }),
    issues: [
      [
        "outputConfig.effort",
        refused("output_config.effort: effort 'max' is not supported when thinking is disabled."),
      ],
    ],
  },
];
