// The tool shapes people have at hand, turned into the one that Converse knows.

import type { Message } from "../core/content.ts";
import type {
  Tool,
  ToolChoice,
  ToolConfiguration,
  ToolSpecification,
} from "../core/converse-request.ts";
import { asJson, isRecord, type JsonValue, type UnknownRecord } from "../core/json.ts";
import type { Input } from "../core/open.ts";
import { assertKnownOptions, kindOf } from "../core/options.ts";
import type { ReportChange } from "../core/request-change.ts";
import type { WireNames } from "../messages/wire-names.ts";
import { nameOf, toWireTool } from "./tool-names.ts";

/** A tool by name, with its JSON Schema under one of the names other interfaces use. */
export interface PlainTool {
  readonly name: string;
  readonly description?: string | undefined;
  readonly strict?: boolean | undefined;
  readonly input_schema?: unknown;
  readonly inputSchema?: unknown;
  readonly parameters?: unknown;
}

/** A tool that knows its own entry on the wire, as `defineTool` makes it. Nothing of it runs here. */
export interface RunnableTool {
  readonly toolSpec: ToolSpecification;
  readonly execute: (input: never, execution: never) => unknown;
}

/** One entry of `tools`: a plain tool, one from `defineTool`, or an entry as it stands on the wire. */
export type ToolInput = PlainTool | RunnableTool | Input<Tool>;

/** `"required"` means `"any"`; `"none"` keeps the tools for the history but asks for no call. */
export type ToolChoiceInput =
  | "auto"
  | "any"
  | "required"
  | "none"
  | { readonly type: "auto" | "any" }
  | { readonly type: "tool"; readonly name: string }
  | Input<ToolChoice>;

const SCHEMA_NAMES = ["input_schema", "inputSchema", "parameters"] as const;
const PLAIN_NAMES = ["name", "description", "strict", ...SCHEMA_NAMES];
const WIRE_NAMES = ["toolSpec", "systemTool", "cachePoint"];

/** What tools are built for. */
export interface ToolContext {
  /** They speak of tools by the names of the wire already. */
  readonly messages: readonly Message[];
  readonly names: WireNames;
  readonly report: ReportChange;
}

/**
 * Builds `toolConfig`, or undefined when there is nothing to put in. A history that holds tool
 * blocks needs one even for a call without tools: the tools it names are then declared without
 * details. Throws `TypeError` naming the place.
 */
export function buildToolConfig(
  tools: unknown,
  toolChoice: unknown,
  { messages, names: wireNames, report }: ToolContext,
): ToolConfiguration | undefined {
  const list = readTools(tools, wireNames, report);
  const choice = readToolChoice(toolChoice);
  if (!list.some((tool) => tool.cachePoint === undefined)) {
    if (choice !== undefined && choice !== "none") {
      throw new TypeError("toolChoice was given, but no tools to choose from.");
    }
    const used = toolsIn(messages);
    if (used.length === 0) return undefined;
    report({
      path: "toolConfig",
      rule: "tool-config-missing",
      message: "The tools that the history speaks of are declared, by name alone.",
      kind: "repair",
    });
    return { tools: used };
  }
  if (choice === undefined || choice === "none") return { tools: list };
  if (choice.tool === undefined) return { tools: list, toolChoice: choice };
  const { name: given } = choice.tool;
  const isSystemTool = list.some(({ systemTool }) => systemTool?.name === given);
  const name = isSystemTool ? given : wireNames.toolName(given);
  if (!list.some((tool) => nameOf(tool) === name)) {
    throw new TypeError(`toolChoice names a tool that is not in tools: “${given}”.`);
  }
  return { tools: list, toolChoice: { tool: { name } } };
}

function readTools(tools: unknown, wireNames: WireNames, report: ReportChange): Tool[] {
  if (tools === undefined) return [];
  if (!Array.isArray(tools)) throw new TypeError(`tools must be a list; got ${kindOf(tools)}.`);
  const names = new Set<string>();
  return tools.map((tool: unknown, index) => {
    const given = readTool(tool, `tools[${index}]`);
    const read = toWireTool(given, `toolConfig.tools.${index}`, wireNames, report);
    const name = nameOf(read);
    if (name !== undefined && names.has(name)) {
      throw new TypeError(`tools[${index}]: a second tool is named “${nameOf(given)}”.`);
    }
    if (name !== undefined) names.add(name);
    return read;
  });
}

function readTool(tool: unknown, path: string): Tool {
  if (!isRecord(tool)) throw new TypeError(`${path} must be a tool; got ${kindOf(tool)}.`);
  // A tool that can run, from `defineTool`, holds more than the model is told.
  if (typeof tool["execute"] === "function" && isRecord(tool["toolSpec"])) {
    return readTool({ toolSpec: tool["toolSpec"] }, path);
  }
  if (WIRE_NAMES.some((name) => name in tool)) {
    assertKnownOptions(tool, WIRE_NAMES, path);
    const spec = tool["toolSpec"];
    if (isRecord(spec)) checkSpec(spec, `${path}.toolSpec`);
    else if (spec !== undefined) {
      throw new TypeError(`${path}.toolSpec must be an object; got ${kindOf(spec)}.`);
    }
    return tool as unknown as Tool;
  }
  if (isRecord(tool["function"])) {
    throw new TypeError(`${path}: pass what is inside “function”, without it and without “type”.`);
  }
  assertKnownOptions(tool, PLAIN_NAMES, path);
  const given = SCHEMA_NAMES.filter((name) => tool[name] !== undefined);
  const [schemaName] = given;
  if (schemaName === undefined || given.length > 1) {
    throw new TypeError(`${path} must have one JSON Schema, as ${SCHEMA_NAMES.join(" or ")}.`);
  }
  const schema = tool[schemaName];
  const json = asJson(isRecord(schema) && isRecord(schema["json"]) ? schema["json"] : schema);
  const { description, strict } = tool;
  const toolSpec = {
    name: tool["name"],
    ...(description === undefined ? {} : { description }),
    inputSchema: { json },
    ...(strict === undefined ? {} : { strict }),
  };
  checkSpec(toolSpec, path);
  return { toolSpec } as unknown as Tool;
}

function checkSpec(spec: UnknownRecord, path: string): void {
  const { name, description, inputSchema } = spec;
  if (typeof name !== "string" || name === "") {
    const got = name === "" ? "an empty string" : kindOf(name);
    throw new TypeError(`${path}.name must be a non-empty string; got ${got}.`);
  }
  if (description !== undefined && typeof description !== "string") {
    throw new TypeError(`${path}.description must be a string; got ${kindOf(description)}.`);
  }
  const schema = isRecord(inputSchema) ? inputSchema["json"] : undefined;
  if (!isRecord(schema) || schema["type"] !== "object") {
    throw new TypeError(
      `${path}: the schema of “${name}” must be a JSON Schema with type "object".`,
    );
  }
}

function readToolChoice(choice: unknown): ToolChoice | "none" | undefined {
  if (choice === undefined) return undefined;
  if (typeof choice === "string") return readToolChoiceWord(choice);
  if (isRecord(choice)) {
    const { type, name } = choice;
    if (type === undefined) {
      const [member, ...others] = Object.keys(choice);
      if (others.length === 0 && (member === "auto" || member === "any")) {
        return readToolChoiceWord(member);
      }
      const tool = choice["tool"];
      if (others.length === 0 && isRecord(tool) && typeof tool["name"] === "string") {
        return { tool: { name: tool["name"] } };
      }
    } else if (type === "tool" && typeof name === "string") {
      return { tool: { name } };
    } else if ((type === "auto" || type === "any") && name === undefined) {
      return readToolChoiceWord(type);
    }
  }
  throw invalidToolChoice();
}

function readToolChoiceWord(word: string): ToolChoice | "none" {
  if (word === "auto") return { auto: {} };
  if (word === "any" || word === "required") return { any: {} };
  if (word === "none") return "none";
  throw invalidToolChoice();
}

function invalidToolChoice(): TypeError {
  return new TypeError(
    'toolChoice must be "auto", "any", "required", "none", { type: "auto" | "any" }, { type: "tool", name }, { auto: {} }, { any: {} } or { tool: { name } }.',
  );
}

/** The tools a history speaks of, by name alone. */
function toolsIn(messages: readonly Message[]): Tool[] {
  const tools = new Map<string, Tool>();
  for (const { content } of messages) {
    for (const { toolUse } of content) {
      if (toolUse === undefined || tools.has(toolUse.name)) continue;
      const isServerRun = toolUse.type === "server_tool_use";
      tools.set(
        toolUse.name,
        isServerRun ? { systemTool: { name: toolUse.name } } : undescribedTool(toolUse.name),
      );
    }
  }
  return [...tools.values()];
}

function undescribedTool(name: string): Tool {
  const schema: JsonValue = { type: "object" };
  return { toolSpec: { name, inputSchema: { json: schema } } };
}
