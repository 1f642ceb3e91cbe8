// Short ways to write requests for the rules.

import type { UnknownRecord } from "../../src/core/json.ts";

export const text = (words = "Hello"): UnknownRecord => ({ text: words });

export const user = (...content: unknown[]): UnknownRecord => ({ role: "user", content });

export const assistant = (...content: unknown[]): UnknownRecord => ({ role: "assistant", content });

/** A call with an id, as the model writes it. */
export const toolUse = (toolUseId: string, input: unknown = {}): UnknownRecord => ({
  toolUse: { toolUseId, name: "get_weather", input },
});

/** An answer to the call of that id. */
export const toolResult = (toolUseId: string, ...content: unknown[]): UnknownRecord => ({
  toolResult: { toolUseId, content },
});

export const tool = (name = "get_weather", json: unknown = { type: "object" }): UnknownRecord => ({
  toolSpec: { name, inputSchema: { json } },
});

export const cachePoint = (ttl?: string): UnknownRecord => ({
  cachePoint: { type: "default", ...(ttl === undefined ? {} : { ttl }) },
});

export const document = (name: string, rest: UnknownRecord = {}): UnknownRecord => ({
  document: { format: "pdf", name, source: { bytes: Uint8Array.of(1) }, ...rest },
});

export const image = (): UnknownRecord => ({
  image: { format: "png", source: { bytes: Uint8Array.of(1) } },
});

/** An id of which nothing is known, so that no rule of a single model applies. */
export const UNKNOWN_MODEL = "us.test.model-v1:0";

/** Thinking with its signature, as Claude takes it back. */
export const reasoning = (words = "Hm."): UnknownRecord => ({
  reasoningContent: { reasoningText: { text: words, signature: "c2ln" } },
});

/** A request with one question, and whatever else is given. */
export const asking = (rest: UnknownRecord = {}): UnknownRecord => ({
  modelId: "anthropic.claude-haiku-4-5-20251001-v1:0",
  messages: [user(text())],
  ...rest,
});

/** A request with a conversation. */
export const saying = (...messages: unknown[]): UnknownRecord => asking({ messages });

/** A request with a conversation and tools. */
export const usingTools = (...messages: unknown[]): UnknownRecord =>
  asking({ messages, toolConfig: { tools: [tool()] } });
