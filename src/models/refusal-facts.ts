// Facts about a model that a refusal teaches whole: there is nothing to work out, only something to
// know. None is ever taken back by another refusal.

import type { Lesson } from "./lessons.ts";
import type { ModelTraits } from "./model-traits.ts";

/** The name of such a fact. */
export type Fact =
  | "reasoningReplay"
  | "signedReasoning"
  | "strictTools"
  | "textFormat"
  | "outputConfig"
  | "toolResultStatus"
  | "toolResultsAlone"
  | "systemRole"
  | "prefill"
  | "streamingTools"
  | "forcesWhileThinking"
  | "blankStopSequences"
  | "wordToolUseIds"
  | "nineToolUseIds";

const FACTS: Readonly<Record<Fact, Lesson>> = {
  reasoningReplay: {
    traits: { reasoningReplay: "none" },
    rule: "reasoning-replay",
    message: "This model takes no reasoning back; it is left out of the history from now on.",
  },
  signedReasoning: {
    traits: { reasoningReplay: "signed" },
    rule: "reasoning-replay",
    message: "This model takes back signed reasoning only; other is left out from now on.",
  },
  strictTools: {
    traits: { strictTools: false },
    rule: "strict-refused",
    message: "This model refuses strict tools; strict is left out from now on.",
  },
  textFormat: {
    traits: { textFormat: false },
    rule: "text-format-refused",
    message: "This model refuses outputConfig.textFormat; it is not sent from now on.",
  },
  outputConfig: {
    traits: { textFormat: false, efforts: [] },
    rule: "text-format-refused",
    message: "This model refuses outputConfig; neither textFormat nor effort is sent from now on.",
  },
  toolResultStatus: {
    traits: { toolResultStatus: false },
    rule: "tool-result-status",
    message: "This model refuses toolResult.status; it is left out from now on.",
  },
  toolResultsAlone: {
    traits: { toolResultsAlone: true },
    rule: "tool-results-alone",
    message: "This model takes tool results only by themselves; they are sent so from now on.",
  },
  systemRole: {
    traits: { systemRole: false },
    rule: "system-role",
    message: "This model reads no system messages in the conversation; none is sent from now on.",
  },
  prefill: {
    traits: { prefill: false },
    rule: "prefill-refused",
    message: "This model does not continue an answer; a conversation must end with the user.",
  },
  streamingTools: {
    traits: { streamingTools: false },
    rule: "streaming-tools",
    message: "This model cannot stream with tools; such calls are not streamed from now on.",
  },
  forcesWhileThinking: {
    traits: { forcesWhileThinking: false },
    rule: "thinking-forced-tool",
    message: "This model cannot think when a tool call is forced; only one is asked from now on.",
  },
  blankStopSequences: {
    traits: { blankStopSequences: false },
    rule: "stop-sequence-blank",
    message: "This model refuses blank stop sequences; a request with one is stopped from now on.",
  },
  wordToolUseIds: {
    traits: { toolUseIds: "word" },
    rule: "tool-use-id-form",
    message: "This model takes ids of tool calls made of letters, digits, “_” and “-” only.",
  },
  nineToolUseIds: {
    traits: { toolUseIds: "nine" },
    rule: "tool-use-id-form",
    message: "This model takes ids of tool calls made of exactly nine letters and digits.",
  },
};

/** A fact, unless it was known, or something stricter was. */
export function learnFact(fact: Fact, current: ModelTraits): Lesson | undefined {
  if (fact === "signedReasoning" && current.reasoningReplay === "none") return undefined;
  if (fact === "wordToolUseIds" && current.toolUseIds === "nine") return undefined;
  const lesson = FACTS[fact];
  return isKnown(lesson.traits, current) ? undefined : lesson;
}

function isKnown(traits: ModelTraits, current: ModelTraits): boolean {
  const known: Readonly<Record<string, unknown>> = { ...current };
  return Object.entries(traits).every(
    ([name, value]) => JSON.stringify(value) === JSON.stringify(known[name]),
  );
}
