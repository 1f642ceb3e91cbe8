// Whether a call the model asked for may be run: a known tool, an id of its own, input that is whole and
// satisfies the schema. What may not becomes a reason that the model can read.

import type { ToolUseBlock } from "../core/content.ts";
import { faultOfInput } from "./input-limits.ts";
import type { SchemaIssue } from "./schema.ts";
import type { AnyTool, ToolSet } from "./tool-set.ts";

/** A call that may be run, or the reason why not; with what the schema threw, where it is to blame. */
export type CheckedCall =
  | { readonly tool: AnyTool; readonly input: unknown; readonly refusal?: undefined }
  | { readonly refusal: string; readonly schemaError?: unknown };

/** Issues that are shown to the model. */
const MAX_SHOWN_ISSUES = 20;
const MAX_SHOWN_NAME = 64;

/** Ids that several calls of one turn share: their results could not be told apart. */
export function findDuplicateIds(calls: readonly Pick<ToolUseBlock, "toolUseId">[]): Set<string> {
  const seen = new Set<string>();
  const duplicates = new Set<string>();
  for (const { toolUseId } of calls) {
    if (seen.has(toolUseId)) duplicates.add(toolUseId);
    seen.add(toolUseId);
  }
  return duplicates;
}

/** Checks a call as it came from the model. Never rejects. */
export async function checkCall(call: ToolUseBlock, tools: ToolSet): Promise<CheckedCall> {
  const tool = tools.find(call.name);
  if (tool === undefined) return { refusal: unknownTool(call.name, tools) };
  return await checkInput(tool, call.input);
}

/**
 * Checks an input, from the model or from a person who changed it. What is found good is the tool's own: it
 * shares nothing with the input that was given, which the conversation shows. Never rejects.
 */
export async function checkInput(
  tool: AnyTool,
  input: ToolUseBlock["input"],
): Promise<CheckedCall> {
  try {
    const fault = faultOfInput(input);
    if (fault !== undefined) return { refusal: `${fault} The tool was not run.` };
    const checked = await tool.check(structuredClone(input));
    if (checked.issues === undefined) return { tool, input: checked.value };
    return { refusal: describeIssues(checked.issues) };
  } catch (schemaError) {
    // What a failing schema says is for its writer, not for a model.
    return { refusal: "The input could not be checked. The tool was not run.", schemaError };
  }
}

function unknownTool(name: string, tools: ToolSet): string {
  const nearest = tools.nearest(name);
  const advice = nearest === undefined ? "" : ` Did you mean “${nearest}”?`;
  const shown = name.slice(0, MAX_SHOWN_NAME).toWellFormed();
  return `There is no tool “${shown}”.${advice}`;
}

function describeIssues(issues: readonly SchemaIssue[]): string {
  const lines = issues
    .slice(0, MAX_SHOWN_ISSUES)
    .map(({ path, message }) => (path === "" ? `- ${message}` : `- ${path}: ${message}`));
  const more = issues.length - lines.length;
  if (more > 0) lines.push(`- and ${more} more`);
  return `The input does not satisfy the schema of the tool, which was not run:\n${lines.join("\n")}`;
}
