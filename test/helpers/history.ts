// Whether a history is legal, whatever tools go with it.

import { checkRequest, type Message, type RequestIssue } from "../../src/index.ts";

/** What Bedrock would refuse in these messages. */
export function issuesOf(messages: readonly unknown[]): RequestIssue[] {
  const issues = checkRequest({ modelId: "a.model", messages: messages as Message[] });
  return issues.filter(({ rule }) => rule !== "tool-config-missing");
}
