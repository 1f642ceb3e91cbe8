// The JSON Schema of a library's schema: from the schema itself where it offers one, else from the
// library, which is loaded only then. Always of what goes in: a model writes what is transformed later.

import { createRequire } from "node:module";
import { isRecord } from "../core/json.ts";
import { kindOf } from "../core/options.ts";
import type { StandardSchema } from "./schema.ts";
import { cut } from "./schema-issues.ts";

/** Draft 2020-12 first; a library may know an older one only. */
const TARGETS = ["draft-2020-12", "draft-07"];

const MAX_REASON = 300;

/** What writes the schema in one draft. */
type Convert = (target: string) => unknown;

/** Whether a value is a library's schema, not a JSON Schema that a library made and can check. */
export function isLibrarySchema(value: unknown): value is StandardSchema {
  return hasStandard(value) && !isMadeJsonSchema(value);
}

/** Whether a value can check others: a library's schema, or a JSON Schema that a library made. */
export function hasStandard(value: unknown): value is StandardSchema {
  const isHolder = (typeof value === "object" && value !== null) || typeof value === "function";
  if (!isHolder) return false;
  const standard = (value as Partial<StandardSchema>)["~standard"];
  return isRecord(standard) && typeof standard["validate"] === "function";
}

/** The object that `z.toJSONSchema` makes hides a validator; all that can be seen of it is JSON Schema. */
function isMadeJsonSchema(value: object): boolean {
  const isPlain = Object.getPrototypeOf(value) === Object.prototype;
  return isPlain && !Object.prototype.propertyIsEnumerable.call(value, "~standard");
}

/**
 * The JSON Schema of what a library's schema takes, as the library writes it. Throws `TypeError`, opening
 * with `where`, when it offers none, or none of this schema.
 */
export function jsonSchemaOf(schema: StandardSchema, where: string): object {
  if (!isLibrarySchema(schema)) return schema;
  const { vendor } = schema["~standard"];
  const convert = converterOf(schema, where);
  let reason: unknown;
  for (const target of TARGETS) {
    try {
      const converted = convert(target);
      if (isRecord(converted)) return converted;
      reason ??= `it gives ${kindOf(converted)}`;
    } catch (error) {
      reason ??= error;
    }
  }
  const words = reason instanceof Error ? reason.message : String(reason);
  throw new TypeError(
    `${where}: ${vendor} cannot write this schema as JSON Schema: ${cut(words, MAX_REASON)}`,
    { cause: reason },
  );
}

function converterOf(schema: StandardSchema, where: string): Convert {
  const standard: StandardSchema["~standard"] & { readonly jsonSchema?: unknown } =
    schema["~standard"];
  const { jsonSchema, vendor } = standard;
  if (hasMethod(jsonSchema, "input")) {
    const options = vendor === "arktype" ? { libraryOptions: { fallback: REFUSALS } } : {};
    return (target) => jsonSchema.input({ target, ...options });
  }
  if (hasMethod(schema, "toJSONSchema")) {
    return (target) => schema.toJSONSchema({ target, io: "input" });
  }
  if (hasMethod(schema, "toJsonSchema")) return (target) => schema.toJsonSchema({ target });
  if (vendor === "valibot") return valibotConverter(schema, where);
  if (vendor === "zod" && "_zod" in schema) return zodConverter(schema, where);
  const advice =
    vendor === "zod"
      ? "Import it from zod 4, whose schemas do"
      : `Give a JSON Schema instead, or a version of ${vendor} whose schemas do`;
  throw new TypeError(`${where}: this schema of ${vendor} offers no JSON Schema. ${advice}.`);
}

/** Types of which no JSON ever is, and which arktype would pass over in silence. */
const REFUSALS = {
  domain: (context: { readonly domain: string }) => refuse(`a ${context.domain} is no JSON`),
  date: () => refuse("a Date is no JSON"),
  proto: (context: { readonly proto: { readonly name: string } }) =>
    refuse(`a ${context.proto.name} is no JSON`),
  unit: (context: { readonly unit: unknown }) => refuse(`${kindOf(context.unit)} is no JSON`),
  symbolKey: () => refuse("a symbol is no name in JSON"),
};

function refuse(reason: string): never {
  throw new Error(reason);
}

function valibotConverter(schema: StandardSchema, where: string): Convert {
  const name = "@valibot/to-json-schema";
  const library = load(
    name,
    `${where}: the JSON Schema of a valibot schema comes from ${name}. Run “npm install ${name}”; or give toStandardJsonSchema(schema) of it.`,
  );
  if (!hasMethod(library, "toJsonSchema")) return () => refuse(`${name} is too old`);
  return (target) =>
    library.toJsonSchema(schema, {
      target,
      typeMode: "input",
      errorMode: "throw",
      // A check that cannot be said is still made; a type that cannot be said never comes.
      overrideAction: ({ errors, jsonSchema }: { errors: unknown; jsonSchema: unknown }) =>
        errors === undefined ? undefined : jsonSchema,
    });
}

/** For zod/mini, and zod before 4.2, whose schemas do not write themselves. */
function zodConverter(schema: StandardSchema, where: string): Convert {
  const name = "zod/v4/core";
  const library = load(
    name,
    `${where}: this schema of zod offers no JSON Schema, and ${name} cannot be loaded. Give z.toJSONSchema(schema, { io: "input" }) instead.`,
  );
  if (!hasMethod(library, "toJSONSchema")) return () => refuse(`${name} is too old`);
  return (target) => library.toJSONSchema(schema, { target, io: "input" });
}

/** A package of the caller's. It is loaded at once, for a schema is read at once. */
function load(name: string, missing: string): unknown {
  try {
    return createRequire(import.meta.url)(name);
  } catch (error) {
    throw new TypeError(missing, { cause: error });
  }
}

function hasMethod<Name extends string>(
  value: unknown,
  name: Name,
): value is { readonly [Each in Name]: (...args: readonly unknown[]) => unknown } {
  const isHolder = (typeof value === "object" && value !== null) || typeof value === "function";
  return isHolder && typeof (value as Record<string, unknown>)[name] === "function";
}
