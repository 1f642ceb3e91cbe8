// Rules of single models on parameters. What a model accepts stands in `view.traits`; a rule whose
// trait is not known has nothing to say.

import type { RequestRule } from "./request-rule.ts";
import { isBlank } from "./texts.ts";
import { listOf, type RequestView, recordOf } from "./view.ts";
import { modelError, unsupportedField } from "./wording.ts";

/** The parameters of sampling: where each stands, and what the model calls it. */
const SAMPLING_PARAMETERS = [
  ["inferenceConfig", "temperature", "temperature"],
  ["inferenceConfig", "topP", "top_p"],
  ["additionalModelRequestFields", "temperature", "temperature"],
  ["additionalModelRequestFields", "top_p", "top_p"],
  ["additionalModelRequestFields", "top_k", "top_k"],
] as const;

export const MODEL_PARAMETER_RULES: readonly RequestRule[] = [
  {
    id: "max-tokens-ceiling",
    reference: "https://github.com/vercel/ai/issues/2772",
    repair: "Ask for fewer tokens.",
    isOpen: true,
    check({ traits: { maxOutput }, inferenceConfig: { maxTokens } }, report) {
      if (maxOutput === undefined || typeof maxTokens !== "number" || maxTokens <= maxOutput)
        return;
      report(
        "inferenceConfig.maxTokens",
        `The maximum tokens you requested exceeds the model limit of ${maxOutput}. Try again with a maximum tokens value that is lower than ${maxOutput}.`,
      );
    },
  },
  {
    id: "sampling-refused",
    reference: "https://github.com/cline/cline/issues/10572",
    repair: "Leave it out.",
    check(view, report) {
      if (view.traits.sampling !== "none") return;
      for (const { path, name } of samplingParametersOf(view)) {
        report(path, modelError(`\`${name}\` is deprecated for this model.`));
      }
    },
  },
  {
    id: "sampling-exclusive",
    reference: "https://github.com/BerriAI/litellm/issues/15070",
    repair: "Leave one of the two out.",
    check(view, report) {
      if (view.traits.sampling !== "one") return;
      const given = samplingParametersOf(view);
      if (!given.some(({ name }) => name === "temperature")) return;
      const surplus = given.find(({ name }) => name === "top_p");
      if (surplus === undefined) return;
      report(
        surplus.path,
        modelError(
          "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
        ),
      );
    },
  },
  {
    id: "stop-sequence-blank",
    reference: "https://github.com/BerriAI/litellm/issues/3286",
    repair: "Leave it out, or put a word beside the white space.",
    check({ traits, inferenceConfig }, report) {
      if (traits.blankStopSequences !== false) return;
      for (const [index, sequence] of listOf(inferenceConfig["stopSequences"]).entries()) {
        if (typeof sequence !== "string" || sequence === "" || !isBlank(sequence)) continue;
        report(
          `inferenceConfig.stopSequences.${index}`,
          modelError("stop_sequences: each stop sequence must contain non-whitespace"),
        );
      }
    },
  },
  {
    id: "effort-unbounded",
    reference: "https://github.com/UKGovernmentBEIS/inspect_ai/issues/3767",
    repair: "Leave it out, or ask for less effort.",
    check({ traits, fields, inferenceConfig }, report) {
      const { type, maxReasoningEffort } = recordOf(fields["reasoningConfig"]);
      if (traits.unboundedAtHighEffort !== true) return;
      if (type !== "enabled" || maxReasoningEffort !== "high") return;
      for (const name of ["maxTokens", "temperature", "topP"]) {
        if (inferenceConfig[name] == null) continue;
        const message = `${name} must be unset when maxReasoningEffort is high`;
        report(`inferenceConfig.${name}`, modelError(message));
      }
    },
  },
  {
    id: "text-format-refused",
    reference: "https://github.com/presenton/presenton/issues/939",
    repair: "Describe the format in the prompt, or let a tool take it.",
    check({ traits, outputConfig, fields }, report) {
      if (traits.textFormat !== false) return;
      const message = modelError("output_config.format: Extra inputs are not permitted");
      if (outputConfig["textFormat"] != null) report("outputConfig.textFormat", message);
      if (recordOf(fields["output_config"])["format"] != null) {
        report("additionalModelRequestFields.output_config.format", message);
      }
    },
  },
  {
    id: "parameter-refused",
    reference:
      "https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-supported-models-features.html",
    repair: "Leave it out.",
    check({ traits, body }, report) {
      for (const path of traits.refusedParameters ?? []) {
        const segments = path.split(".");
        const value = segments.reduce<unknown>((at, name) => ownMember(at, name), body);
        if (value != null) report(path, unsupportedField(segments.at(-1) ?? path));
      }
    },
  },
];

/** The parameters of sampling that are set. */
export function samplingParametersOf(
  view: RequestView,
): { path: string; name: string; value: unknown }[] {
  const given: { path: string; name: string; value: unknown }[] = [];
  for (const [place, member, name] of SAMPLING_PARAMETERS) {
    const value = (place === "inferenceConfig" ? view.inferenceConfig : view.fields)[member];
    if (value != null) given.push({ path: `${place}.${member}`, name, value });
  }
  return given;
}

function ownMember(value: unknown, name: string): unknown {
  const record = recordOf(value);
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
