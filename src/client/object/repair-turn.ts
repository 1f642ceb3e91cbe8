// What the model is told of an answer that does not fit: the answer itself, and what is wrong with it,
// in the form that Converse demands after a call or after a text.

import type { ConverseResponse } from "../../core/converse-response.ts";
import type { MessageInput, MessagesInput } from "../../messages/message-input.ts";
import type { SchemaIssue } from "../../tools/schema.ts";
import { WRAPPED_NAME } from "./answer-schema.ts";
import type { Answer } from "./read-answer.ts";

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

/** As many lines, and as long, as the check of a schema tells at most. */
function describe(issues: readonly SchemaIssue[], isWrapped: boolean): string {
  const lines = issues.map(({ path, message }) => {
    const place = [...(isWrapped ? [WRAPPED_NAME] : []), ...(path === "" ? [] : [path])].join(".");
    return `- ${place === "" ? "" : `${place}: `}${message}`;
  });
  return lines.join("\n");
}
