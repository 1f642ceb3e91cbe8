// Histories that are kept as JSON lose their bytes there, and get them back here.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Message, normalizeMessages } from "../../src/index.ts";
import { bytesFromJson } from "../../src/messages/restore-bytes.ts";

test("bytes survive JSON, whichever kind of object they were", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
      for (const value of [bytes, Buffer.from(bytes)]) {
        assert.deepEqual(bytesFromJson(JSON.parse(JSON.stringify(value))), bytes);
      }
    }),
  );
});

test("a data URL is the base64 text inside it", () => {
  assert.equal(bytesFromJson("data:image/png;base64,AQID"), "AQID");
});

test("what is bytes already, or could be anything, is left alone", () => {
  const values = [
    Uint8Array.of(1),
    "AQID",
    "data:text/plain,hello",
    {},
    { 0: 1, 2: 3 },
    { 0: 256 },
    { 0: 1, name: "a" },
    { type: "Buffer", data: [1.5] },
    [1, 2],
    null,
  ];
  for (const value of values) assert.equal(bytesFromJson(value), undefined);
});

test("a whole history comes back from JSON as it was", () => {
  const source = { bytes: Uint8Array.of(0x89, 0x50, 0x4e, 0x47) };
  const image = { image: { format: "png", source } } as const;
  const history: Message[] = [
    {
      role: "user",
      content: [
        { text: "Look:" },
        image,
        { document: { format: "pdf", name: "report", source } },
        { guardContent: { image: { format: "png", source } } },
      ],
    },
    {
      role: "assistant",
      content: [
        { reasoningContent: { redactedContent: Uint8Array.of(1, 2, 3) } },
        { toolUse: { toolUseId: "1", name: "draw", input: {} } },
      ],
    },
    { role: "user", content: [{ toolResult: { toolUseId: "1", content: [image] } }] },
  ];
  assert.deepEqual(normalizeMessages(JSON.parse(JSON.stringify(history))), history);
});
