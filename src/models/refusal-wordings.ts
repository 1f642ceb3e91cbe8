// How Bedrock and the models behind it word a refusal, and what each wording teaches. Wordings are those
// of `readRefusal`: they lack their quotes and contractions.

import {
  type Lesson,
  lowerMaxOutput,
  narrowEfforts,
  narrowSampling,
  narrowThinking,
  refuseCache,
  refuseLongCache,
  refuseToolChoices,
  SECTIONS,
} from "./lessons.ts";
import type { ModelTraits } from "./model-traits.ts";
import { type Fact, learnFact } from "./refusal-facts.ts";
import { learnFromPath } from "./refused-parameter.ts";

/** What a wording teaches beyond what is known; undefined when that was known. */
export type Teach = (match: RegExpExecArray, current: ModelTraits) => Lesson | undefined;

const EFFORTS = ["low", "medium", "high", "xhigh", "max"];
const LEVEL = "(?:none|minimal|low|medium|high|xhigh|max)";
/** Nothing but levels, so that what a quotation is followed by is no part of the list. */
const LEVELS = `(${LEVEL}(?:(?:, ?| )(?:(?:or|and) )?${LEVEL})*)\\b`;

/** Follows a refusal of two things together, which says nothing of either alone. */
const ALONE =
  "(?! (?:when|while|unless|if|together|in combination|with (?!this model|th[ei]s? model)))";
const REFUSED = `(?:is|are) (?:deprecated|not supported|no longer supported)\\b${ALONE}`;
const SAMPLING = "(temperature|top_?[pk])";

/** How any repetition of a request's value begins, whatever constraint it fails. */
export const CONSTRAINT: RegExp = /validation errors? detected/i;

/** The one constraint that tells of a model: https://github.com/continuedev/continue/issues/1938 */
export const SYSTEM_ROLE: RegExp =
  /^\d{1,3} validation errors? detected: Value system at messages\.\d{1,6}\.member\.role failed to satisfy constraint: Member must satisfy enum value set: \[(?:user, assistant|assistant, user)\]/gi;

/** Of an AccessDeniedException. */
export const NO_CACHE: RegExp =
  /not allow prompt caching|not have access to (?:explicit )?prompt caching/gi;

/** In the order they are tried; the first that matches decides. */
export const WORDINGS: readonly (readonly [pattern: RegExp, teach: Teach])[] = [
  // https://github.com/BerriAI/litellm/issues/15070
  [
    /\btemperature and top_?p (?:can ?not|must not|may not) both be/gi,
    (_match, current) => narrowSampling("one", current),
  ],
  // https://github.com/vercel/ai/issues/11227
  [/thinking .{0,40}tool_choice forces? tool use/gi, fact("forcesWhileThinking")],
  // https://github.com/langchain-ai/langchain-aws/issues/1273
  [
    new RegExp(`tool_choice: type .{0,40}not supported${ALONE}`, "gi"),
    ([text], current) => refuseToolChoices(text.match(/\b(?:any|tool)\b/g) ?? [], current),
  ],
  // https://github.com/langchain-ai/langchain-aws/issues/140
  [/not support tool use (?:in|with|while) streaming/gi, fact("streamingTools")],
  // https://github.com/earendil-works/pi/issues/6212
  [/thinking\.type\.enabled is not supported/gi, thinking("adaptive")],
  // https://github.com/pensarai/apex/pull/887
  [/(?:thinking\.type\.adaptive|adaptive thinking) is not supported/gi, thinking("budget")],
  // https://github.com/cline/cline/issues/13203
  [/thinking\.type\.disabled is not supported/gi, thinking("always")],
  // https://github.com/anthropics/claude-code/issues/30795
  [/not support the effort parameter/gi, (_match, current) => narrowEfforts([], current)],
  // https://github.com/coder/coder/issues/25356
  [
    new RegExp(`effort: Input should be ${LEVELS}`, "gi"),
    ([, list], current) => effortsIn(list, current),
  ],
  // https://github.com/askalf/dario/pull/413
  [
    new RegExp(
      `not support effort (?:level )?(\\w{1,20})\\b(?:\\. Supported (?:effort )?levels: ${LEVELS})?`,
      "gi",
    ),
    ([, refused, list], current) =>
      list === undefined ? withoutEffort(refused, current) : effortsIn(list, current),
  ],
  // https://github.com/anthropics/claude-code/issues/61412
  [/role system is not supported|unexpected role system/gi, fact("systemRole")],
  // https://github.com/strands-agents/harness-sdk/issues/1223
  [/tool result blocks can ?not be provided in the same turn/gi, fact("toolResultsAlone")],
  // https://github.com/langchain-ai/langchain-aws/issues/401: said of any reasoning by models that
  // take none back, and of reasoning in a user message by those that do.
  [
    /messages can ?not contain reasoning content/gi,
    (_match, current) =>
      current.reasoningReplay === undefined ? learnFact("reasoningReplay", current) : undefined,
  ],
  // https://github.com/NousResearch/hermes-agent/issues/36260
  [/thinking\.signature: Field required/gi, fact("signedReasoning")],
  // https://github.com/anomalyco/opencode/issues/29760
  [/not support assistant message prefill/gi, fact("prefill")],
  // https://github.com/vercel/ai/issues/2772
  [/exceeds? the model limit of (\d{1,9})\b/gi, maxOutput],
  // https://github.com/OpenHands/OpenHands/issues/11090
  [/> (\d{1,9}), which is the maximum allowed number of output tokens/gi, maxOutput],
  // https://github.com/ChatGPTNextWeb/NextChat/issues/3195
  [/model supports at most (\d{1,9}) completion tokens/gi, maxOutput],
  // https://github.com/anomalyco/opencode/pull/48843
  [/but must be a-z, A-Z, 0-9, with a length of 9/gi, fact("nineToolUseIds")],
  // https://github.com/CherryHQ/cherry-studio/issues/15623
  [/tool_use\.id: String should match pattern/gi, fact("wordToolUseIds")],
  // https://github.com/BerriAI/litellm/issues/3286
  [/each stop sequence must contain non-whitespace/gi, fact("blankStopSequences")],
  // https://docs.aws.amazon.com/bedrock/latest/userguide/latency-optimized-inference.html
  [
    /performance configuration is not supported/gi,
    (_match, current) => learnFromPath("performanceConfig", false, current),
  ],
  // https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
  [
    /\bttl\b(?: \w{1,10})? is not supported|not support (?:extended|1h|1-hour|one-hour) (?:ttl|cach)/gi,
    (_match, current) => refuseLongCache(current),
  ],
  [
    /not support (?:prompt caching|cache ?points?|cache_control)\b|(?:prompt caching|cache_control) is not supported/gi,
    (_match, current) => refuseCache(SECTIONS, current),
  ],
  // https://github.com/BerriAI/litellm/issues/42717
  [/not support (?:the )?(?:structured outputs?|output[ _]format)\b/gi, fact("textFormat")],
  [new RegExp(`structured outputs? ${REFUSED}`, "gi"), fact("textFormat")],
  [/not support strict (?:tools?|mode)\b/gi, fact("strictTools")],
  // https://github.com/zeroclaw-labs/zeroclaw/issues/6095, Xerxes-2/clewdr/pull/146,
  // koosoli/ESPHomeDesigner/issues/379
  [new RegExp(`\\b${SAMPLING}(?:,? (?:and |or )?top_?[pk])* ${REFUSED}`, "gi"), sampling],
  [new RegExp(`not support (?:the )?${SAMPLING}(?: parameter)?\\b(?!\\.)${ALONE}`, "gi"), sampling],
  [/\b(temperature|top_?p) does not support [\d.]{1,9} with this model/gi, sampling],
];

/** Wordings that name a place of the request; `native` when in the model's own terms. */
export const NAMES: readonly (readonly [pattern: RegExp, native: boolean])[] = [
  // https://github.com/langgenius/dify-official-plugins/issues/1767, vercel/ai/issues/4396
  [/not support the ([\w.]{1,200}) field\b/gi, false],
  [/not support the ([\w.]{1,200}) parameter\b/gi, true],
  // https://github.com/BerriAI/litellm/issues/13609, lobehub/lobehub/issues/19876
  [/(?<![\w.])([\w.-]{1,200}): Extra inputs are not permitted/gi, true],
  // https://github.com/BerriAI/litellm/issues/7416: `#` is the model's request itself.
  [/#: extraneous key \[([\w.-]{1,64})\] is not permitted/gi, true],
  // https://github.com/stdapi-ai/stdapi.ai/issues/283
  [/(?:unknown|unsupported|unrecognized) parameter: ([\w.-]{1,64})/gi, true],
];

function fact(name: Fact): Teach {
  return (_match, current) => learnFact(name, current);
}

function thinking(to: "budget" | "adaptive" | "always"): Teach {
  return (_match, current) =>
    // A model that refuses what it was known to take, and takes nothing in its place, takes none.
    narrowThinking(to === "budget" && hasOtherShape(current) ? "none" : to, current);
}

function hasOtherShape({ thinking }: ModelTraits): boolean {
  return thinking === "adaptive" || thinking === "always";
}

function sampling([, name = ""]: RegExpExecArray, current: ModelTraits): Lesson | undefined {
  return learnFromPath(name.toLowerCase().replace(/^top_?/, "top_"), true, current);
}

function maxOutput([, limit]: RegExpExecArray, current: ModelTraits): Lesson | undefined {
  return lowerMaxOutput(Number(limit), current);
}

function effortsIn(list: string | undefined, current: ModelTraits): Lesson | undefined {
  const words = new Set(list?.toLowerCase().split(/\W+/));
  const efforts = EFFORTS.filter((effort) => words.has(effort));
  return efforts.length === 0 ? undefined : narrowEfforts(efforts, current);
}

function withoutEffort(refused: string | undefined, current: ModelTraits): Lesson | undefined {
  const level = refused?.toLowerCase() ?? "";
  if (!EFFORTS.includes(level)) return undefined;
  return narrowEfforts(
    EFFORTS.filter((effort) => effort !== level),
    current,
  );
}
