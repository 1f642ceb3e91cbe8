// JSON as a type, and the one narrowing function for values whose shape nobody promised.

/** Any JSON value. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | JsonValue[]
  | { [key: string]: JsonValue };

/** An object whose members are not known yet. */
export type UnknownRecord = Record<string, unknown>;

/** Whether `value` is an object with named members: not null, not a list, not bytes. */
export function isRecord(value: unknown): value is UnknownRecord {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array)
  );
}

/** The value as JSON has it: an object that speaks for itself (`toJSON`), such as a date, as what it says. */
export function asJson(value: unknown): unknown {
  const speaks = isRecord(value) && typeof value["toJSON"] === "function";
  return speaks ? (value as { toJSON(key: string): unknown }).toJSON("") : value;
}
