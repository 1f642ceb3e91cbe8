// What it teaches when a refusal names one place of the request. What carries meaning (messages,
// tools, documents, guardrails, a promised format) is never left out, so naming it teaches nothing.

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

/** Both places a model's own name for a parameter can come from. */
const INFERENCE_NAMES: ReadonlyMap<string, string> = new Map([
  ["top_p", "topP"],
  ["topP", "topP"],
  ["stop_sequences", "stopSequences"],
  ["stopSequences", "stopSequences"],
  ["stop", "stopSequences"],
  ["max_tokens", "maxTokens"],
  ["maxTokens", "maxTokens"],
]);

/** Members of the request beside `inferenceConfig` without which it means the same. */
const OPTIONAL_MEMBERS = new Set([
  "performanceConfig",
  "serviceTier",
  "requestMetadata",
  "additionalModelResponseFieldPaths",
]);

/** Names under which models take what must not be left out, or what keeps people safe. */
const MEANINGFUL =
  /^(?:messages?|system|tools?|tool_?choice|tool_?config|functions?|documents?|images?|videos?|audio|prompt|inputs?|instructions?|preamble|chat_history|contents?|context|model|model_?id|response_format|json_schema|mcp_servers|container)$|guard|safe|moderat|filter/i;

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
  if (/cachePoint|cache_control/.test(path)) return learnFromCachePath(path, current);
  if (/reasoning_?content/i.test(path)) return learnFact("reasoningReplay", current);
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
  const [member = ""] = name.split(".");
  if (OPTIONAL_MEMBERS.has(member)) return refuseParameters([member], member, current);
  const isSampling = name === "top_k" || name === "topK";
  if (!native && !isSampling && !path.startsWith("additionalModelRequestFields.")) return undefined;
  if (name.includes(".") || MEANINGFUL.test(name)) return undefined;
  return refuseParameters([`additionalModelRequestFields.${name}`], name, current);
}
