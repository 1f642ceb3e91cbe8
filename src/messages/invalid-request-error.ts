// A request that was stopped because Bedrock would have refused it.

import type { RequestIssue } from "./check-request.ts";

/**
 * Thrown instead of sending. A `TypeError`, for the request is wrong whenever it is sent; `issues`
 * holds every place, rule and reason. What could be repaired without changing what is meant was
 * repaired before.
 */
export class InvalidRequestError extends TypeError {
  override name = "InvalidRequestError";
  /** Stable, whatever a bundler calls the class. */
  readonly code = "InvalidRequestError";
  /** At least one, in the order in which Bedrock looks. */
  readonly issues: readonly RequestIssue[];

  constructor(where: string, issues: readonly RequestIssue[]) {
    super(`${where}: Bedrock would refuse this request. ${describe(issues)}`);
    this.issues = issues;
  }
}

function describe(issues: readonly RequestIssue[]): string {
  const [first, ...others] = issues;
  if (first === undefined) return "";
  const { path, rule, message, repair } = first;
  const more = others.length === 0 ? [] : [`${others.length} more in \`issues\`.`];
  return [`${path} (${rule}): ${message}`, ...(repair === undefined ? [] : [repair]), ...more].join(
    " ",
  );
}
