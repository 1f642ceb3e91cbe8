// What is found wrong with a value while it is held to a schema, and what is made of it when one of
// several schemas should have fitted.

import { MAX_ISSUES } from "./schema-issues.ts";

/** One fault, relative to the value that was held to the schema. */
export interface Finding {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** Types of which the value had to be one, when that is what is wrong. */
  readonly types?: readonly string[];
  /** Values of which it had to be one, as JSON, when that is what is wrong. */
  readonly choices?: readonly string[];
}

/** What came of holding one value to one schema. */
export class Outcome {
  readonly findings: Finding[] = [];
  /** Members that some schema took, where it matters: names of an object, indexes of a list. */
  readonly taken: Set<string | number> = new Set();

  get fits(): boolean {
    return this.findings.length === 0;
  }

  /** Whether nothing more will be told. */
  get isFull(): boolean {
    return this.findings.length >= MAX_ISSUES;
  }

  add(finding: Finding): void {
    const isKnown = this.findings.some(
      ({ path, message }) =>
        message === finding.message &&
        path.length === finding.path.length &&
        path.every((step, index) => step === finding.path[index]),
    );
    if (!this.isFull && !isKnown) this.findings.push(finding);
  }

  /** What came of another schema for the same value. */
  include({ findings, taken }: Outcome): void {
    for (const finding of findings) this.add(finding);
    for (const step of taken) this.taken.add(step);
  }

  /** What came of a part of the value. */
  includePart(step: string | number, { findings }: Outcome): void {
    for (const finding of findings) {
      if (this.isFull) return;
      this.add({ ...finding, path: [step, ...finding.path] });
    }
  }
}

/**
 * What to tell of a value that none of several schemas took: of the one that was meant, as far as types
 * and the values of its members show which that is. `kind` is the value's type.
 */
export function findingsOfAlternatives(outcomes: readonly Outcome[], kind: string): Finding[] {
  const ofType = outcomes.filter(({ findings }) => !findings.some(isOfOtherType));
  if (ofType.length === 0) {
    const types = outcomes.flatMap(({ findings }) => findings.find(isOfOtherType)?.types ?? []);
    return types.length === 0
      ? [{ path: [], message: "is not allowed" }]
      : [typeFinding(types, kind)];
  }
  const chosen = ofType.filter(({ findings }) => !findings.some(isChoice));
  if (chosen.length === 0 && ofType.length > 1) {
    const choice = mergeChoices(ofType);
    if (choice !== undefined) return [choice];
  }
  const meant = chosen.length === 0 ? ofType : chosen;
  const findings = meant.flatMap((outcome) => outcome.findings);
  if (meant.length === 1) return findings;
  return findings.map(({ path, message }) => {
    return { path, message: `${message}, unless another of the forms allowed here fits` };
  });
}

/** The finding of a value that has none of the types. `kind` is the one it has. */
export function typeFinding(types: readonly string[], kind: string): Finding {
  const known = [...new Set(types)];
  return {
    path: [],
    message: `must be ${known.map(article).join(" or ")}, not ${article(kind)}`,
    types: known,
  };
}

/** The finding of a value that is none of those that are allowed, which are given as JSON. */
export function choiceFinding(choices: readonly string[], path: Finding["path"] = []): Finding {
  const known = [...new Set(choices)];
  const words = known.length === 1 ? "must be" : "must be one of";
  return { path, message: `${words} ${known.join(", ")}`, choices: known };
}

function isOfOtherType({ path, types }: Finding): boolean {
  return types !== undefined && path.length === 0;
}

/** Whether a finding is of what tells one form from another: the value itself, or a member of it. */
function isChoice({ path, choices }: Finding): boolean {
  return choices !== undefined && path.length <= 1;
}

/** One finding for a member that takes another value in each schema. */
function mergeChoices(outcomes: readonly Outcome[]): Finding | undefined {
  for (const { path } of outcomes[0]?.findings.filter(isChoice) ?? []) {
    const same = outcomes.map(({ findings }) =>
      findings.find((each) => isChoice(each) && each.path.join() === path.join()),
    );
    if (same.includes(undefined)) continue;
    return choiceFinding(
      same.flatMap((each) => each?.choices ?? []),
      path,
    );
  }
  return undefined;
}

function article(type: string): string {
  if (type === "null" || type === "undefined") return type;
  return /^[aio]/.test(type) ? `an ${type}` : `a ${type}`;
}
