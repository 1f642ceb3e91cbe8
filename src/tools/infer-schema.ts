// What a schema says of its values, as a type. A library's schema carries its type with it; of a JSON
// Schema written as a literal the structure is read, and what is not understood is `unknown`: the type
// may say less than the schema, never something else.

import type { JsonSchema, StandardSchema } from "./schema.ts";

/** A schema as callers give it: of zod, valibot or arktype, or a JSON Schema. */
export type InputSchema = StandardSchema | JsonSchema | SchemaInterface;

/** JSON Schema as an interface declares it: one without an index signature is no `JsonSchema`. */
export interface SchemaInterface {
  readonly type?: unknown;
  readonly properties?: unknown;
  readonly items?: unknown;
  readonly enum?: unknown;
  readonly anyOf?: unknown;
  readonly $ref?: unknown;
}

/**
 * The type of a value that was checked: a Standard Schema's output type; for a JSON Schema written as
 * a literal its structure. Of one whose contents the types do not know: `Record<string, unknown>`.
 *
 * Members that may be missing are `name?: Type`, without `undefined`, which is no JSON. Unnamed
 * members that are allowed show only where their schema is given. Nesting beyond 24 is `unknown`.
 */
export type InferOutput<Schema> = Schema extends {
  readonly "~standard": { readonly types?: infer Types };
}
  ? NonNullable<Types> extends { readonly output: infer Output }
    ? Output
    : unknown
  : Schema extends { readonly json: infer Inner }
    ? [keyof Schema] extends ["json"]
      ? InferRoot<Inner>
      : InferRoot<Schema>
    : InferRoot<Schema>;

type InferRoot<Schema> = IsLiteral<Schema> extends true ? Infer<Schema, []> : UnknownObject;

type UnknownObject = Record<string, unknown>;

/** Whether the types know what the schema says: neither any keyword nor a type that may be absent. */
type IsLiteral<Schema> = string extends keyof Schema
  ? false
  : Schema extends { readonly type?: infer Type }
    ? undefined extends Type
      ? "type" extends keyof Schema
        ? false
        : true
      : string extends Type
        ? false
        : true
    : true;

/** One entry for each level of nesting. */
type Levels = readonly 0[];

type Infer<Schema, Depth extends Levels> = Depth["length"] extends 24
  ? unknown
  : Schema extends false
    ? never
    : Schema extends { readonly $ref: unknown }
      ? unknown
      : Schema extends { readonly const: infer Value }
        ? Mutable<Value>
        : Schema extends { readonly enum: readonly (infer Value)[] }
          ? Mutable<Value>
          : InferTyped<Schema, Depth> & InferUnion<Schema, Depth>;

type InferTyped<Schema, Depth extends Levels> = Schema extends { readonly type: infer Type }
  ? Type extends readonly (infer Each)[]
    ? InferType<Each, Schema, Depth>
    : InferType<Type, Schema, Depth>
  : unknown;

type InferType<Type, Schema, Depth extends Levels> = Type extends "string"
  ? string
  : Type extends "number" | "integer"
    ? number
    : Type extends "boolean"
      ? boolean
      : Type extends "null"
        ? null
        : Type extends "array"
          ? InferList<Schema, Depth>
          : Type extends "object"
            ? InferObject<Schema, Depth>
            : unknown;

type InferUnion<Schema, Depth extends Levels> = (Schema extends {
  readonly anyOf: readonly (infer Each)[];
}
  ? InferEach<Each, Depth>
  : unknown) &
  (Schema extends { readonly oneOf: readonly (infer Each)[] } ? InferEach<Each, Depth> : unknown);

/** One after the other, so that a union of schemas is a union of types. */
type InferEach<Each, Depth extends Levels> = Each extends unknown
  ? Infer<Each, [...Depth, 0]>
  : never;

/** Whoever gives places in a list schemas of their own gets them as `unknown`. */
type InferList<Schema, Depth extends Levels> = Schema extends { readonly prefixItems: unknown }
  ? unknown[]
  : Schema extends { readonly items: infer Items }
    ? Items extends readonly unknown[]
      ? unknown[]
      : Infer<Items, [...Depth, 0]>[]
    : unknown[];

type InferObject<Schema, Depth extends Levels> = Schema extends {
  readonly properties: infer Members;
}
  ? string extends keyof Members
    ? UnknownObject
    : keyof Members extends never
      ? InferUnnamed<Schema, Depth>
      : Flat<
          InferMembers<Members, RequiredOf<Schema>, Depth> &
            (Schema extends { readonly additionalProperties: infer Rest }
              ? Rest extends boolean
                ? unknown
                : UnknownObject
              : unknown)
        >
  : InferUnnamed<Schema, Depth>;

type InferMembers<Members, Required, Depth extends Levels> = {
  -readonly [Name in keyof Members as Name extends Required ? Name : never]-?: Infer<
    Members[Name],
    [...Depth, 0]
  >;
} & {
  -readonly [Name in keyof Members as Name extends Required ? never : Name]?: Infer<
    Members[Name],
    [...Depth, 0]
  >;
} & { [Name in Exclude<Required, keyof Members> & string]: unknown };

type RequiredOf<Schema> = Schema extends { readonly required: readonly (infer Name)[] }
  ? string extends Name
    ? never
    : Name
  : never;

type InferUnnamed<Schema, Depth extends Levels> = [RequiredOf<Schema>] extends [never]
  ? InferRest<Schema, Depth>
  : { [Name in RequiredOf<Schema> & string]: unknown } & InferRest<Schema, Depth>;

type InferRest<Schema, Depth extends Levels> = Schema extends {
  readonly patternProperties: unknown;
}
  ? UnknownObject
  : Schema extends { readonly additionalProperties: infer Rest }
    ? Rest extends false
      ? Record<string, never>
      : Record<string, Infer<Rest, [...Depth, 0]>>
    : UnknownObject;

/** Shown as one object, not as the parts that it is made of. */
type Flat<Type> = Type extends infer Whole ? { [Name in keyof Whole]: Whole[Name] } : never;

type Mutable<Value> = Value extends readonly unknown[] | UnknownObject
  ? { -readonly [Name in keyof Value]: Mutable<Value[Name]> }
  : Value;
