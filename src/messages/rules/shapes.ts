// What the service model can say of a value.

/** A value as the service model describes it. */
export type Shape =
  | TextShape
  | NumberShape
  | ListShape
  | MapShape
  | StructureShape
  | UnionShape
  | BytesShape
  /** Json is any JSON value. */
  | { readonly kind: "boolean" | "json" };

/** Limits of a length, both inclusive. */
export interface LengthLimits {
  readonly min?: number;
  readonly max?: number;
}

export interface TextShape extends LengthLimits {
  readonly kind: "text";
  /** `source` is for messages; `whole` is anchored, so that matching stays linear. */
  readonly pattern?: { readonly source: string; readonly whole: RegExp };
  readonly values?: readonly string[];
}

/** Limits are those of the value, both inclusive. */
export interface NumberShape extends LengthLimits {
  readonly kind: "number";
  readonly integer?: boolean;
}

/** Bytes are `Uint8Array` in a program and base64 text on the wire. */
export interface BytesShape extends LengthLimits {
  readonly kind: "bytes";
}

export interface ListShape extends LengthLimits {
  readonly kind: "list";
  readonly of: Shape;
}

export interface MapShape extends LengthLimits {
  readonly kind: "map";
  readonly key: TextShape;
  readonly of: Shape;
}

export interface StructureShape {
  readonly kind: "structure";
  readonly members: ReadonlyMap<string, Shape>;
  readonly required: readonly string[];
}

/** Exactly one member is set. `name` is the one Bedrock uses in its messages. */
export interface UnionShape {
  readonly kind: "union";
  readonly name: string;
  readonly members: ReadonlyMap<string, Shape>;
}
