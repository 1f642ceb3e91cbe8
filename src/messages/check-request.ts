// What Bedrock would refuse, found before sending.

import type { ConverseRequest } from "../core/converse-request.ts";
import type { Input } from "../core/open.ts";
import { REQUEST_RULES } from "./rules/request-rules.ts";
import { toRequestView } from "./rules/view.ts";

/** A request in the form of the wire; the model id may be left out. */
export type CheckableRequest = Input<Partial<ConverseRequest>>;

/** One thing Bedrock would refuse. */
export interface RequestIssue {
  /** The place, as Bedrock writes it: `messages.0.content.1.text`. */
  path: string;
  /** The stable id of the rule that is broken, such as `roles-alternate`. */
  rule: string;
  /** What Bedrock says to it. */
  message: string;
  /** What to do about it, where that can be said in general. */
  repair?: string;
}

const CONSTRAINTS = new Set(REQUEST_RULES.filter((rule) => rule.isConstraint).map(({ id }) => id));

/**
 * Every reason for which Bedrock would refuse a request, in the order in which it looks for them;
 * empty when there is none. Takes a request in the form of the wire, bytes as `Uint8Array` or as
 * base64, and any other value without throwing. Rules that only some models have are not checked.
 */
export function checkRequest(request: CheckableRequest): RequestIssue[] {
  return findIssues(request);
}

/** `checkRequest` for a value of unknown origin. */
export function findIssues(request: unknown): RequestIssue[] {
  const view = toRequestView(request);
  const issues: RequestIssue[] = [];
  for (const { id, repair, check } of REQUEST_RULES) {
    for (const { path, message } of check(view)) {
      issues.push({ path, rule: id, message, ...(repair === undefined ? {} : { repair }) });
    }
  }
  return issues;
}

/**
 * The message of the `ValidationException` Bedrock answers with: that of the first issue; where it
 * is a constraint of the service model, all of these together.
 */
export function refusalOf(issues: readonly RequestIssue[]): string | undefined {
  const [first] = issues;
  if (first === undefined || !CONSTRAINTS.has(first.rule)) return first?.message;
  const messages = issues.filter(({ rule }) => CONSTRAINTS.has(rule)).map(({ message }) => message);
  const count =
    messages.length === 1 ? "1 validation error" : `${messages.length} validation errors`;
  return `${count} detected: ${messages.join("; ")}`;
}
