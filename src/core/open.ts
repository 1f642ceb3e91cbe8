// Three type tools for a vocabulary that AWS extends without notice.

import type { JsonValue } from "./json.ts";

/** A string enum of the service: the known values, and whatever it adds next. */
export type Open<Known extends string> = Known | (string & {});

/**
 * A union of the wire: an object with exactly one of the members.
 * A member newer than these types is written `$unknown: [name, value]`, as in the AWS SDK.
 */
export type OneOf<Members> =
  | {
      [Name in keyof Members]: { [Key in Name]: Members[Key] } & {
        [Other in Exclude<keyof Members | "$unknown", Name>]?: never;
      };
    }[keyof Members]
  | ({ [Name in keyof Members]?: never } & { $unknown: [string, unknown] });

/**
 * What a caller may pass where the wire wants `Wire`: enums are open, lists may be read-only, a
 * member may be `undefined`, and JSON may be any value. The AWS SDK's own types fit.
 */
export type Input<Wire> = [JsonValue] extends [Wire]
  ? unknown
  : Wire extends string
    ? string extends Wire
      ? Wire
      : Open<Wire>
    : Wire extends number | boolean | undefined | null | Uint8Array
      ? Wire
      : Wire extends readonly (infer Item)[]
        ? readonly Input<Item>[]
        : Wire extends Record<string, never>
          ? object
          : Wire extends object
            ? { [Key in keyof Wire]: Input<Wire[Key]> | undefined }
            : Wire;
