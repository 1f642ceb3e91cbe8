// What hooks return, held to what they may: one that is misunderstood must not pass for one that agrees.

import { isRecord } from "../core/json.ts";

const MEMBERS = {
  beforeModel: ["request", "response"],
  afterModel: ["response"],
  beforeTool: ["input", "deny", "result"],
  afterTool: ["result"],
} as const;

/** The answer, if there is one. Throws `TypeError` for what that hook may not return. */
export function readHookAnswer<Answer extends object>(
  hook: keyof typeof MEMBERS,
  // biome-ignore lint/suspicious/noConfusingVoidType: what a function without `return` gives.
  answer: Answer | void | undefined,
): Answer | undefined {
  if (answer === undefined) return undefined;
  const members: readonly string[] = MEMBERS[hook];
  const names = isRecord(answer) ? Object.keys(answer) : [];
  if (names.length === 1 && members.includes(names[0] ?? "") && isWhole(answer)) return answer;
  const choices = members.map((member) => `{ ${member} }`).join(", ");
  throw new TypeError(`${hook} must return ${choices} or nothing.`);
}

/** A response is one of Converse, and a request has options. */
function isWhole(answer: object): boolean {
  const { request, response } = answer as { request?: unknown; response?: unknown };
  if (request !== undefined) return isRecord(request);
  if (response === undefined) return !("request" in answer || "response" in answer);
  if (!isRecord(response) || typeof response["stopReason"] !== "string") return false;
  const { message } = isRecord(response["output"]) ? response["output"] : {};
  return isRecord(message) && Array.isArray(message["content"]);
}
