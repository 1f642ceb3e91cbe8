// The walk that says where a value misses its shape. It visits each value once, goes no deeper than
// the shape does, and takes any input without throwing.

import { isRecord } from "../../core/json.ts";
import { fitsShape, fitsText, isBytes, isPresent } from "./fits-shape.ts";
import {
  brokenConstraint,
  lengthDemand,
  type Place,
  type ShapeFault,
  textDemands,
  unionFault,
  withoutValue,
  wrongType,
} from "./shape-faults.ts";
import type {
  BytesShape,
  ListShape,
  MapShape,
  NumberShape,
  Shape,
  StructureShape,
  TextShape,
  UnionShape,
} from "./shapes.ts";

const NO_FAULTS: readonly ShapeFault[] = Object.freeze([]);

/**
 * Everything in which `value` misses `shape`, in the order of the value. With `hidesValues`, no
 * message shows what is wrong, only where.
 */
export function shapeFaultsOf(
  shape: Shape,
  value: unknown,
  hidesValues = false,
): readonly ShapeFault[] {
  if (fitsShape(shape, value)) return NO_FAULTS;
  const faults = collectShapeFaults(shape, value);
  return hidesValues ? faults.map(withoutValue) : faults;
}

/** The same without looking first whether there is anything to find. */
export function collectShapeFaults(shape: Shape, value: unknown): ShapeFault[] {
  const faults: ShapeFault[] = [];
  walk(shape, value, undefined, faults);
  return faults;
}

function walk(shape: Shape, value: unknown, place: Place | undefined, faults: ShapeFault[]): void {
  switch (shape.kind) {
    case "json":
      return;
    case "boolean":
      if (typeof value !== "boolean") faults.push(wrongType("a boolean", place));
      return;
    case "bytes":
      walkBytes(shape, value, place, faults);
      return;
    case "text":
      walkText(shape, value, place, faults);
      return;
    case "number":
      walkNumber(shape, value, place, faults);
      return;
    case "list":
      walkList(shape, value, place, faults);
      return;
    case "map":
      walkMap(shape, value, place, faults);
      return;
    default:
      walkMembers(shape, value, place, faults);
  }
}

function walkText(
  shape: TextShape,
  value: unknown,
  place: Place | undefined,
  faults: ShapeFault[],
): void {
  if (typeof value !== "string") {
    faults.push(wrongType("a string", place));
    return;
  }
  const { pattern, values } = shape;
  if (values !== undefined && !values.includes(value)) {
    const demand = `Member must satisfy enum value set: [${values.join(", ")}]`;
    faults.push(brokenConstraint("unknown-value", place, demand, value));
  }
  if (pattern !== undefined && !pattern.whole.test(value)) {
    const demand = `Member must satisfy regular expression pattern: ${pattern.source}`;
    faults.push(brokenConstraint("text-pattern", place, demand, value));
  }
  const length = lengthDemand(shape, value.length);
  if (length !== undefined) faults.push(brokenConstraint("text-length", place, length, value));
}

function walkNumber(
  shape: NumberShape,
  value: unknown,
  place: Place | undefined,
  faults: ShapeFault[],
): void {
  if (typeof value !== "number" || (shape.integer && !Number.isInteger(value))) {
    faults.push(wrongType(shape.integer ? "an integer" : "a number", place));
    return;
  }
  if (shape.max !== undefined && !(value <= shape.max)) {
    const demand = `Member must have value less than or equal to ${shape.max}`;
    faults.push(brokenConstraint("number-range", place, demand, value));
  } else if (shape.min !== undefined && !(value >= shape.min)) {
    const demand = `Member must have value greater than or equal to ${shape.min}`;
    faults.push(brokenConstraint("number-range", place, demand, value));
  }
}

function walkBytes(
  shape: BytesShape,
  value: unknown,
  place: Place | undefined,
  faults: ShapeFault[],
): void {
  if (!isBytes(value)) {
    faults.push(wrongType("base64-encoded bytes", place));
    return;
  }
  const length = lengthDemand(shape, value.length);
  if (length !== undefined) faults.push(brokenConstraint("text-length", place, length));
}

function walkList(
  shape: ListShape,
  value: unknown,
  place: Place | undefined,
  faults: ShapeFault[],
): void {
  if (!Array.isArray(value)) {
    faults.push(wrongType("a list", place));
    return;
  }
  const length = lengthDemand(shape, value.length);
  if (length !== undefined) faults.push(brokenConstraint("list-length", place, length));
  for (const [index, item] of value.entries()) {
    walk(shape.of, item, { parent: place, segment: index }, faults);
  }
}

function walkMap(
  shape: MapShape,
  value: unknown,
  place: Place | undefined,
  faults: ShapeFault[],
): void {
  if (!isRecord(value)) {
    faults.push(wrongType("a json object", place));
    return;
  }
  const entries = presentEntries(value);
  const length = lengthDemand(shape, entries.length);
  if (length !== undefined) faults.push(brokenConstraint("map-entries", place, length));
  if (!entries.every(([key]) => fitsText(shape.key, key))) {
    const demand = `Map keys must satisfy constraint: ${textDemands(shape.key)}`;
    faults.push(brokenConstraint("map-entries", place, demand));
  }
  for (const [key, item] of entries) {
    walk(shape.of, item, { parent: place, segment: key }, faults);
  }
}

function walkMembers(
  shape: StructureShape | UnionShape,
  value: unknown,
  place: Place | undefined,
  faults: ShapeFault[],
): void {
  if (!isRecord(value)) {
    faults.push(wrongType("a json object", place));
    return;
  }
  let known = 0;
  for (const [name, item] of presentEntries(value)) {
    const member = shape.members.get(name);
    if (member !== undefined) {
      known += 1;
      walk(member, item, { parent: place, segment: name }, faults);
    } else if (shape.kind === "union" && name === "$unknown") {
      known += 1;
    }
  }
  if (shape.kind === "union") {
    const fault = unionFault(shape, known, place);
    if (fault !== undefined) faults.push(fault);
    return;
  }
  for (const name of shape.required) {
    if (!isPresent(value[name])) {
      const missing = { parent: place, segment: name };
      faults.push(brokenConstraint("missing-member", missing, "Member must not be null", null));
    }
  }
}

function presentEntries(value: Record<string, unknown>): [string, unknown][] {
  return Object.entries(value).filter(([, item]) => isPresent(item));
}
