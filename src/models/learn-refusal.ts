// What a refusal of Bedrock teaches about the model behind an id, read from its wording: nothing else
// tells. Refusals that are about one message or one schema teach nothing, nor does what is only quoted.

import { type Lesson, refuseCache, SECTIONS } from "./lessons.ts";
import type { ModelTraits } from "./model-traits.ts";
import { learnFact } from "./refusal-facts.ts";
import { createEchoCheck, readRefusal } from "./refusal-text.ts";
import { CONSTRAINT, NAMES, NO_CACHE, SYSTEM_ROLE, WORDINGS } from "./refusal-wordings.ts";
import { learnFromPath } from "./refused-parameter.ts";

/** What a refusal says, and whether a part of it may be the caller's own words. */
interface Refusal {
  readonly text: string;
  readonly isEcho: (text: string) => boolean;
}

/**
 * What a refusal teaches about the model, or undefined when that is nothing, or nothing beyond
 * `current`. The traits are to be merged over `current`; learning from the same refusal again then
 * gives undefined. Only ValidationException teaches, and AccessDeniedException about caching.
 *
 * `sent` is the body that was refused, as JSON text: what a refusal merely repeats of it teaches
 * nothing. Neither does a sentence that the refusal quotes.
 */
export function learnRefusal(
  error: { readonly code: string; readonly message: string },
  current: ModelTraits,
  sent?: string,
): Lesson | undefined {
  const refusal: Refusal = { text: readRefusal(error.message), isEcho: createEchoCheck(sent) };
  if (error.code === "AccessDeniedException") {
    return find(NO_CACHE, refusal) === undefined ? undefined : refuseCache(SECTIONS, current);
  }
  if (error.code !== "ValidationException") return undefined;
  // These repeat what was sent, which may read like anything.
  if (CONSTRAINT.test(refusal.text)) {
    return find(SYSTEM_ROLE, refusal) === undefined ? undefined : learnFact("systemRole", current);
  }
  for (const [pattern, teach] of WORDINGS) {
    const match = find(pattern, refusal);
    if (match !== undefined) return teach(match, current);
  }
  return learnFromNames(refusal, current);
}

/**
 * Whether a refusal names anything that `learnRefusal` can teach, known already or not: of calls that
 * were out together and refused alike, only the first finds something new.
 */
export function teaches(
  error: { readonly code: string; readonly message: string },
  sent?: string,
): boolean {
  return learnRefusal(error, {}, sent) !== undefined;
}

/** The first match that is no echo. */
function find(pattern: RegExp, { text, isEcho }: Refusal): RegExpExecArray | undefined {
  for (const match of text.matchAll(pattern)) {
    if (!isEcho(match[0])) return match;
  }
  return undefined;
}

/** Everything that is named, for one refusal may name several things at once. */
function learnFromNames({ text, isEcho }: Refusal, current: ModelTraits): Lesson | undefined {
  let learnt: Lesson | undefined;
  for (const [pattern, native] of NAMES) {
    for (const [wording, path = ""] of text.matchAll(pattern)) {
      const lesson = learnFromPath(path, native, { ...current, ...learnt?.traits });
      if (lesson === undefined || isEcho(wording)) continue;
      learnt = learnt === undefined ? lesson : join(learnt, lesson);
    }
  }
  return learnt;
}

function join(first: Lesson, next: Lesson): Lesson {
  return {
    traits: { ...first.traits, ...next.traits },
    rule: first.rule,
    message: `${first.message} ${next.message}`,
  };
}
