// Reading a history from the outside, to compare what went in with what came out.

import type { ContentBlockInput, MessageInput } from "../../src/messages/message-input.ts";

/** Freezes a value and all it holds; bytes cannot be frozen. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}

/** The blocks of a message, as they stand in it. */
export function blocksOf({ content }: MessageInput): readonly (string | ContentBlockInput)[] {
  if (content === undefined) return [];
  return Array.isArray(content) ? content : [content as string | ContentBlockInput];
}

/** The values of every block of one kind, in order. */
export function valuesOf<Value>(messages: readonly MessageInput[], name: string): Value[] {
  return messages.flatMap(blocksOf).flatMap((item) => {
    const value = typeof item === "string" ? undefined : (item as Record<string, unknown>)[name];
    return value === undefined ? [] : [value as Value];
  });
}

/** Every byte array in a value, in order. */
export function bytesIn(value: unknown): Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(bytesIn);
}

/** To be found again whatever becomes of the text around it. */
const TOKEN = /<\d+>/g;

/** The history with a token of its own before every text that says something, JSON included. */
export function withTokens<Value>(history: Value): Value {
  let count = 0;
  const tokenOf = (text: string): string => (text.trim() === "" ? text : `<${count++}>${text}`);
  const walk = (value: unknown, name: string): unknown => {
    if (typeof value === "string") {
      return ["text", "content", "city"].includes(name) ? tokenOf(value) : value;
    }
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
    if (Array.isArray(value)) return value.map((item) => walk(item, name));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, key)]));
  };
  return walk(history, "") as Value;
}

/** Every token in a value, in order, also in the bytes of texts that are sent as files. */
export function tokensIn(value: unknown): string[] {
  if (typeof value === "string") return value.match(TOKEN) ?? [];
  if (value instanceof Uint8Array) return tokensIn(new TextDecoder().decode(value));
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(tokensIn);
}
