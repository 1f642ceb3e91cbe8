// The shapes of the service model, and values that hold every member of them.

import { readFileSync } from "node:fs";

type Shape =
  | { readonly kind: "structure" | "union"; readonly members: Readonly<Record<string, string>> }
  | { readonly kind: "list" | "map"; readonly of: string }
  | { readonly kind: "text"; readonly values?: readonly string[] }
  | { readonly kind: "bytes" | "number" | "boolean" | "json" };

interface ServiceModel {
  readonly roots: Readonly<Record<"request" | "response" | "event", string>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** Names, kinds and members, derived from AWS's model of `bedrock-runtime`. */
export const SERVICE_MODEL: ServiceModel = JSON.parse(
  readFileSync("test/fixtures/converse-shapes.json", "utf8"),
);

const BYTES = new Uint8Array([0, 127, 255]);

/**
 * Values of a shape that together hold every member of every structure and union below it, and every
 * value of every enum.
 */
export function samplesOf(name: string): unknown[] {
  const shape = shapeOf(name);
  switch (shape.kind) {
    case "text":
      return shape.values === undefined ? ["text"] : [...shape.values];
    case "bytes":
      return [BYTES];
    case "number":
      return [1];
    case "boolean":
      return [true];
    case "json":
      return [{ any: ["json", 1, null] }];
    case "list":
      return [samplesOf(shape.of)];
    case "map":
      return [
        Object.fromEntries(samplesOf(shape.of).map((value, index) => [`key${index}`, value])),
      ];
    case "union":
      return Object.entries(shape.members).flatMap(([member, of]) =>
        samplesOf(of).map((value) => ({ [member]: value })),
      );
    default:
      return structuresOf(shape.members);
  }
}

/** As many structures as the member with the most values needs, all members set in each. */
function structuresOf(members: Readonly<Record<string, string>>): unknown[] {
  const columns = Object.entries(members).map(([name, of]) => [name, samplesOf(of)] as const);
  const count = Math.max(1, ...columns.map(([, values]) => values.length));
  return Array.from({ length: count }, (_, row) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[row % values.length]])),
  );
}

/** Every `Shape.member` that a value holds. */
export function membersIn(
  name: string,
  value: unknown,
  found: Set<string> = new Set(),
): Set<string> {
  const shape = shapeOf(name);
  if (shape.kind === "list") {
    for (const item of value as unknown[]) membersIn(shape.of, item, found);
  } else if (shape.kind === "map") {
    for (const item of Object.values(value as object)) membersIn(shape.of, item, found);
  } else if (shape.kind === "structure" || shape.kind === "union") {
    for (const [member, of] of Object.entries(shape.members)) {
      const held = (value as Record<string, unknown>)[member];
      if (held === undefined) continue;
      found.add(`${name}.${member}`);
      membersIn(of, held, found);
    }
  }
  return found;
}

/** Every `Shape.member` at and below a shape. */
export function allMembers(name: string): Set<string> {
  const found = new Set<string>();
  for (const sample of samplesOf(name)) membersIn(name, sample, found);
  return found;
}

/** A value as it stands on the wire: bytes as base64. */
export function toWire(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, member) =>
      member instanceof Uint8Array ? Buffer.from(member).toString("base64") : member,
    ),
  );
}

function shapeOf(name: string): Shape {
  const shape = SERVICE_MODEL.shapes[name];
  if (shape === undefined) throw new Error(`${name} is not in the service model.`);
  return shape;
}
