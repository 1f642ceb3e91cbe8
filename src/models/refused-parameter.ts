// What it teaches when a refusal names one place of the request. What carries meaning, keeps people
// safe, limits cost or tells callers apart is never left out, nor is what sounds like it.

import {
  type Lesson,
  narrowEfforts,
  narrowSampling,
  narrowThinking,
  refuseCache,
  refuseLongCache,
  refuseParameters,
  refuseToolChoices,
  SECTIONS,
  TOOL_CHOICES,
} from "./lessons.ts";
import type { ModelTraits } from "./model-traits.ts";
import { learnFact } from "./refusal-facts.ts";

/** What `inferenceConfig` calls a parameter, by a model's own names. `maxTokens` limits cost. */
const INFERENCE_NAMES: ReadonlyMap<string, string> = new Map([
  ["top_p", "topP"],
  ["topP", "topP"],
  ["stop_sequences", "stopSequences"],
  ["stopSequences", "stopSequences"],
  ["stop", "stopSequences"],
]);

/**
 * Models' own parameters that tune an answer, whatever their names sound like; in lower case and
 * without `_` and `-`, for models spell them differently. https://github.com/promptfoo/promptfoo/issues/914, BerriAI/litellm/issues/13609,
 * ogx-ai/ogx/issues/1102, NVIDIA/garak/issues/748
 */
const TUNING_NAMES: ReadonlySet<string> = new Set(
  [
    // Sampling.
    "topk topa minp p k tfs tfsz typicalp epsiloncutoff etacutoff seed randomseed dosample",
    "mirostat mirostattau mirostateta mirostatmode dynamictemperature numbeams usebeamsearch",
    "frequencypenalty presencepenalty repetitionpenalty repeatpenalty countpenalty lengthpenalty",
    "norepeatngramsize earlystopping",
    // Thinking.
    "reasoning reasoningeffort reasoningconfig reasoningformat includereasoning effort verbosity",
    "thinkingconfig thinkingbudget enablethinking anthropicbeta betas",
    // How answers are counted and delivered.
    "n numgenerations bestof logprobs toplogprobs returnlikelihoods stream streamoptions",
  ].flatMap((line) => line.split(" ")),
);

/** What the name of a model's own parameter says when it is more than tuning, in lower case. */
const MORE_THAN_TUNING =
  /guard|saf|secur|moderat|filter|block|ban|bad|policy|trace|allow|deny|censor|toxi|limit|max|min|budget|grammar|schema|format|bias|tool|function|system|prompt|message|user|chat|mask|redact|pii|priva|retention|store|tier|metadata|role|document|image|media|file|citation|search|ground|model|cache|constructor|proto/;

/**
 * What is learnt from a refusal of the parameter at `path`, beyond `current`. `native` when the
 * path is in the model's own terms (`top_k`, `tools.0.custom.strict`), not in those of Converse.
 */
export function learnFromPath(
  path: string,
  native: boolean,
  current: ModelTraits,
): Lesson | undefined {
  const choice = /^(?:toolConfig\.toolChoice|tool_choice)(?:\.(auto|any|tool))?$/.exec(path);
  if (choice !== null) {
    const refused = TOOL_CHOICES.filter((kind) => choice[1] === undefined || choice[1] === kind);
    return refuseToolChoices(refused, current);
  }
  if (/^(?:toolConfig\.)?tools\.\d+\.(?:toolSpec\.|custom\.)?strict$/.test(path)) {
    return learnFact("strictTools", current);
  }
  if (/^(?:outputConfig\.textFormat|output_config\.format|output_format)(?:\.|$)/.test(path)) {
    return learnFact("textFormat", current);
  }
  if (/^output_?config\.effort$/i.test(path)) return narrowEfforts([], current);
  if (/^output_?config$/i.test(path)) return learnFact("outputConfig", current);
  if (/^(?:additionalModelRequestFields\.)?(?:thinking|reasoning_config)$/.test(path)) {
    return narrowThinking("none", current);
  }
  if (/(?:^|\.)(?:cachePoint|cache_control)(?:\.|$)/.test(path))
    return learnFromCachePath(path, current);
  if (/(?:^|\.)reasoning_?content(?:\.|$)/i.test(path))
    return learnFact("reasoningReplay", current);
  if (/^(?:messages\..*toolResult\.|toolResult\.)?status$/.test(path))
    return learnFact("toolResultStatus", current);
  if (/^(?:inferenceConfig\.)?temperature$/.test(path)) return narrowSampling("none", current);
  return refuseParameter(path, native, current);
}

function learnFromCachePath(path: string, current: ModelTraits): Lesson | undefined {
  if (path.endsWith(".ttl")) return refuseLongCache(current);
  // In a block that holds thinking or a tool result the place is wrong, not the model.
  if (/thinking|tool_?(?:use|result)/i.test(path)) return undefined;
  const first = path.replace(/^toolConfig\./, "").split(".")[0];
  const section = SECTIONS.find((name) => name === first);
  return refuseCache(section === undefined ? SECTIONS : [section], current);
}

function refuseParameter(path: string, native: boolean, current: ModelTraits): Lesson | undefined {
  const name = path.replace(/^(?:inferenceConfig|additionalModelRequestFields)\./, "");
  if (!/^[a-zA-Z][\w-]{0,63}(?:\.[a-zA-Z][\w-]{0,63})?$/.test(name)) return undefined;
  const inference = INFERENCE_NAMES.get(name);
  if (inference !== undefined && !path.startsWith("additionalModelRequestFields.")) {
    const extra = native ? [`additionalModelRequestFields.${name}`] : [];
    return refuseParameters([`inferenceConfig.${inference}`, ...extra], inference, current);
  }
  if (/^performanceConfig(?:\.|$)/.test(name)) {
    return refuseParameters(["performanceConfig"], "performanceConfig", current);
  }
  const tuning = name.replace(/[_-]/g, "").toLowerCase();
  const isField = native || tuning === "topk" || path.startsWith("additionalModelRequestFields.");
  const isTuning = TUNING_NAMES.has(tuning) || !MORE_THAN_TUNING.test(tuning);
  if (!isField || !isTuning) return undefined;
  return refuseParameters([`additionalModelRequestFields.${name}`], name, current);
}
