// Bytes on the wire: base64 text in JSON, `Uint8Array` in a program.

import type { Shape } from "../messages/rules/shapes.ts";

/**
 * A copy of `value` in which the base64 texts that `shape` calls bytes are `Uint8Array`, without
 * members that are null: these count as absent.
 */
export function decodeBytes(shape: Shape, value: unknown): unknown {
  if (value === null || value === undefined) return value;
  switch (shape.kind) {
    case "bytes":
      return new Uint8Array(Buffer.from(value as string, "base64"));
    case "list":
      return (value as unknown[]).map((item) => decodeBytes(shape.of, item));
    case "structure":
    case "union":
      return Object.fromEntries(
        Object.entries(value).flatMap(([name, item]) => {
          const member = shape.members.get(name);
          if (item === null) return [];
          return [[name, member === undefined ? item : decodeBytes(member, item)]];
        }),
      );
    default:
      return value;
  }
}

/** JSON text in which every `Uint8Array` is base64. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, name, encoded) {
    // A Buffer has turned itself into something else by now; its holder still has it.
    const original = this[name];
    return original instanceof Uint8Array ? Buffer.from(original).toString("base64") : encoded;
  });
}
