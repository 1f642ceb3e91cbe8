// Reads a caller's schema, of a library or plain JSON Schema: what the model is told of it, and how a
// value is held to it. Everything wrong with the schema itself is a `TypeError`.

import { asJson, isRecord } from "../core/json.ts";
import { kindOf } from "../core/options.ts";
import { assertUsableSchema } from "./assert-usable-schema.ts";
import type { InferOutput, InputSchema } from "./infer-schema.ts";
import { createJsonSchemaCheck } from "./json-schema-check.ts";
import { hasStandard, jsonSchemaOf } from "./library-schema.ts";
import type { ResolvedSchema, StandardSchema } from "./schema.ts";
import { copySchema } from "./schema-copy.ts";
import { renameDefinitions } from "./schema-definition-names.ts";
import { inlineRootReference } from "./schema-root.ts";
import { checkWithLibrary } from "./standard-schema-check.ts";

/**
 * Reads a schema. `where` opens the message of every error, such as `tool “search”: inputSchema`.
 *
 * A schema of zod, valibot or arktype keeps its own validator, and what it takes is written as JSON Schema;
 * a JSON Schema, bare or as Converse wraps it (`{ json }`), is copied, so that a later change of `schema`
 * changes nothing. Throws `TypeError` for what is no schema, cannot be said in JSON Schema, or can never
 * be checked.
 */
export function resolveSchema<const Schema extends InputSchema>(
  schema: Schema,
  where: string,
): ResolvedSchema<InferOutput<Schema>>;
export function resolveSchema(schema: unknown, where: string): ResolvedSchema<unknown> {
  return hasStandard(schema) ? resolveLibrary(schema, where) : resolveJson(schema, where);
}

/**
 * Throws `TypeError`, opening with `where`, unless a schema that was read is one of objects: Bedrock takes
 * no other for a tool.
 */
export function assertObjectSchema(resolved: ResolvedSchema<unknown>, where: string): void {
  const { type, properties } = resolved.jsonSchema;
  if (type === "object") return;
  const advice =
    type === undefined && isRecord(properties)
      ? 'Add type: "object"'
      : 'Wrap it in an object, such as { type: "object", properties: { value: <schema> }, required: ["value"] }, or z.object({ value })';
  throw new TypeError(
    `${where}: must be a schema of an object, with type: "object" at its top. ${advice}.`,
  );
}

function resolveLibrary(schema: StandardSchema, where: string): ResolvedSchema<unknown> {
  const { $schema: _, ...written } = copySchema(jsonSchemaOf(schema, where), where);
  const isNumbered = schema["~standard"].vendor === "arktype";
  const jsonSchema = inlineRootReference(written);
  return {
    jsonSchema: isNumbered ? renameDefinitions(jsonSchema) : jsonSchema,
    check: (value) => checkWithLibrary(schema, value, where),
  };
}

function resolveJson(schema: unknown, where: string): ResolvedSchema<unknown> {
  const given = asJson(schema);
  if (!isRecord(given)) {
    throw new TypeError(
      `${where}: expected a schema of zod, valibot or arktype, or a JSON Schema; got ${kindOf(given)}.`,
    );
  }
  const { $schema, ...written } = copySchema(unwrap(given), where);
  const jsonSchema = inlineRootReference(written);
  assertUsableSchema(jsonSchema, where);
  return { jsonSchema, check: createJsonSchemaCheck(jsonSchema, $schema, where) };
}

/** What Converse wraps a schema in has no other member; a schema has no keyword of that name. */
function unwrap(given: Record<string, unknown>): object {
  const inner = asJson(given["json"]);
  return isRecord(inner) && Object.keys(given).length === 1 ? inner : given;
}
