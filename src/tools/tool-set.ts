// The tools of an agent, by name: those that were defined, and plain ones beside a map of functions.

import { isRecord, type UnknownRecord } from "../core/json.ts";
import { assertKnownOptions, kindOf, nearestName, readBoolean } from "../core/options.ts";
import { type DefinedTool, defineTool } from "./define-tool.ts";
import type { JsonSchema } from "./schema.ts";

/** A tool whose types are no longer known. What reaches its `execute` has been through its `check`. */
export type AnyTool = DefinedTool;

/** What runs for plain tools, by name. */
export type ToolFunctions =
  | Readonly<Record<string, ToolFunction>>
  | ReadonlyMap<string, ToolFunction>;

/** Gets the checked input, and what `execute` of a defined tool gets. */
export type ToolFunction = (input: never, execution: never) => unknown;

/** Tools that can be run, and everything that is shown to the model. */
export interface ToolSet {
  /** For the `tools` of a request, in the order they were given. */
  readonly entries: readonly unknown[];
  readonly find: (name: string) => AnyTool | undefined;
  /** What is called `name` instead of what there is, if anything is near. */
  readonly nearest: (name: string) => string | undefined;
}

const SCHEMA_NAMES = ["input_schema", "inputSchema", "parameters"] as const;
const WIRE_NAMES = ["toolSpec", "systemTool", "cachePoint"];
const PLAIN_NAMES = ["name", "description", "strict", ...SCHEMA_NAMES];

/**
 * Reads tools, plain ones with their functions. Throws `TypeError` for two of one name, for a plain tool
 * without a function and a function without a plain tool.
 */
export function readToolSet(tools: unknown, functions: unknown, where: string): ToolSet {
  const given = tools ?? [];
  if (!Array.isArray(given)) {
    throw new TypeError(`${where}: tools must be a list; got ${kindOf(given)}.`);
  }
  const byName = new Map<string, AnyTool>();
  const plain = readFunctions(functions, where);
  const unused = new Set(plain.keys());
  const entries = [...given].map((tool: unknown, index) => {
    const place = `${where}: tools[${index}]`;
    if (isWireOnly(tool)) return tool;
    const isDefined = isDefinedTool(tool);
    const read = isDefined ? tool : definePlainTool(tool, plain, place);
    if (read.name !== read.toolSpec.name) {
      throw new TypeError(`${place}: name and toolSpec.name must be the same.`);
    }
    if (byName.has(read.name)) {
      throw new TypeError(`${place}: a second tool is named “${read.name}”.`);
    }
    byName.set(read.name, read);
    if (!isDefined) unused.delete(read.name);
    return { toolSpec: read.toolSpec };
  });
  for (const name of unused) {
    const reason = byName.has(name) ? "that tool has its own" : "tools has no such tool";
    throw new TypeError(`${where}: toolFunctions has “${name}”, but ${reason}.`);
  }
  return {
    entries,
    find: (name) => byName.get(name),
    nearest: (name) => nearestName(name, [...byName.keys()]),
  };
}

/** Whether a value came from `defineTool`, or is made like it. */
export function isDefinedTool(value: unknown): value is AnyTool {
  return (
    isRecord(value) &&
    isRecord(value["toolSpec"]) &&
    typeof value["execute"] === "function" &&
    typeof value["check"] === "function"
  );
}

/** A cache point, or a tool that the provider runs. */
function isWireOnly(tool: unknown): boolean {
  return isRecord(tool) && (tool["systemTool"] ?? tool["cachePoint"]) !== undefined;
}

function readFunctions(functions: unknown, where: string): Map<string, ToolFunction> {
  if (functions === undefined) return new Map();
  if (!(functions instanceof Map) && !isRecord(functions)) {
    throw new TypeError(
      `${where}: toolFunctions must be an object or a Map of functions; got ${kindOf(functions)}.`,
    );
  }
  const entries: Iterable<[unknown, unknown]> =
    functions instanceof Map ? functions : Object.entries(functions);
  const read = new Map<string, ToolFunction>();
  for (const [name, run] of entries) {
    if (typeof run !== "function") {
      throw new TypeError(
        `${where}: toolFunctions.${String(name)} must be a function; got ${kindOf(run)}.`,
      );
    }
    read.set(String(name), run as ToolFunction);
  }
  return read;
}

/** A tool as the guide writes it: its schema under any of the usual names, its function beside it. */
function definePlainTool(
  tool: unknown,
  functions: ReadonlyMap<string, ToolFunction>,
  place: string,
): AnyTool {
  if (!isRecord(tool)) throw new TypeError(`${place} must be a tool; got ${kindOf(tool)}.`);
  const spec = tool["toolSpec"] === undefined ? tool : tool["toolSpec"];
  if (spec !== tool) assertKnownOptions(tool, WIRE_NAMES, place);
  assertKnownOptions(spec, PLAIN_NAMES, spec === tool ? place : `${place}.toolSpec`);
  const { name, description } = spec;
  if (typeof name !== "string" || name === "") {
    throw new TypeError(`${place} must have a name, and what defineTool makes of it is best.`);
  }
  const execute = functions.get(name);
  if (execute === undefined) {
    throw new TypeError(
      `${place}: nothing runs “${name}”. Make it with defineTool, or pass its function in toolFunctions.`,
    );
  }
  const strict = readBoolean(spec["strict"], `${place}: strict`);
  const defined = defineTool({
    name,
    description: description as string,
    inputSchema: readPlainSchema(spec, place),
    execute: execute as (input: unknown, execution: unknown) => unknown,
  });
  return strict === undefined ? defined : { ...defined, toolSpec: { ...defined.toolSpec, strict } };
}

function readPlainSchema(spec: UnknownRecord, place: string): JsonSchema {
  const given = SCHEMA_NAMES.filter((name) => spec[name] !== undefined);
  const [schemaName] = given;
  if (schemaName === undefined || given.length > 1) {
    throw new TypeError(`${place} must have one JSON Schema, as ${SCHEMA_NAMES.join(" or ")}.`);
  }
  return spec[schemaName] as JsonSchema;
}
