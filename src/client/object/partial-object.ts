// The type of an object that is still being written.

/**
 * What there may be of a value before it is complete: any member may be missing, lists may be shorter,
 * texts too, be they one of a few. What is neither text, number, list nor plain object in the end is
 * what a schema makes of a complete value, and something else until then.
 */
export type PartialObject<Value> = Value extends string
  ? string
  : Value extends number | boolean | null | undefined
    ? Value
    : Value extends readonly (infer Item)[]
      ? readonly PartialObject<Item>[]
      : Value extends NotPlain
        ? unknown
        : Value extends object
          ? { readonly [Name in keyof Value]?: PartialObject<Value[Name]> }
          : unknown;

type NotPlain =
  | Date
  | RegExp
  | URL
  | Uint8Array
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | ((...given: never) => unknown);
