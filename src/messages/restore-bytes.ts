// Bytes that went through JSON on their way, as histories do that are kept in a database or a file:
// read back where nothing else can be meant.

import { isRecord } from "../core/json.ts";

const DATA_URL = /^data:[^,]{0,200};base64,/;

/**
 * The bytes that a value was before it became JSON: of a `Uint8Array` written as an object by index,
 * of a `Buffer`, or of a data URL. Undefined for anything else, bytes and base64 text included.
 */
export function bytesFromJson(value: unknown): Uint8Array | string | undefined {
  if (typeof value === "string") {
    const head = value.startsWith("data:") ? DATA_URL.exec(value)?.[0] : undefined;
    return head === undefined ? undefined : value.slice(head.length);
  }
  if (!isRecord(value) || ArrayBuffer.isView(value)) return undefined;
  if (value["type"] === "Buffer" && Array.isArray(value["data"])) return fromList(value["data"]);
  const keys = Object.keys(value);
  // Integer keys come in rising order, so the last tells whether there is a gap.
  if (keys.length === 0 || keys.at(-1) !== String(keys.length - 1)) return undefined;
  return fromList(Object.values(value));
}

function fromList(list: readonly unknown[]): Uint8Array | undefined {
  return list.every(isByte) ? Uint8Array.from(list as number[]) : undefined;
}

function isByte(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255;
}
