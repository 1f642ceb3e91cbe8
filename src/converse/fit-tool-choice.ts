// A tool choice that the model does not take as asked: the wish is put into words then, for words are
// all that is left.

import type { ToolChoice } from "../core/converse-request.ts";
import { instruct, type RequestDraft } from "./request-draft.ts";

/** What `toolChoice: "none"` comes to, for Converse has no such choice. */
export function forbidCalls(draft: RequestDraft): void {
  instruct(draft, "Do not call any tool in this answer; answer in text.");
  draft.report({
    path: "toolConfig.toolChoice",
    rule: "tool-choice-refused",
    message: "Converse knows no choice of none: the model is told to call no tool.",
    kind: "repair",
  });
}

/** Replaces a choice the model refuses by the nearest one it takes, and an instruction. */
export function fitToolChoice(draft: RequestDraft): void {
  const { toolConfig } = draft.body;
  const { toolChoices } = draft.traits;
  const choice = toolConfig?.toolChoice;
  if (toolConfig === undefined || choice === undefined || toolChoices === undefined) return;
  const [member] = Object.keys(choice) as (keyof ToolChoice)[];
  if (toolChoices.some((accepted) => accepted === member)) return;
  const { toolChoice: _, ...withoutChoice } = toolConfig;
  draft.body.toolConfig = withoutChoice;
  // To choose freely is what happens without a choice too.
  if (choice.auto !== undefined) return;
  const { tool } = choice;
  if (tool !== undefined && toolChoices.includes("any")) {
    draft.body.toolConfig = { ...withoutChoice, toolChoice: { any: {} } };
  }
  instruct(
    draft,
    tool === undefined
      ? "Call at least one of the tools in this answer."
      : `Call the tool ${tool.name} in this answer.`,
  );
  draft.report({
    path: "toolConfig.toolChoice",
    rule: "tool-choice-refused",
    message: "The model cannot be forced to this call: it is told to make it, in the instructions.",
    kind: "warning",
  });
}
