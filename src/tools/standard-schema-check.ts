// Holds a value to a library's schema with the library's own validator, and tells what it found in our form.

import type { SchemaCheck, SchemaIssue, StandardIssue, StandardSchema } from "./schema.ts";
import { MAX_ISSUES, toIssue } from "./schema-issues.ts";

/**
 * Checks a value. Rejects with `TypeError`, opening with `where`, when the validator itself fails; what
 * it threw is the `cause`.
 */
export async function checkWithLibrary(
  schema: StandardSchema,
  value: unknown,
  where: string,
): Promise<SchemaCheck<unknown>> {
  const { vendor } = schema["~standard"];
  let result: unknown;
  try {
    result = await validate(schema, value);
  } catch (cause) {
    throw new TypeError(`${where}: the validator of this ${vendor} schema failed; see the cause.`, {
      cause,
    });
  }
  // What arktype finds is a list that also has `issues`.
  const isAnswer = typeof result === "object" && result !== null;
  const answer = (isAnswer ? result : {}) as { issues?: unknown; value?: unknown };
  if (Array.isArray(answer.issues)) return { issues: toIssues(answer.issues, vendor) };
  if ("value" in answer) return { value: answer.value };
  throw new TypeError(
    `${where}: the validator of this ${vendor} schema gives neither a value nor issues.`,
  );
}

/**
 * zod's own entry for all libraries tries without waiting first, and leaves a check that has to be waited for
 * behind: where that one fails, nobody catches it, and the process ends.
 */
async function validate(schema: StandardSchema, value: unknown): Promise<unknown> {
  const { safeParseAsync } = schema as { readonly safeParseAsync?: unknown };
  if (schema["~standard"].vendor !== "zod" || typeof safeParseAsync !== "function") {
    return await schema["~standard"].validate(value);
  }
  const { success, data, error } = await safeParseAsync.call(schema, value);
  return success === true ? { value: data } : { issues: error?.issues };
}

function toIssues(issues: readonly StandardIssue[], vendor: string): SchemaIssue[] {
  const told = issues.slice(0, MAX_ISSUES).map((issue) => {
    const path = (issue.path ?? []).map((step) => (typeof step === "object" ? step.key : step));
    return toIssue(path, withoutValue(issue, vendor));
  });
  return told.length === 0 ? [toIssue([], "does not fit")] : told;
}

/** The message without the value that valibot and arktype repeat in it. */
function withoutValue(issue: StandardIssue, vendor: string): string {
  const { message } = issue;
  const { received, actual } = issue as { readonly received?: unknown; readonly actual?: unknown };
  if (vendor === "valibot" && typeof received === "string") {
    return message.replace(` but received ${received}`, "").replace(`: Received ${received}`, "");
  }
  if (vendor === "arktype" && typeof actual === "string") {
    const told = message.replaceAll(` (was ${actual})`, "").replaceAll(`(${actual}) `, "");
    return actual.startsWith('"') ? told.replaceAll(actual, "what is there") : told;
  }
  return message;
}
