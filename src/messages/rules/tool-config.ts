// Rules on the tools a request offers.

import { isRecord } from "../../core/json.ts";
import { isPromptArn } from "./parameters.ts";
import type { RequestRule } from "./request-rule.ts";
import { type BlockView, recordOf, textOf } from "./view.ts";
import { modelError, notAnObject } from "./wording.ts";

export const TOOL_CONFIG_RULES: readonly RequestRule[] = [
  {
    id: "tool-config-missing",
    reference: "https://github.com/langgenius/dify/issues/17545",
    repair: "Send the tools that the history speaks of.",
    check(view, report) {
      // A conversation that is looked at by itself names no model, and no tools either.
      if (view.modelId === undefined || view.body["toolConfig"] != null) return;
      // A prompt brings its own along.
      if (isPromptArn(view.modelId)) return;
      if (!view.blocksByName.has("toolUse") && !view.blocksByName.has("toolResult")) return;
      report(
        "toolConfig",
        "The toolConfig field must be defined when using toolUse and toolResult content blocks.",
      );
    },
  },
  {
    id: "tools-only-cache-points",
    reference: "https://github.com/BerriAI/litellm/issues/24668",
    repair: "Leave toolConfig out when there is no tool.",
    check({ tools }, report) {
      if (tools.length === 0 || tools.some(({ name }) => name !== "cachePoint")) return;
      report(
        "toolConfig.tools",
        "The toolConfig.tools field must contain a tool besides the cachePoint blocks. Add a tool and try again.",
      );
    },
  },
  {
    id: "tool-names-duplicate",
    reference: "https://docs.claude.com/en/docs/agents-and-tools/tool-use/implement-tool-use",
    repair: "Rename one of the tools.",
    check({ tools }, report) {
      if (tools.length < 2) return;
      const seen = new Set<string>();
      for (const tool of tools) {
        const name = toolNameOf(tool);
        if (name === undefined) continue;
        if (seen.has(name)) {
          report(`${tool.path}.${tool.name}.name`, modelError("tools: Tool names must be unique."));
        }
        seen.add(name);
      }
    },
  },
  {
    id: "input-schema-object",
    reference: "https://github.com/aws/aws-sdk-net/issues/3377",
    repair: "Pass a JSON Schema as an object, not as text.",
    check({ tools }, report) {
      for (const { path, json } of inputSchemasOf(tools)) {
        if (json !== undefined && !isRecord(json)) report(path, notAnObject(path));
      }
    },
  },
  {
    id: "input-schema-type",
    reference: "https://github.com/alibaba/spring-ai-alibaba/issues/3082",
    repair: 'Wrap the schema in {"type": "object", "properties": …}.',
    check({ tools }, report) {
      for (const { path, json } of inputSchemasOf(tools)) {
        if (!isRecord(json) || json["type"] === "object") continue;
        report(`${path}.type`, `The value at ${path}.type must be one of the following: object.`);
      }
    },
  },
  {
    id: "tool-choice-unknown",
    reference:
      "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolChoice.html",
    repair: "Choose one of the tools of the request.",
    check({ toolConfig, tools }, report) {
      const name = textOf(recordOf(recordOf(toolConfig["toolChoice"])["tool"])["name"]);
      if (name === undefined || tools.some((tool) => toolNameOf(tool) === name)) return;
      report(
        "toolConfig.toolChoice.tool.name",
        modelError(`Tool '${name.slice(0, 64)}' not found in provided tools`),
      );
    },
  },
];

function toolNameOf({ value }: BlockView): string | undefined {
  return textOf(recordOf(value)["name"]);
}

function inputSchemasOf(tools: readonly BlockView[]): { path: string; json: unknown }[] {
  const schemas: { path: string; json: unknown }[] = [];
  for (const { path, name, value } of tools) {
    if (name !== "toolSpec") continue;
    const json = recordOf(recordOf(value)["inputSchema"])["json"] ?? undefined;
    schemas.push({ path: `${path}.toolSpec.inputSchema.json`, json });
  }
  return schemas;
}
