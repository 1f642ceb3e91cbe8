// A tool: what the model is told of it, how its input is held to its schema, and what runs.

import type { ToolSpecification } from "../core/converse-request.ts";
import { isRecord } from "../core/json.ts";
import {
  assertKnownOptions,
  kindOf,
  MAX_TIMER_MS,
  readBoolean,
  readNumber,
  readString,
} from "../core/options.ts";
import type { InferOutput, InputSchema } from "./infer-schema.ts";
import { assertObjectSchema, resolveSchema } from "./resolve-schema.ts";
import type { SchemaCheck } from "./schema.ts";

/** What a running tool is given besides its input. */
export interface ToolExecution<Context = unknown> {
  /** The model's id of this call. */
  readonly toolUseId: string;
  /**
   * The same whenever this very call is run, in this process or in another that resumes its run, and
   * never that of another call. Hand it on to whatever must not happen twice.
   */
  readonly idempotencyKey: string;
  /** Fires when the time of the tool is over or the run is stopped: what is done after is lost. */
  readonly signal: AbortSignal;
  /** The `context` of the run, as it was given. */
  readonly context: Context;
  /** Tells how far it has come, to whoever reads the events of the run. The model hears nothing of it. */
  readonly progress: (update: unknown) => void;
}

/** What `defineTool` takes. */
export interface ToolDefinition<Schema extends InputSchema, Context = unknown> {
  /** 1 to 64 of `[a-zA-Z0-9_-]`; other names are sent under one that fits. */
  readonly name: string;
  /** What it does and when to use it: the model reads it. */
  readonly description: string;
  /**
   * A Standard Schema (zod 4, valibot, arktype …) or a JSON Schema, of an object. Input that does not
   * satisfy it never reaches `execute`, which gets what the schema makes of it.
   */
  readonly inputSchema: Schema;
  /**
   * The work. What it returns goes to the model: a string, any JSON value, or a list of Converse
   * `toolResult` content blocks (text, json, image, document …). What it throws goes there too, as
   * an error to read; the run goes on.
   */
  readonly execute: (input: InferOutput<Schema>, execution: ToolExecution<Context>) => unknown;
  /**
   * Whether a person has to agree to each call, or to those of which the function says so. The type of
   * `context` has to be written at the first place that uses it, here or in `execute`.
   * @default false
   */
  readonly requiresApproval?:
    | boolean
    | ((input: InferOutput<Schema>, context: Context) => boolean | Promise<boolean>)
    | undefined;
  /** Milliseconds until a call is given up; `0` waits for ever. @default 60,000 */
  readonly timeoutMs?: number | undefined;
  /** Whether a call runs by itself: after all calls before it, before all after it. @default false */
  readonly sequential?: boolean | undefined;
  /**
   * Whether a call may be run again, with the same `idempotencyKey`, when its run was cut off before its
   * result was known. Otherwise the model is told that nobody knows.
   * @default false
   */
  readonly idempotent?: boolean | undefined;
}

/** A tool, ready for `Agent`, and for the `tools` of `invoke`, which shows it to the model and runs nothing. */
export interface DefinedTool<Input = never, Context = never> {
  readonly name: string;
  readonly description: string;
  /** As it stands on the wire. */
  readonly toolSpec: ToolSpecification;
  readonly timeoutMs: number;
  readonly sequential: boolean;
  readonly idempotent: boolean;
  readonly requiresApproval: boolean | ((input: Input, context: Context) => unknown);
  /** Holds an input to the schema. Rejects only where the schema itself fails. */
  readonly check: (input: unknown) => Promise<SchemaCheck<unknown>>;
  /** The function that was given, which expects checked input. */
  readonly execute: (input: Input, execution: ToolExecution<Context>) => unknown;
}

const NAMES = [
  "name",
  "description",
  "inputSchema",
  "execute",
  "requiresApproval",
  "timeoutMs",
  "sequential",
  "idempotent",
] as const satisfies readonly (keyof ToolDefinition<InputSchema>)[];

/** From other libraries. */
const FOREIGN_NAMES = {
  parameters: "inputSchema",
  input_schema: "inputSchema",
  schema: "inputSchema",
  handler: "execute",
  run: "execute",
  callback: "execute",
  needsApproval: "requiresApproval",
  timeout: "timeoutMs",
};

const DEFAULT_TOOL_TIMEOUT_MS = 60_000;

/**
 * Makes a tool. Throws `TypeError` for a tool without description, for a schema that is none or whose
 * top level is not an object, and for an option that is not known.
 *
 * @example
 * const getWeather = defineTool({
 *   name: "get_weather",
 *   description: "Get current weather for a location",
 *   inputSchema: z.object({ location: z.string() }),
 *   execute: async ({ location }) => `72°F and sunny in ${location}`,
 * });
 */
export function defineTool<const Schema extends InputSchema, Context = unknown>(
  definition: ToolDefinition<Schema, Context>,
): DefinedTool<InferOutput<Schema>, Context> {
  const given: unknown = definition;
  const ownName = isRecord(given) && typeof given["name"] === "string" ? given["name"] : "";
  const where = ownName === "" ? "defineTool" : `defineTool “${ownName.slice(0, 64)}”`;
  assertKnownOptions(given, NAMES, where, FOREIGN_NAMES);
  const name = readString(given["name"], `${where}: name`);
  if (name === undefined) throw new TypeError(`${where}: name is missing.`);
  const description = readString(given["description"], `${where}: description`);
  if (description === undefined || description.trim() === "") {
    throw new TypeError(
      `${where}: description is missing. The model chooses tools by what is said of them.`,
    );
  }
  const schema = resolveSchema(definition.inputSchema, `${where}: inputSchema`);
  assertObjectSchema(schema, `${where}: inputSchema`);
  requireFunction(given["execute"], `${where}: execute`);
  const { requiresApproval = false } = definition;
  if (typeof requiresApproval !== "function") {
    readBoolean(requiresApproval, `${where}: requiresApproval`);
  }
  const timeoutMs = readNumber(given["timeoutMs"], `${where}: timeoutMs`, {
    min: 0,
    max: MAX_TIMER_MS,
  });
  return {
    name,
    description,
    toolSpec: { name, description, inputSchema: { json: schema.jsonSchema } },
    timeoutMs: timeoutMs ?? DEFAULT_TOOL_TIMEOUT_MS,
    sequential: readBoolean(given["sequential"], `${where}: sequential`) ?? false,
    idempotent: readBoolean(given["idempotent"], `${where}: idempotent`) ?? false,
    requiresApproval,
    check: schema.check,
    execute: definition.execute,
  };
}

function requireFunction(value: unknown, name: string): void {
  if (typeof value === "function") return;
  throw new TypeError(`${name} must be a function; got ${kindOf(value)}.`);
}
