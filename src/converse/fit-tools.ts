// What is asked of tools and of the form of the answer, where the model does not take it as asked:
// the wish is put into words then, for words are all that is left.

import type { Tool, ToolChoice } from "../core/converse-request.ts";
import { instruct, type RequestDraft } from "./request-draft.ts";

/** Fits the tool choice, strict tools and the text format to the model. */
export function fitTools(draft: RequestDraft): void {
  fitToolChoice(draft);
  if (draft.traits.strictTools === false) dropStrict(draft);
  if (draft.traits.textFormat === false) dropTextFormat(draft);
}

function fitToolChoice(draft: RequestDraft): void {
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

function dropStrict({ body, report }: RequestDraft): void {
  const { toolConfig } = body;
  if (toolConfig === undefined) return;
  let isStrict = false;
  const tools = toolConfig.tools.map((tool): Tool => {
    const { toolSpec } = tool;
    if (toolSpec?.strict === undefined) return tool;
    isStrict ||= toolSpec.strict;
    const { strict: _, ...rest } = toolSpec;
    return { toolSpec: rest };
  });
  body.toolConfig = { ...toolConfig, tools };
  if (!isStrict) return;
  report({
    path: "toolConfig.tools",
    rule: "strict-refused",
    message: "The model takes no strict tools: what it calls them with may miss their schemas.",
    kind: "warning",
  });
}

function dropTextFormat(draft: RequestDraft): void {
  const { textFormat, ...rest } = draft.body.outputConfig ?? {};
  if (textFormat === undefined) return;
  if (Object.keys(rest).length === 0) delete draft.body.outputConfig;
  else draft.body.outputConfig = rest;
  const schema = textFormat.structure.jsonSchema?.schema;
  if (schema !== undefined) {
    instruct(
      draft,
      `Answer with one JSON value and nothing else: no introduction, no code fence. It satisfies this JSON Schema:\n${schema}`,
    );
  }
  draft.report({
    path: "outputConfig.textFormat",
    rule: "text-format-refused",
    message:
      "The model cannot be held to a schema: it is told to keep it, in the instructions; check its answer.",
    kind: "warning",
  });
}
