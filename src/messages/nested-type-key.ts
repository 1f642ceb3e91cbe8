// `__type` below the top of a JSON value marks a typed union to Bedrock, which then finds no object
// there. https://github.com/maximhq/bifrost/issues/5762

import { isRecord } from "../core/json.ts";

/** Whether `__type` stands below the top. Visits each object once, and takes any value. */
export function hasNestedTypeKey(json: unknown): boolean {
  const waiting = itemsOf(json);
  const seen = new Set<object>();
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (isRecord(value) && Object.hasOwn(value, "__type")) return true;
    for (const item of itemsOf(value)) waiting.push(item);
  }
  return false;
}

function itemsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return [...value];
  return isRecord(value) && !ArrayBuffer.isView(value) ? Object.values(value) : [];
}
