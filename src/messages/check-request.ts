// What Bedrock would refuse, found before sending.

import type { ConverseRequest } from "../core/converse-request.ts";
import type { Input } from "../core/open.ts";
import type { RequestRule } from "./rules/request-rule.ts";
import { REQUEST_RULES, RULE_GROUPS } from "./rules/request-rules.ts";
import { type RequestContext, toRequestView } from "./rules/view.ts";

/** A request in the form of the wire; the model id may be left out. */
export type CheckableRequest = Input<Partial<ConverseRequest>>;

/** One thing Bedrock would refuse. */
export interface RequestIssue {
  /**
   * The place, as Bedrock writes it: `messages.0.content.1.text`. From a client, messages and blocks
   * count as in the options that were passed.
   */
  path: string;
  /** The stable id of the rule that is broken, such as `roles-alternate`. */
  rule: string;
  /** What Bedrock says to it. */
  message: string;
  /** What to do about it, where that can be said in general. */
  repair?: string;
}

const CONSTRAINTS = idsOf(({ isConstraint }) => isConstraint);
const OPEN_RULES = idsOf(({ isOpen }) => isOpen);

function idsOf(isMeant: (rule: RequestRule) => true | undefined): ReadonlySet<string> {
  return new Set(REQUEST_RULES.filter((rule) => isMeant(rule) === true).map(({ id }) => id));
}

/**
 * Every reason for which Bedrock would refuse a request, in the order in which it looks for them;
 * empty when there is none. Takes a request in the form of the wire, bytes as `Uint8Array` or as
 * base64, and any other value without throwing. What is known of the model that `modelId` names is
 * checked as well; an unknown model may take anything. Some limits are ones that AWS widens without
 * notice: they are told here, and a client sends such a request nonetheless.
 */
export function checkRequest(request: CheckableRequest): RequestIssue[] {
  return findIssues(request);
}

/**
 * `checkRequest` for a value of unknown origin. `context` says what the request does not: what the
 * model accepts, where that is known better than by `modelId`, the operation it is meant for, and
 * whether the values that break a constraint may be shown.
 */
export function findIssues(request: unknown, context?: RequestContext): RequestIssue[] {
  const view = toRequestView(request, context);
  const issues: RequestIssue[] = [];
  const found: Pick<RequestIssue, "path" | "message">[] = [];
  const report = (path: string, message: string) => found.push({ path, message });
  for (const { rules, concerns } of RULE_GROUPS) {
    if (!concerns(view)) continue;
    for (const rule of rules) {
      rule.check(view, report);
      if (found.length === 0) continue;
      for (const { path, message } of found.splice(0)) issues.push(toIssue(rule, path, message));
    }
  }
  return issues;
}

function toIssue({ id, repair }: RequestRule, path: string, message: string): RequestIssue {
  return { path, rule: id, message, ...(repair === undefined ? {} : { repair }) };
}

/** The issues for which a request is not worth sending: those of limits that never move. */
export function blockingIssues(issues: readonly RequestIssue[]): RequestIssue[] {
  return issues.filter(({ rule }) => !OPEN_RULES.has(rule));
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
