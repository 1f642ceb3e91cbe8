// What `invokeObject` can be asked, and what it answers. What is about the way the answer comes is its
// own to decide; everything else is passed on as `invoke` takes it.

import type { ConverseResponse, TokenUsage } from "../../core/converse-response.ts";
import { isRecord } from "../../core/json.ts";
import {
  assertKnownOptions,
  type ForeignNames,
  readChoice,
  readNumber,
} from "../../core/options.ts";
import type { InputSchema } from "../../tools/infer-schema.ts";
import { resolveSchema } from "../../tools/resolve-schema.ts";
import type { ResolvedSchema } from "../../tools/schema.ts";
import {
  FOREIGN_NAMES,
  INVOKE_OPTION_NAMES,
  type InvokeOptions,
  keepLists,
} from "../request-options.ts";

/**
 * How an object is had from a model: `native` holds it to the schema, `tool` lets it call a tool whose
 * input is the object, `prompt` asks for it in words.
 */
export type ObjectMode = "native" | "tool" | "prompt";

/** Options of `invokeObject`: those of `invoke`, and the schema. */
export interface InvokeObjectOptions<Schema extends InputSchema = InputSchema>
  extends Omit<InvokeOptions, "toolChoice" | "outputConfig"> {
  /** Of zod, valibot or arktype, or a JSON Schema. Of any value, not only of objects. */
  readonly schema: Schema;
  /** @default "auto": the first of native, tool and prompt that the model is known to take */
  readonly mode?: ObjectMode | "auto" | undefined;
  /**
   * How often the model is told what is wrong with its answer, and asked for another one.
   * @default 1
   */
  readonly repairTurns?: 0 | 1 | undefined;
  /** `textFormat` is not the caller's to give here. */
  readonly outputConfig?: { readonly effort?: string | undefined } | undefined;
}

/** What `invokeObject` resolves with. */
export interface ObjectResult<Value> {
  /** As the schema has checked it, and perhaps transformed it. */
  readonly object: Value;
  /** The answer that holds it: of the repair turn, if there was one. */
  readonly response: ConverseResponse;
  /** Of all turns together. */
  readonly usage: TokenUsage;
}

/** What was asked, checked. */
export interface ObjectRequest {
  /** Without what is about objects. */
  readonly options: InvokeOptions;
  readonly schema: ResolvedSchema<unknown>;
  readonly mode: ObjectMode | "auto";
  readonly repairTurns: number;
}

const WHERE = "invokeObject";
const OWN_NAMES = ["schema", "mode", "repairTurns"] as const;
const MODES = ["auto", "native", "tool", "prompt"] as const;
const OPTION_NAMES: readonly string[] = [...INVOKE_OPTION_NAMES, ...OWN_NAMES];

const OBJECT_FOREIGN_NAMES: ForeignNames = {
  ...FOREIGN_NAMES,
  response_format: "schema",
  responseFormat: "schema",
  output: "schema",
  input_schema: "schema",
  maxRepairs: "repairTurns",
};

/** Reads what is about objects. Throws `TypeError`; what `invoke` knows is left for it to check. */
export function readObjectRequest(given: unknown): ObjectRequest {
  assertKnownOptions(given, OPTION_NAMES, WHERE, OBJECT_FOREIGN_NAMES);
  if (given["toolChoice"] !== undefined) {
    throw new TypeError(`${WHERE}: toolChoice cannot be given: the object itself may be a call.`);
  }
  const { outputConfig } = given;
  if (isRecord(outputConfig) && outputConfig["textFormat"] !== undefined) {
    throw new TypeError(`${WHERE}: outputConfig.textFormat cannot be given: give schema alone.`);
  }
  const { schema, mode, repairTurns, ...options } = given;
  return {
    options: keepLists(options as InvokeOptions),
    schema: resolveSchema(schema as InputSchema, `${WHERE}: schema`),
    mode: readChoice(mode, `${WHERE}: mode`, MODES) ?? "auto",
    repairTurns: readNumber(repairTurns, `${WHERE}: repairTurns`, REPAIR_BOUNDS) ?? 1,
  };
}

const REPAIR_BOUNDS = { min: 0, max: 1, integer: true } as const;
