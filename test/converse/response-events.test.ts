// A whole answer told in events folds back into itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ResponseBuilder } from "../../src/core/response-builder.ts";
import { toEvents, WHOLE } from "../../src/core/response-events.ts";
import type { ContentBlock, ConverseResponse } from "../../src/index.ts";

const text = fc.string({ minLength: 1 });
const bytes = fc.uint8Array({ minLength: 1, maxLength: 8 });
const block: fc.Arbitrary<ContentBlock> = fc.oneof(
  text.map((value): ContentBlock => ({ text: value })),
  fc
    .record({ toolUseId: text, name: text, input: fc.dictionary(text, text) })
    .map((toolUse): ContentBlock => ({ toolUse })),
  fc
    .record({ toolUseId: text, content: fc.tuple(text.map((value) => ({ text: value }))) })
    .map((toolResult): ContentBlock => ({ toolResult })),
  fc
    .record({ text, signature: text })
    .map((reasoningText): ContentBlock => ({ reasoningContent: { reasoningText } })),
  bytes.map((redactedContent): ContentBlock => ({ reasoningContent: { redactedContent } })),
  bytes.map((value): ContentBlock => ({ image: { format: "png", source: { bytes: value } } })),
  text.map(
    (value): ContentBlock => ({
      citationsContent: { content: [{ text: value }], citations: [{ title: "t" }] },
    }),
  ),
);

test("the events of any answer fold into the answer", () => {
  fc.assert(
    fc.property(
      fc.array(block),
      fc.option(fc.constant({ a: 1 }), { nil: undefined }),
      (content, fields) => {
        const response: ConverseResponse = {
          output: { message: { role: "assistant", content } },
          stopReason: "end_turn",
          usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 },
          metrics: { latencyMs: 4 },
          serviceTier: { type: "flex" },
          ...(fields === undefined ? {} : { additionalModelResponseFields: fields }),
        };
        const builder = new ResponseBuilder();
        for (const event of toEvents(response, WHOLE)) builder.add(event);
        assert.deepEqual(structuredClone(builder.build()), structuredClone(response));
      },
    ),
  );
});
