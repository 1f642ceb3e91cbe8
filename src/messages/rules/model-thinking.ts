// Rules of single models on thinking and effort. They hold for models whose thinking is known: what
// others make of a `thinking` among their fields is their own business.

import { isRecord } from "../../core/json.ts";
import { samplingParametersOf } from "./model-parameters.ts";
import type { RequestRule } from "./request-rule.ts";
import { clientResultsOf } from "./tool-turns.ts";
import { listOf, type MessageView, type RequestView, recordOf, textOf } from "./view.ts";
import { modelError } from "./wording.ts";

const MIN_BUDGET = 1024;
const MIN_TOP_P_WHILE_THINKING = 0.95;
const EFFORTS_OF_THINKING = ["xhigh", "max"];

/** How the model calls the blocks that could stand where its thinking should. */
const BLOCK_TYPES = new Map([
  ["toolUse", "tool_use"],
  ["text", "text"],
]);

export const MODEL_THINKING_RULES: readonly RequestRule[] = [
  {
    id: "thinking-shape",
    reference: "https://github.com/coder/coder/issues/25335",
    repair: "Write it as the model takes it: with a budget, as adaptive, or not at all.",
    check(view, report) {
      const { path, type } = thinkingOf(view);
      const accepted = view.traits.thinking;
      if (type === undefined) return;
      if (accepted === "none") {
        report(path, modelError("thinking: Extra inputs are not permitted"));
      } else if (accepted === "budget" && type === "adaptive") {
        report(`${path}.type`, modelError("adaptive thinking is not supported on this model"));
      } else if ((accepted === "adaptive" || accepted === "always") && type === "enabled") {
        report(
          `${path}.type`,
          modelError(
            "`thinking.type.enabled` is not supported for this model. Use `thinking.type.adaptive` and `output_config.effort` to control thinking behavior.",
          ),
        );
      } else if (accepted === "always" && type === "disabled") {
        report(
          `${path}.type`,
          modelError("`thinking.type.disabled` is not supported for this model."),
        );
      }
    },
  },
  {
    id: "thinking-budget",
    reference:
      "https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html",
    repair: "Give at least 1024, and less than maxTokens.",
    check(view, report) {
      if (!thinksWithinBudget(view)) return;
      const { path, settings } = thinkingOf(view);
      const budget = settings["budget_tokens"];
      const maxTokens = view.inferenceConfig["maxTokens"];
      const at = `${path}.budget_tokens`;
      if (typeof budget !== "number" || !Number.isInteger(budget) || budget < MIN_BUDGET) {
        const demand = `Input should be an integer greater than or equal to ${MIN_BUDGET}`;
        report(at, modelError(`thinking.enabled.budget_tokens: ${demand}`));
      } else if (typeof maxTokens === "number" && budget >= maxTokens && !isInterleaved(view)) {
        report(at, modelError("`max_tokens` must be greater than `thinking.budget_tokens`."));
      }
    },
  },
  {
    id: "thinking-sampling",
    reference:
      "https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html",
    repair: "Leave it out while the model thinks.",
    check(view, report) {
      // Models without sampling parameters refuse these anyway, in words of their own.
      if (view.traits.thinking === undefined || view.traits.sampling === "none") return;
      if (!isThinkingAsked(view)) return;
      for (const { path, name, value } of samplingParametersOf(view)) {
        const demand = samplingDemand(name, value);
        if (demand === undefined) continue;
        const message = `\`${name}\` ${demand} when thinking is enabled or in adaptive mode.`;
        report(path, modelError(message));
      }
    },
  },
  {
    id: "thinking-forced-tool",
    reference: "https://github.com/langchain-ai/langchain-aws/issues/925",
    repair: "Leave the choice to the model, or switch thinking off for this request.",
    check(view, report) {
      if (view.traits.forcesWhileThinking !== false || !isThinkingAsked(view)) return;
      const { any, tool } = recordOf(view.toolConfig["toolChoice"]);
      if (any == null && tool == null) return;
      report(
        "toolConfig.toolChoice",
        modelError("Thinking may not be enabled when tool_choice forces tool use."),
      );
    },
  },
  {
    id: "thinking-first",
    reference: "https://github.com/langchain-ai/langchain-aws/issues/844",
    repair: "Keep the reasoning of an answer in front of its calls, or switch thinking off.",
    check(view, report) {
      if (!thinksWithinBudget(view)) return;
      const [first] = continuedTurnOf(view)?.blocks ?? [];
      if (first === undefined || first.name === "reasoningContent") return;
      const found = BLOCK_TYPES.get(first.name) ?? first.name;
      report(
        first.path,
        modelError(
          `${first.path}.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${found}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block (preceeding the lastmost set of \`tool_use\` and \`tool_result\` blocks). We recommend you include thinking blocks from previous turns. To avoid this requirement, disable \`thinking\`.`,
        ),
      );
    },
  },
  {
    id: "effort-refused",
    reference: "https://github.com/BerriAI/litellm/issues/28898",
    repair: "Ask for an effort the model knows; above high, it has to think.",
    check(view, report) {
      const { efforts } = view.traits;
      if (efforts === undefined) return;
      for (const { path, effort } of effortsOf(view)) {
        if (efforts.length === 0) {
          report(path, modelError("This model does not support the effort parameter."));
        } else if (!efforts.includes(effort)) {
          const known = efforts.join(", ");
          const message = `This model does not support effort level '${effort.slice(0, 16)}'. Supported levels: ${known}.`;
          report(path, modelError(`output_config.effort: ${message}`));
        } else if (thinkingOf(view).type === "disabled" && EFFORTS_OF_THINKING.includes(effort)) {
          const message = `effort '${effort}' is not supported when thinking is disabled.`;
          report(path, modelError(`output_config.effort: ${message}`));
        }
      }
    },
  },
];

/**
 * The message with which the assistant's turn began that the model is to go on with: a tool loop, or
 * half an answer. It thinks there, and not again between the calls.
 */
function continuedTurnOf({ messages }: RequestView): MessageView | undefined {
  let begun: MessageView | undefined;
  for (const message of messages) {
    if (message.role === "assistant") begun ??= message;
    else if (message.role === "user" && clientResultsOf(message).length === 0) begun = undefined;
  }
  return begun;
}

/** What is asked for, under either of the names it goes by, and where. */
function thinkingOf({ fields }: RequestView) {
  const name = fields["thinking"] == null ? "reasoning_config" : "thinking";
  const settings = recordOf(fields[name]);
  return {
    path: `additionalModelRequestFields.${name}`,
    settings,
    type: isRecord(fields[name]) ? textOf(settings["type"]) : undefined,
  };
}

/** Whether thinking is switched on; for a model that always thinks, only when it is said. */
function isThinkingAsked(view: RequestView): boolean {
  const { type } = thinkingOf(view);
  return type === "enabled" || type === "adaptive";
}

function thinksWithinBudget(view: RequestView): boolean {
  const { thinking } = view.traits;
  return (thinking === "budget" || thinking === "either") && thinkingOf(view).type === "enabled";
}

/** With interleaved thinking the budget is that of all answers of a tool loop together. */
function isInterleaved({ fields }: RequestView): boolean {
  return listOf(fields["anthropic_beta"]).some(
    (name) => typeof name === "string" && name.startsWith("interleaved-thinking"),
  );
}

function samplingDemand(name: string, value: unknown): string | undefined {
  if (name === "top_k") return "must be unset";
  if (name === "temperature") return value === 1 ? undefined : "may only be set to 1";
  const isHigh = typeof value === "number" && value >= MIN_TOP_P_WHILE_THINKING;
  return isHigh
    ? undefined
    : `must be greater than or equal to ${MIN_TOP_P_WHILE_THINKING} or unset`;
}

function effortsOf({ outputConfig, fields }: RequestView): { path: string; effort: string }[] {
  const efforts: { path: string; effort: string }[] = [];
  const { effort } = outputConfig;
  if (typeof effort === "string") efforts.push({ path: "outputConfig.effort", effort });
  const native = recordOf(fields["output_config"])["effort"];
  if (typeof native === "string") {
    efforts.push({ path: "additionalModelRequestFields.output_config.effort", effort: native });
  }
  return efforts;
}
