// Finds the object in an answer. JSON is read as it is or not at all: to mend it would be to make up
// what the model has not said.

import type { ToolUseBlock } from "../../core/content.ts";
import type { ConverseResponse } from "../../core/converse-response.ts";
import { isTooDeep } from "../../core/json-depth.ts";
import { textOf, toolUsesOf } from "../../messages/readers.ts";
import { unwrapAnswer } from "./answer-schema.ts";

/** What an answer holds. */
export interface Answer {
  /** The calls of our tool. The first is the answer. */
  readonly calls: readonly ToolUseBlock[];
  /** What the model has written: the input of its call, else its text. */
  readonly text: string;
  /** Undefined where there is none, which no JSON is. */
  readonly value: unknown;
}

/** Reads an answer. Reasoning is no part of it. */
export function readAnswer(
  response: ConverseResponse,
  toolName: string | undefined,
  isWrapped: boolean,
): Answer {
  const calls = toolUsesOf(response).filter(
    ({ name }) => toolName !== undefined && name === toolName,
  );
  const [call] = calls;
  if (call === undefined) {
    const text = textOf(response);
    return { calls, text, value: unwrapAnswer(readText(text), isWrapped) };
  }
  const { input } = call;
  // The input of a call is text only where it was cut off.
  if (typeof input === "string") return { calls, text: input, value: undefined };
  const text = write(input);
  const value = text === undefined ? undefined : unwrapAnswer(input, isWrapped);
  return { calls, text: text ?? "", value };
}

/**
 * The text as JSON, or what stands between its first bracket and its last, as in a code fence. With
 * brackets around that are not of the object, that is no JSON: nobody knows then which one is meant.
 */
function readText(text: string): unknown {
  const whole = parse(text);
  if (whole !== undefined) return whole;
  const first = text.search(/[[{]/);
  const last = Math.max(text.lastIndexOf("}"), text.lastIndexOf("]"));
  return first < 0 || last < first ? undefined : parse(text.slice(first, last + 1));
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isDeep(text) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Undefined for what is nested more deeply than can be walked. */
function write(value: unknown): string | undefined {
  try {
    const text = JSON.stringify(value);
    return isDeep(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function isDeep(json: string): boolean {
  return isTooDeep(Buffer.from(json));
}
