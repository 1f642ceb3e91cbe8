// Reasoning asked for in the way the model at hand understands. Claude's versions refuse each other's
// shapes; what a caller means by them is the same.
// https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking

import { isRecord, type UnknownRecord } from "../core/json.ts";
import { fitEffort, readEffort, setEffort } from "./fit-effort.ts";
import { remove } from "./fit-parameters.ts";
import { fieldsOf, type RequestDraft, setField } from "./request-draft.ts";

/** Claude takes no smaller budget. */
const MIN_BUDGET = 1024;

/** What an effort is worth as a budget, and back. */
const BUDGETS = { low: 2048, medium: 8192, high: 16_384 } as const;

/** Room for the answer itself where the caller did not say how long it may be. */
const ANSWER_TOKENS = 4096;

/** Below this, nucleus sampling and thinking exclude each other. */
const MIN_THINKING_TOP_P = 0.95;

/** `reasoning_config` is the older name; Bedrock takes both. */
const NAMES = ["thinking", "reasoning_config"] as const;

/** Fits reasoning, and whatever it excludes, to the model. */
export function fitThinking(draft: RequestDraft): void {
  for (const name of NAMES) {
    if (isRecord(fieldsOf(draft)[name])) fitClaudeThinking(draft, name);
  }
  fitNovaReasoning(draft);
  fitEffort(draft, thinkingTypeOf(draft) === "disabled");
}

function thinkingTypeOf(draft: RequestDraft): unknown {
  const fields = fieldsOf(draft);
  const thinking = fields["thinking"] ?? fields["reasoning_config"];
  return isRecord(thinking) ? thinking["type"] : undefined;
}

function fitClaudeThinking(draft: RequestDraft, name: string): void {
  fitShape(draft, name);
  const thinking = fieldsOf(draft)[name];
  if (!isRecord(thinking) || thinking["type"] === "disabled") return;
  if (isCallForced(draft) && draft.traits.forcesWhileThinking === false) {
    dropThinking(
      draft,
      name,
      "thinking-forced-tool",
      "a tool call is forced, and it does not both",
    );
    return;
  }
  if (draft.traits.thinking !== "budget" && draft.traits.thinking !== "either") return;
  if (thinking["type"] === "enabled" && isContinuedWithoutReasoning(draft)) {
    dropThinking(
      draft,
      name,
      "thinking-first",
      "the turn to go on with was begun without reasoning",
    );
    return;
  }
  if (thinking["type"] === "enabled") makeRoom(draft, thinking);
  dropSamplingBesideThinking(draft);
}

/** Says the same in the shape the model takes. */
function fitShape(draft: RequestDraft, name: string): void {
  const thinking = fieldsOf(draft)[name] as UnknownRecord;
  const { type } = thinking;
  const { thinking: accepted } = draft.traits;
  if (accepted === "none") {
    dropThinking(draft, name, "thinking-shape", "it has none");
  } else if (accepted === "budget" && type === "adaptive") {
    toBudget(draft, name, thinking);
  } else if ((accepted === "adaptive" || accepted === "always") && type === "enabled") {
    toAdaptive(draft, name, thinking);
  } else if (accepted === "always" && type === "disabled") {
    dropThinking(draft, name, "thinking-shape", "its reasoning cannot be switched off");
  }
}

function toBudget(draft: RequestDraft, name: string, thinking: UnknownRecord): void {
  const { type: _type, display: _display, ...rest } = thinking;
  const { body, hasOwnMaxTokens } = draft;
  const effort = readEffort(draft) ?? "high";
  const wanted = effort === "low" || effort === "medium" ? BUDGETS[effort] : BUDGETS.high;
  const limit = hasOwnMaxTokens ? (body.inferenceConfig?.maxTokens ?? 0) : Number.POSITIVE_INFINITY;
  const budget = Math.min(wanted, Math.floor(limit / 2));
  if (budget < MIN_BUDGET) {
    dropThinking(
      draft,
      name,
      "thinking-shape",
      `maxTokens leaves no room for ${MIN_BUDGET} tokens`,
    );
    return;
  }
  setField(draft, name, { ...rest, type: "enabled", budget_tokens: budget });
  draft.report({
    path: `additionalModelRequestFields.${name}`,
    rule: "thinking-shape",
    message: `The model knows no adaptive thinking: it is given a budget of ${budget} tokens.`,
    kind: "warning",
  });
}

function toAdaptive(draft: RequestDraft, name: string, thinking: UnknownRecord): void {
  const { type: _type, budget_tokens: budget, ...rest } = thinking;
  setField(draft, name, { ...rest, type: "adaptive" });
  makeRoom(draft, thinking);
  let asWhat = "adaptive";
  if (typeof budget === "number" && readEffort(draft) === undefined) {
    const effort = budget <= BUDGETS.low ? "low" : budget <= BUDGETS.medium ? "medium" : "high";
    setEffort(draft, effort);
    asWhat = `adaptive, at ${effort} effort`;
  }
  draft.report({
    path: `additionalModelRequestFields.${name}`,
    rule: "thinking-shape",
    message: `The model takes no thinking budget: its thinking is made ${asWhat}.`,
    kind: "warning",
  });
}

function dropThinking(draft: RequestDraft, name: string, rule: string, because: string): void {
  remove(draft, `additionalModelRequestFields.${name}`, {
    rule,
    message: `Thinking is not asked of the model: ${because}.`,
  });
}

/** The answer must have room beside the budget; a limit of the caller's own is not overruled. */
function makeRoom(
  { body, traits, report, hasOwnMaxTokens }: RequestDraft,
  thinking: UnknownRecord,
): void {
  const budget = thinking["budget_tokens"];
  const given = body.inferenceConfig?.maxTokens;
  if (typeof budget !== "number" || given === undefined || budget < given) return;
  if (hasOwnMaxTokens) return;
  const maxTokens = Math.min(budget + ANSWER_TOKENS, traits.maxOutput ?? Number.POSITIVE_INFINITY);
  body.inferenceConfig = { ...body.inferenceConfig, maxTokens };
  report({
    path: "inferenceConfig.maxTokens",
    rule: "thinking-budget",
    message: `maxTokens is ${maxTokens}: the thinking counts as part of it.`,
    kind: "repair",
  });
}

function dropSamplingBesideThinking(draft: RequestDraft): void {
  const { temperature, topP } = draft.body.inferenceConfig ?? {};
  const fields = fieldsOf(draft);
  const paths = [
    ...(temperature === undefined || temperature === 1 ? [] : ["inferenceConfig.temperature"]),
    ...(topP === undefined || topP >= MIN_THINKING_TOP_P ? [] : ["inferenceConfig.topP"]),
    ...(fields["temperature"] === 1 ? [] : ["additionalModelRequestFields.temperature"]),
    ...(Number(fields["top_p"]) >= MIN_THINKING_TOP_P
      ? []
      : ["additionalModelRequestFields.top_p"]),
    "additionalModelRequestFields.top_k",
  ];
  for (const path of paths) {
    remove(draft, path, {
      rule: "thinking-sampling",
      message: `${path.slice(path.lastIndexOf(".") + 1)} is left out: it cannot be set while the model thinks.`,
    });
  }
}

function isCallForced({ body }: RequestDraft): boolean {
  const choice = body.toolConfig?.toolChoice;
  return choice?.any !== undefined || choice?.tool !== undefined;
}

/**
 * Whether the turn to go on with, a tool loop or half an answer, was begun without reasoning. Claude
 * thinks once, before the first of the calls; what follows their results comes without.
 */
function isContinuedWithoutReasoning({ body: { messages = [] } }: RequestDraft): boolean {
  const asked = messages.findLastIndex(
    ({ role, content }) =>
      role === "user" && content.every(({ toolResult }) => toolResult === undefined),
  );
  const begun = messages.slice(asked + 1).find(({ role }) => role === "assistant");
  return begun !== undefined && begun.content[0]?.reasoningContent === undefined;
}

/** Nova's reasoning at high effort knows no bounds, and wants none given. */
function fitNovaReasoning(draft: RequestDraft): void {
  if (!draft.traits.unboundedAtHighEffort) return;
  const reasoning = fieldsOf(draft)["reasoningConfig"];
  if (!isRecord(reasoning) || reasoning["type"] !== "enabled") return;
  if (reasoning["maxReasoningEffort"] !== "high") return;
  const { inferenceConfig } = draft.body;
  if (inferenceConfig === undefined) return;
  const { maxTokens: _, ...unbounded } = inferenceConfig;
  if (!draft.hasOwnMaxTokens) draft.body.inferenceConfig = unbounded;
  for (const name of ["maxTokens", "temperature", "topP"]) {
    remove(draft, `inferenceConfig.${name}`, {
      rule: "effort-unbounded",
      message: `${name} is left out: at high effort the model takes no such bound.`,
    });
  }
}
