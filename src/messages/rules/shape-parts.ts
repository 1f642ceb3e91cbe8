// Short ways to write a shape down.

import type {
  LengthLimits,
  ListShape,
  Shape,
  StructureShape,
  TextShape,
  UnionShape,
} from "./shapes.ts";

export const TEXT: TextShape = text();
export const JSON_VALUE: Shape = { kind: "json" };
/** At least one byte. */
export const BYTES: Shape = { kind: "bytes", min: 1 };
export const BOOLEAN: Shape = { kind: "boolean" };

/** A text within limits; `pattern` is without anchors and must match the whole of it. */
export function text(limits: LengthLimits & { pattern?: RegExp } = {}): TextShape {
  const { pattern, ...lengths } = limits;
  if (pattern === undefined) return { kind: "text", ...lengths };
  const whole = new RegExp(`^(?:${pattern.source})$`, "s");
  return {
    kind: "text",
    ...lengths,
    pattern: { source: pattern.source.replaceAll("\\/", "/"), whole },
  };
}

/** One of a closed list of words. */
export function oneOf(...values: string[]): TextShape {
  return { kind: "text", values };
}

/** A list of one shape. */
export function list(of: Shape, limits: LengthLimits = {}): ListShape {
  return { kind: "list", of, ...limits };
}

/** An object with any of the members, and all of the required ones. */
export function structure(
  members: Record<string, Shape>,
  required: readonly string[] = [],
): StructureShape {
  return { kind: "structure", members: new Map(Object.entries(members)), required };
}

/** An object with exactly one of the members. */
export function union(name: string, members: Record<string, Shape>): UnionShape {
  return { kind: "union", name, members: new Map(Object.entries(members)) };
}
