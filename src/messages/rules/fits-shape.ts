// Whether a value has its shape, without saying where not. Almost every request does, and this walk
// allocates nothing; it must agree with the walk of find-shape-faults.ts in every case.

import { isRecord, type UnknownRecord } from "../../core/json.ts";
import { lengthDemand } from "./shape-faults.ts";
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

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Whether `shapeFaultsOf` would find nothing. Takes any value without throwing. */
export function fitsShape(shape: Shape, value: unknown): boolean {
  switch (shape.kind) {
    case "json":
      return true;
    case "boolean":
      return typeof value === "boolean";
    case "bytes":
      return isBytes(value) && hasLengthWithin(shape, value.length);
    case "text":
      return typeof value === "string" && fitsText(shape, value);
    case "number":
      return fitsNumber(shape, value);
    case "list":
      return fitsList(shape, value);
    case "map":
      return isRecord(value) && fitsMap(shape, value);
    case "structure":
      return isRecord(value) && fitsStructure(shape, value);
    default:
      return isRecord(value) && fitsUnion(shape, value);
  }
}

/** Whether a text keeps every constraint of its shape. */
export function fitsText(shape: TextShape, text: string): boolean {
  return (
    (shape.values === undefined || shape.values.includes(text)) &&
    (shape.pattern === undefined || shape.pattern.whole.test(text)) &&
    hasLengthWithin(shape, text.length)
  );
}

/** Whether a value is bytes as a program holds them, or as base64 text of the wire. */
export function isBytes(value: unknown): value is Uint8Array | string {
  return value instanceof Uint8Array || (typeof value === "string" && BASE64.test(value));
}

/** Whether a member counts as set: one that is null or undefined is absent on the wire. */
export function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function hasLengthWithin(shape: BytesShape | ListShape | MapShape | TextShape, length: number) {
  return lengthDemand(shape, length) === undefined;
}

function fitsNumber({ integer, min, max }: NumberShape, value: unknown): boolean {
  return (
    typeof value === "number" &&
    !(integer && !Number.isInteger(value)) &&
    (max === undefined || value <= max) &&
    (min === undefined || value >= min)
  );
}

function fitsList(shape: ListShape, value: unknown): boolean {
  if (!Array.isArray(value) || !hasLengthWithin(shape, value.length)) return false;
  for (const item of value) {
    if (!fitsShape(shape.of, item)) return false;
  }
  return true;
}

function fitsMap(shape: MapShape, value: UnknownRecord): boolean {
  let entries = 0;
  for (const key in value) {
    if (!Object.hasOwn(value, key) || !isPresent(value[key])) continue;
    entries += 1;
    if (!fitsText(shape.key, key) || !fitsShape(shape.of, value[key])) return false;
  }
  return hasLengthWithin(shape, entries);
}

function fitsStructure(shape: StructureShape, value: UnknownRecord): boolean {
  for (const name of shape.required) {
    if (!isPresent(value[name])) return false;
  }
  return countFitting(shape, value) !== undefined;
}

function fitsUnion(shape: UnionShape, value: UnknownRecord): boolean {
  return countFitting(shape, value) === 1;
}

/** How many known members are set, or undefined when one of them does not fit. */
function countFitting(
  { kind, members }: StructureShape | UnionShape,
  value: UnknownRecord,
): number | undefined {
  let known = 0;
  for (const name in value) {
    if (!Object.hasOwn(value, name)) continue;
    const item = value[name];
    if (!isPresent(item)) continue;
    const member = members.get(name);
    if (member !== undefined) {
      known += 1;
      if (!fitsShape(member, item)) return undefined;
    } else if (kind === "union" && name === "$unknown") {
      known += 1;
    }
  }
  return known;
}
