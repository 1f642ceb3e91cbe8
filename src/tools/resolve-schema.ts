// Reads a caller's schema, of a library or plain JSON Schema: what the model is told of it, and how a
// value is held to it. Everything wrong with the schema itself is a `TypeError`.

import { asJson, isRecord, type JsonValue } from "../core/json.ts";
import { kindOf } from "../core/options.ts";
import type { InferOutput, InputSchema } from "./infer-schema.ts";
import type { ResolvedSchema, SchemaCheck, StandardSchema } from "./schema.ts";

/**
 * Reads a schema. `where` opens the message of every error, such as `tool “search”: inputSchema`.
 * Throws `TypeError` for what is no schema, cannot be said in JSON Schema, or can never be checked.
 * What it gives is the caller's to keep: a later change of `schema` changes nothing.
 */
export function resolveSchema<const Schema extends InputSchema>(
  schema: Schema,
  where: string,
): ResolvedSchema<InferOutput<Schema>>;
export function resolveSchema(schema: unknown, where: string): ResolvedSchema<unknown> {
  if (isStandardSchema(schema)) return resolveStandard(schema, where);
  const json = asJson(schema);
  if (!isRecord(json)) {
    throw new TypeError(`${where}: expected a schema, got ${kindOf(schema)}.`);
  }
  const jsonSchema = copy(isRecord(json["json"]) ? json["json"] : json);
  return {
    jsonSchema,
    check: async (value) => {
      const { Validator } = await import("@cfworker/json-schema");
      const { valid, errors } = new Validator(jsonSchema, "2020-12", false).validate(value);
      if (valid) return { value };
      return { issues: errors.map(({ error }) => ({ path: "", message: error })) };
    },
  };
}

/** Throws `TypeError` unless the schema is one of objects, as tools must have it. */
export function assertObjectSchema(resolved: ResolvedSchema<unknown>, where: string): void {
  if (resolved.jsonSchema["type"] === "object") return;
  throw new TypeError(`${where}: must be a schema of an object; wrap it in one.`);
}

interface Converter {
  readonly input?: (options: { readonly target: string }) => Record<string, unknown>;
}

function resolveStandard(schema: StandardSchema, where: string): ResolvedSchema<unknown> {
  const { jsonSchema } = schema["~standard"] as { readonly jsonSchema?: Converter };
  const json = jsonSchema?.input?.({ target: "draft-2020-12" });
  if (json === undefined) throw new TypeError(`${where}: the schema offers no JSON Schema.`);
  return {
    jsonSchema: copy(json),
    check: async (value): Promise<SchemaCheck<unknown>> => {
      const result = await schema["~standard"].validate(value);
      if (result.issues === undefined) return { value: result.value };
      return { issues: result.issues.map(({ message }) => ({ path: "", message })) };
    },
  };
}

function isStandardSchema(schema: unknown): schema is StandardSchema {
  const isHolder = (typeof schema === "object" && schema !== null) || typeof schema === "function";
  return isHolder && isRecord((schema as Partial<StandardSchema>)["~standard"]);
}

function copy(json: Record<string, unknown>): { [key: string]: JsonValue } {
  const { $schema: _, ...rest } = JSON.parse(JSON.stringify(json));
  return rest;
}
