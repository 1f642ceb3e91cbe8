// How a value can miss its shape, in Bedrock's words. Bedrock writes a place in two ways:
// `messages.0.content` in its own checks, `messages.1.member.content` in those of the service model.

import type { TextShape, UnionShape } from "./shapes.ts";

/** How a value misses its shape; also the ids of the rules that report it. */
export type ShapeFaultKind =
  | "empty-union"
  | "several-union-members"
  | "wrong-type"
  | "missing-member"
  | "unknown-value"
  | "text-pattern"
  | "text-length"
  | "number-range"
  | "list-length"
  | "map-entries";

export interface ShapeFault {
  readonly kind: ShapeFaultKind;
  readonly path: string;
  readonly message: string;
  /** The message without the value, where it shows one. */
  readonly bareMessage?: string;
}

/** A place in the request, kept as a chain so that a path is only written when something is wrong. */
export interface Place {
  readonly parent: Place | undefined;
  readonly segment: string | number;
}

/** A longer value is left out of the message: it is no identifier but somebody's text. */
const MAX_SHOWN_CHARACTERS = 64;

/** A value of the wrong JSON type; `expected` is a noun with its article. */
export function wrongType(expected: string, place: Place | undefined): ShapeFault {
  const path = pathOf(place);
  const at = path === "" ? "the request body" : path;
  const message = `The format of the value at ${at} is invalid. Provide ${expected} for the field and try again.`;
  return { kind: "wrong-type", path, message };
}

/** A value that breaks a constraint of the service model; `value` is shown when it is short. */
export function brokenConstraint(
  kind: ShapeFaultKind,
  place: Place | undefined,
  demand: string,
  value?: string | number | null,
): ShapeFault {
  const rest = ` at '${constraintPathOf(place)}' failed to satisfy constraint: ${demand}`;
  const message = `Value${shown(value)}${rest}`;
  const path = pathOf(place);
  // That there is no value is nobody's secret.
  return value == null
    ? { kind, path, message }
    : { kind, path, message, bareMessage: `Value${rest}` };
}

/** The same fault, with a message for those who must not see the value. */
export function withoutValue(fault: ShapeFault): ShapeFault {
  const { bareMessage, ...rest } = fault;
  return bareMessage === undefined ? fault : { ...rest, message: bareMessage };
}

function shown(value: string | number | null | undefined): string {
  if (value === undefined) return "";
  if (typeof value !== "string") return ` ${value === null ? "null" : `'${value}'`}`;
  return value.length > MAX_SHOWN_CHARACTERS ? "" : ` '${value}'`;
}

/** The constraint a length breaks, or undefined. */
export function lengthDemand(
  limits: { readonly min?: number; readonly max?: number },
  length: number,
): string | undefined {
  if (limits.min !== undefined && length < limits.min) {
    return `Member must have length greater than or equal to ${limits.min}`;
  }
  if (limits.max !== undefined && length > limits.max) {
    return `Member must have length less than or equal to ${limits.max}`;
  }
  return undefined;
}

/** Everything a text must be, for the keys and values of a map. */
export function textDemands(shape: TextShape): string {
  const demands: string[] = [];
  if (shape.max !== undefined) {
    demands.push(`Member must have length less than or equal to ${shape.max}`);
  }
  if (shape.min !== undefined) {
    demands.push(`Member must have length greater than or equal to ${shape.min}`);
  }
  if (shape.pattern !== undefined) {
    demands.push(`Member must satisfy regular expression pattern: ${shape.pattern.source}`);
  }
  return `[${demands.join(", ")}]`;
}

/** A union that does not hold exactly one of its members. */
export function unionFault(
  shape: UnionShape,
  members: number,
  place: Place | undefined,
): ShapeFault | undefined {
  if (members === 1) return undefined;
  const path = pathOf(place);
  const keys = [...shape.members.keys()].join(", ");
  return members === 0
    ? {
        kind: "empty-union",
        path,
        message: `${shape.name} object at ${path} must set one of the following keys: ${keys}.`,
      }
    : {
        kind: "several-union-members",
        path,
        message: `${shape.name} object at ${path} must set only one of the following keys: ${keys}.`,
      };
}

function pathOf(place: Place | undefined): string {
  return segmentsOf(place).join(".");
}

function constraintPathOf(place: Place | undefined): string {
  return segmentsOf(place)
    .map((segment) => (typeof segment === "number" ? `${segment + 1}.member` : segment))
    .join(".");
}

function segmentsOf(place: Place | undefined): (string | number)[] {
  const segments: (string | number)[] = [];
  for (let at = place; at !== undefined; at = at.parent) segments.push(at.segment);
  return segments.reverse();
}
