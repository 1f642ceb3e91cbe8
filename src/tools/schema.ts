// What a schema may be, and what is known of it once it has been read. The caller's own validator is used
// where there is one: Standard Schema is the interface that zod, valibot and arktype share.
// https://standardschema.dev

import type { JsonValue } from "../core/json.ts";

/** A JSON Schema, draft 2020-12 unless its `$schema` says otherwise. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** A JSON Schema that was copied: plain JSON. */
export type JsonObject = { readonly [keyword: string]: JsonValue };

/** What zod, valibot, arktype and others implement. Only the members that are read here. */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** What a Standard Schema finds: the value, perhaps transformed, or what is wrong with it. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One fault, as a Standard Schema tells it. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** One fault of a value. It names places and what was expected there. */
export interface SchemaIssue {
  /** Such as `items.0.name`; the whole value is `""`. */
  readonly path: string;
  readonly message: string;
}

/** A value that was checked: as the schema has it, perhaps transformed, or what is wrong with it. */
export type SchemaCheck<Value> =
  | { readonly value: Value; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** A schema that was read: what a model is told of it, and how a value is held to it. */
export interface ResolvedSchema<Value> {
  /** Without `$schema`. The same schema gives the same bytes. */
  readonly jsonSchema: JsonObject;
  /**
   * Never changes the value. Rejects only where the schema itself fails, with a `TypeError` that says
   * so; a value that does not fit is an answer.
   */
  readonly check: (value: unknown) => Promise<SchemaCheck<Value>>;
}
