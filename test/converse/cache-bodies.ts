// Request bodies of every kind that matters to caching, and what is left of one without its points.

import fc from "fast-check";
import type { ConverseBody } from "../../src/converse/converse-options.ts";
import type { ContentBlock, Message, SystemContentBlock } from "../../src/core/content.ts";
import type { Tool } from "../../src/core/converse-request.ts";
import { findIssues } from "../../src/messages/check-request.ts";
import type { CacheSection, ModelTraits } from "../../src/models/model-traits.ts";

/** A point, with a `ttl` or without. */
export const point = (
  ttl?: "5m" | "1h",
): { cachePoint: { type: "default"; ttl?: "5m" | "1h" } } => ({
  cachePoint: { type: "default", ...(ttl === undefined ? {} : { ttl }) },
});

/** A text of about as many tokens. */
export const textOf = (tokens: number, letter = "x"): { text: string } => ({
  text: letter.repeat(tokens * 4),
});

export const tool = (name: string, tokens = 1): Tool => ({
  toolSpec: {
    name,
    description: "d".repeat(tokens * 4),
    inputSchema: { json: { type: "object" } },
  },
});

export const document = (format: "pdf" | "csv"): ContentBlock => ({
  document: { format, name: "report", source: { bytes: Uint8Array.of(1, 2) } },
});

const text = fc
  .integer({ min: 1, max: 600 })
  .chain((tokens) => fc.constantFrom("a", "b", "c").map((letter) => textOf(tokens, letter)));
const image: ContentBlock = { image: { format: "png", source: { bytes: Uint8Array.of(1) } } };
const reasoning: ContentBlock = {
  reasoningContent: { reasoningText: { text: "hm", signature: "s" } },
};

const userBlock: fc.Arbitrary<ContentBlock> = fc.oneof(
  { arbitrary: text, weight: 3 },
  fc.constantFrom(image, document("pdf"), document("csv")),
);

const assistantBlock: fc.Arbitrary<ContentBlock> = fc.oneof(
  { arbitrary: text, weight: 3 },
  fc.constant(reasoning),
);

/** A conversation that begins with the user. */
export const conversation: fc.Arbitrary<Message[]> = fc
  .array(
    fc.tuple(
      fc.array(userBlock, { minLength: 1, maxLength: 4 }),
      fc.array(assistantBlock, { minLength: 1, maxLength: 3 }),
    ),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .chain((turns) => fc.boolean().map((isAnswered) => ({ turns, isAnswered })))
  .map(({ turns, isAnswered }) => {
    const messages = turns.flatMap(([user, assistant]): Message[] => [
      { role: "user", content: user },
      { role: "assistant", content: assistant },
    ]);
    return isAnswered ? messages : messages.slice(0, -1);
  });

const tools = fc
  .array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 3 })
  .map((sizes) => sizes.map((size, index) => tool(`tool_${index}`, size)));

/** A body without any point. */
export const plainBody: fc.Arbitrary<ConverseBody> = fc
  .record(
    { messages: conversation, system: fc.array(text, { minLength: 1, maxLength: 3 }), tools },
    { requiredKeys: ["messages"] },
  )
  .map(({ messages, system, tools: list }) => ({
    messages,
    ...(system === undefined ? {} : { system }),
    ...(list === undefined ? {} : { toolConfig: { tools: list } }),
  }));

const SECTIONS: readonly CacheSection[] = ["tools", "system", "messages"];

/** Everything a table of models can say about caching. */
export const cacheTraits: fc.Arbitrary<ModelTraits> = fc.oneof(
  fc.constant({}),
  fc.constant({ cache: false as const }),
  fc
    .record(
      {
        sections: fc.subarray([...SECTIONS]),
        ttls: fc.constantFrom<readonly ("5m" | "1h")[]>(["5m"], ["5m", "1h"]),
        minimumTokens: fc.integer({ min: 1, max: 4096 }),
      },
      { requiredKeys: ["sections", "ttls"] },
    )
    .map((cache) => ({ cache })),
);

/** The rules that the points of a request break. */
export function brokenCacheRules(body: ConverseBody): string[] {
  return findIssues(body)
    .map(({ rule }) => rule)
    .filter((rule) => rule.startsWith("cache-") || rule.startsWith("tools-only"));
}

const withoutPoints = <Block extends ContentBlock | SystemContentBlock | Tool>(
  list: readonly Block[],
): Block[] => list.filter(({ cachePoint }) => cachePoint === undefined);

/** The content of a request, points aside. */
export function contentOf(body: ConverseBody): ConverseBody {
  const { toolConfig, system, messages, ...rest } = body;
  const kept = toolConfig && withoutPoints(toolConfig.tools);
  return {
    ...rest,
    ...(kept === undefined || kept.length === 0
      ? {}
      : { toolConfig: { ...toolConfig, tools: kept } }),
    ...(system === undefined || withoutPoints(system).length === 0
      ? {}
      : { system: withoutPoints(system) }),
    ...(messages && {
      messages: messages.map((message) => ({
        ...message,
        content: withoutPoints(message.content),
      })),
    }),
  };
}

/** Where the points of a request stand, in the order in which they count. */
export function pointsOf({ toolConfig, system, messages }: ConverseBody): string[] {
  const lists: [string, readonly { cachePoint?: { ttl?: string | undefined } | undefined }[]][] = [
    ["toolConfig.tools", toolConfig?.tools ?? []],
    ["system", system ?? []],
    ...(messages ?? []).map(({ content }, index): [string, ContentBlock[]] => [
      `messages.${index}.content`,
      content,
    ]),
  ];
  return lists.flatMap(([path, list]) =>
    list.flatMap(({ cachePoint }, index) =>
      cachePoint === undefined
        ? []
        : [[`${path}.${index}`, cachePoint.ttl].filter(Boolean).join(" ")],
    ),
  );
}
