// The error of an answer that is no object, in words that hold nothing of the answer.

import type { ConverseResponse, TokenUsage } from "../../core/converse-response.ts";
import { StructuredOutputError } from "../../core/errors.ts";
import type { SchemaIssue } from "../../tools/schema.ts";
import type { Answer } from "./read-answer.ts";

/** What is known when an answer is given up. */
export interface GivenUp {
  readonly response: ConverseResponse;
  readonly answer: Answer;
  readonly issues: readonly SchemaIssue[];
  readonly usage: TokenUsage;
  readonly attempts: number;
  readonly repairTurns: number;
}

/** Whoever stopped it meant to; asking again is asking for the same. */
const WITHHELD: ReadonlyMap<string, string> = new Map([
  ["guardrail_intervened", "Look at what the guardrail says, in `response.trace`."],
  ["content_filtered", "The model's provider has filtered the answer: change what is asked."],
  ["refusal", "The model will not answer this: what it says is in `text`."],
]);

/** There was no room for more. */
const CUT_OFF: ReadonlyMap<string, string> = new Map([
  ["max_tokens", "Raise maxTokens, or ask for less."],
  ["model_context_window_exceeded", "The context is full: send less, or ask for less."],
]);

/** Whether an answer is not to be looked at, whatever it holds. */
export function isWithheld({ stopReason }: ConverseResponse): boolean {
  return WITHHELD.has(stopReason);
}

/** Whether an answer that is not complete would not be complete another time either. */
export function isCutOff({ stopReason }: ConverseResponse): boolean {
  return CUT_OFF.has(stopReason);
}

/** The error for an answer that is given up. */
export function unusableAnswer(given: GivenUp): StructuredOutputError {
  const { response, answer, issues, usage, attempts } = given;
  const { $metadata } = response;
  return new StructuredOutputError(describe(given), {
    text: answer.text,
    issues,
    response,
    usage,
    attempts,
    requestId: $metadata?.requestId,
    status: $metadata?.httpStatusCode,
    hint:
      WITHHELD.get(response.stopReason) ??
      CUT_OFF.get(response.stopReason) ??
      "What the model has answered is in `text`, what is wrong with it in `issues`: describe the members in the schema, make it simpler, or ask a stronger model.",
  });
}

function describe({ response, answer, issues, repairTurns }: GivenUp): string {
  const { stopReason } = response;
  // It comes over the network, like all the rest.
  const stopped = /^\w{1,40}$/.test(stopReason) ? ` (stop reason ${stopReason})` : "";
  if (isWithheld(response)) return `No object was given${stopped}.`;
  if (isCutOff(response)) return `The answer was cut off before the object was complete${stopped}.`;
  const repaired = repairTurns > 0 ? ", even after a repair turn" : "";
  if (answer.value === undefined)
    return `The answer holds no JSON that can be read${repaired}${stopped}.`;
  const count = issues.length === 1 ? "1 issue" : `${issues.length} issues`;
  return `The answer does not fit the schema${repaired}: ${count}${stopped}.`;
}
