// What the model is told of an answer that does not fit: the answer itself, and what is wrong with it,
// in the form that Converse demands after a call or after a text.

import type { ConverseResponse } from "../../core/converse-response.ts";
import type { MessageInput, MessagesInput } from "../../messages/message-input.ts";
import type { SchemaIssue } from "../../tools/schema.ts";
import { WRAPPED_NAME } from "./answer-schema.ts";
import type { Answer } from "./read-answer.ts";

/** More would be read by nobody, and paid for. */
const MAX_ISSUES = 20;
const MAX_ISSUE_LENGTH = 400;

/** The conversation as it goes on after an answer that does not fit. */
export function continueWithIssues(
  messages: MessagesInput | undefined,
  response: ConverseResponse,
  { calls }: Answer,
  issues: readonly SchemaIssue[],
  isWrapped: boolean,
): MessageInput[] {
  const words = `This answer cannot be used:\n${describe(issues, isWrapped)}\nGive the whole answer once more, corrected.`;
  const text = calls.length > 0 ? words : `${words} Nothing else.`;
  // Calls of other tools are answered by who makes histories legal.
  const results = calls.map(({ toolUseId }) => ({
    toolResult: { toolUseId, content: [{ text }], status: "error" },
  }));
  return [
    ...(typeof messages === "string" ? [{ role: "user", content: messages }] : (messages ?? [])),
    response.output.message,
    { role: "user", content: calls.length > 0 ? results : [{ text }] },
  ];
}

function describe(issues: readonly SchemaIssue[], isWrapped: boolean): string {
  const lines = issues.slice(0, MAX_ISSUES).map(({ path, message }) => {
    const place = [...(isWrapped ? [WRAPPED_NAME] : []), ...(path === "" ? [] : [path])].join(".");
    return `- ${place === "" ? "" : `${place}: `}${message}`.slice(0, MAX_ISSUE_LENGTH);
  });
  const more = issues.length - lines.length;
  return [...lines, ...(more > 0 ? [`- and ${more} more`] : [])].join("\n");
}
