// Tools under the names they are sent with. Other interfaces allow more in a name than Bedrock does,
// and some models less.

import type { Tool } from "../core/converse-request.ts";
import { isRecord } from "../core/json.ts";
import type { ReportChange } from "../core/request-change.ts";
import type { WireNames } from "../messages/wire-names.ts";

/** The name of a tool; a cache point has none. */
export function nameOf(tool: Tool): string | undefined {
  return tool.toolSpec?.name ?? tool.systemTool?.name;
}

/** The names in a list of tools, in any of their shapes, before it is known to be one. */
export function givenNamesIn(tools: unknown): readonly string[] {
  const names: string[] = [];
  if (!Array.isArray(tools)) return names;
  for (const tool of tools) {
    if (!isRecord(tool)) continue;
    for (const holder of [tool, tool["toolSpec"], tool["systemTool"]]) {
      if (isRecord(holder) && typeof holder["name"] === "string") names.push(holder["name"]);
    }
  }
  return names;
}

/** The tool under the name it is sent with, and without a description that says nothing. */
export function toWireTool(
  tool: Tool,
  path: string,
  wireNames: WireNames,
  report: ReportChange,
): Tool {
  const { toolSpec } = tool;
  if (toolSpec === undefined) return tool;
  const name = wireNames.toolName(toolSpec.name);
  if (name !== toolSpec.name) {
    report({
      path: `${path}.toolSpec.name`,
      rule: wireNames.ruleOfToolName(toolSpec.name),
      message: `The tool is sent under the name ${name}, and comes back under its own.`,
      kind: "repair",
    });
  }
  const { description, ...rest } = toolSpec;
  if (description === "") {
    report({
      path: `${path}.toolSpec.description`,
      rule: "text-length",
      message: "A description that says nothing is left out.",
      kind: "repair",
    });
    return { toolSpec: { ...rest, name } };
  }
  return name === toolSpec.name ? tool : { toolSpec: { ...toolSpec, name } };
}
