// One object from its request to its end: a turn that asks for it, and one that repairs it.

import type { TokenUsage } from "../../core/converse-response.ts";
import type { AbortError } from "../../core/errors.ts";
import { readSignal } from "../../core/options.ts";
import { addUsage } from "../../core/usage.ts";
import type { SchemaCheck } from "../../tools/schema.ts";
import { Cancellation } from "../../transport/cancellation.ts";
import { type AnswerSchema, toAnswerSchema } from "./answer-schema.ts";
import { type ObjectRequest, type ObjectResult, readObjectRequest } from "./object-options.ts";
import { type ObjectParts, ObjectTurns } from "./object-turns.ts";
import type { PartialObjects } from "./partial-objects.ts";
import { type Answer, readAnswer } from "./read-answer.ts";
import { continueWithIssues } from "./repair-turn.ts";
import { isCutOff, isWithheld, unusableAnswer } from "./unusable-answer.ts";

/** An object that is under way. */
export interface RunningObject {
  readonly result: Promise<ObjectResult<unknown>>;
  readonly abort: (error: AbortError) => void;
}

/** Begins at once. What is wrong with the options is told by the result, like everything else. */
export function runObject(
  given: unknown,
  parts: ObjectParts,
  partials: PartialObjects,
): RunningObject {
  try {
    const request = readObjectRequest(given);
    const cancellation = new Cancellation(readSignal(request.options.signal));
    const answerSchema = toAnswerSchema(request.schema.jsonSchema);
    const turns = new ObjectTurns(request, answerSchema, parts, { partials, cancellation });
    const result = run(request, answerSchema, turns, cancellation).finally(() =>
      cancellation.dispose(),
    );
    return { result, abort: (error) => cancellation.cancel(error) };
  } catch (error) {
    return { result: Promise.reject(error), abort: () => {} };
  }
}

async function run(
  { options, schema, repairTurns }: ObjectRequest,
  { isWrapped }: AnswerSchema,
  turns: ObjectTurns,
  cancellation: Cancellation,
): Promise<ObjectResult<unknown>> {
  let { messages } = options;
  let usage: TokenUsage | undefined;
  for (let turn = 0; ; turn++) {
    const { response, plan } = await turns.send(messages);
    usage = usage === undefined ? response.usage : addUsage(usage, response.usage);
    const answer = readAnswer(response, plan.toolName, isWrapped);
    const checked = isWithheld(response)
      ? NOTHING
      : await cancellation.guard(check(answer, schema.check));
    const { issues } = checked;
    if (issues === undefined) return { object: checked.value, response, usage };
    if (turn === repairTurns || isWithheld(response) || isCutOff(response)) {
      const { attempts } = turns;
      throw unusableAnswer({ response, answer, issues, usage, attempts, repairTurns: turn });
    }
    turns.tell(
      "info",
      `the answer does not fit the schema (issues: ${issues.length}); asking once more.`,
    );
    messages = continueWithIssues(messages, response, answer, issues, isWrapped);
  }
}

const NOTHING: SchemaCheck<never> = { issues: [{ path: "", message: "There is no answer." }] };

const NO_JSON: SchemaCheck<never> = {
  issues: [{ path: "", message: "It holds no JSON value that can be read." }],
};

async function check(
  { value }: Answer,
  checkValue: (value: unknown) => Promise<SchemaCheck<unknown>>,
): Promise<SchemaCheck<unknown>> {
  return value === undefined ? NO_JSON : await checkValue(value);
}
