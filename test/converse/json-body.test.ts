import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { encodeJsonBody } from "../../src/converse/json-body.ts";
import type { ContentBlock } from "../../src/index.ts";

function body(...content: ContentBlock[]): unknown {
  return JSON.parse(encodeJsonBody({ messages: [{ role: "user", content }] }).toString());
}

function sent(...content: unknown[]): unknown {
  return { messages: [{ role: "user", content }] };
}

test("a body without bytes stays text", () => {
  assert.equal(
    typeof encodeJsonBody({ messages: [{ role: "user", content: [{ text: "hi" }] }] }),
    "string",
  );
});

describe("bytes become base64", () => {
  const bytes = new Uint8Array([0, 1, 2, 253, 254, 255]);
  const base64 = "AAEC/f7/";
  const cases: [title: string, block: ContentBlock, expected: unknown][] = [
    [
      "in an image",
      { image: { format: "png", source: { bytes } } },
      { image: { format: "png", source: { bytes: base64 } } },
    ],
    [
      "in a document",
      { document: { name: "a", format: "pdf", source: { bytes } } },
      { document: { name: "a", format: "pdf", source: { bytes: base64 } } },
    ],
    [
      "in a tool result",
      {
        toolResult: { toolUseId: "1", content: [{ image: { format: "png", source: { bytes } } }] },
      },
      {
        toolResult: {
          toolUseId: "1",
          content: [{ image: { format: "png", source: { bytes: base64 } } }],
        },
      },
    ],
    [
      "in redacted reasoning",
      { reasoningContent: { redactedContent: bytes } },
      { reasoningContent: { redactedContent: base64 } },
    ],
    [
      "in a guarded image",
      { guardContent: { image: { format: "png", source: { bytes } } } },
      { guardContent: { image: { format: "png", source: { bytes: base64 } } } },
    ],
  ];
  for (const [title, block, expected] of cases) {
    test(title, () => assert.deepEqual(body(block), sent(expected)));
  }

  test("in system blocks", () => {
    const system = [{ guardContent: { image: { format: "png" as const, source: { bytes } } } }];
    assert.deepEqual(JSON.parse(encodeJsonBody({ system }).toString()), {
      system: [{ guardContent: { image: { format: "png", source: { bytes: base64 } } } }],
    });
  });

  test("of a view into a larger buffer, and only those", () => {
    const view = new Uint8Array(Buffer.from("xxhelloxx").buffer, Buffer.from("").byteOffset, 0);
    const large = new Uint8Array([9, 9, ...bytes, 9]);
    const block = (value: Uint8Array): ContentBlock => ({
      image: { format: "png", source: { bytes: value } },
    });
    assert.deepEqual(
      body(block(large.subarray(2, 8)), block(view)),
      sent(
        { image: { format: "png", source: { bytes: base64 } } },
        { image: { format: "png", source: { bytes: "" } } },
      ),
    );
  });
});

test("bytes of another realm are bytes, and other binary data is refused", () => {
  const image = (bytes: unknown): ContentBlock =>
    ({ image: { format: "png", source: { bytes } } }) as ContentBlock;
  assert.deepEqual(body(image(runInNewContext("new Uint8Array([1, 2])"))), sent(image("AQI=")));
  for (const bytes of [new ArrayBuffer(1), new Uint16Array(1), new Blob([])]) {
    assert.throws(() => body(image(bytes)), /^TypeError: Bytes must be a Uint8Array; got a/);
  }
});

test("a circle is a TypeError, wherever it is", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  const input = circle as never;
  assert.throws(() => body({ toolUse: { toolUseId: "1", name: "a", input } }), TypeError);
  const content = [{ json: input }];
  assert.throws(() => body({ toolResult: { toolUseId: "1", content } }), TypeError);
});

test("a member newer than our types is sent by its name", () => {
  assert.deepEqual(
    body({ $unknown: ["hologram", { depth: 3 }] }),
    sent({ hologram: { depth: 3 } }),
  );
});

test("any mix of text and bytes is what JSON.stringify would write", () => {
  const block = fc.oneof(
    fc.string({ unit: "binary" }).map((text): ContentBlock => ({ text })),
    fc
      .uint8Array({ maxLength: 50 })
      .map((bytes): ContentBlock => ({ image: { format: "png", source: { bytes } } })),
  );
  fc.assert(
    fc.property(fc.array(block, { maxLength: 8 }), (content) => {
      const plain = JSON.stringify({ messages: [{ role: "user", content }] }, (_, value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
      );
      const encoded = encodeJsonBody({ messages: [{ role: "user", content }] });
      assert.equal(encoded.toString(), plain);
    }),
    { numRuns: 500 },
  );
});

test("the caller's blocks are not changed", () => {
  const block: ContentBlock = { image: { format: "png", source: { bytes: new Uint8Array([1]) } } };
  const before = structuredClone(block);
  body(block);
  assert.deepEqual(block, before);
});

test("bytes of any length are base64 as a whole", () => {
  const slice = 48 * 1024;
  for (const length of [
    0,
    1,
    2,
    3,
    slice - 1,
    slice,
    slice + 1,
    2 * slice,
    2 * slice + 1,
    3 * slice + 2,
  ]) {
    const bytes = new Uint8Array(length).map((_, index) => (index * 7919) >>> 3);
    const blocksOf = (source: object) => [{ text: "€" }, { image: { format: "png", source } }];
    const body = encodeJsonBody({
      messages: [{ role: "user", content: blocksOf({ bytes }) as ContentBlock[] }],
    });
    const base64 = { bytes: Buffer.from(bytes).toString("base64") };
    const expected = { messages: [{ role: "user", content: blocksOf(base64) }] };
    assert.equal(body.toString(), JSON.stringify(expected), `${length} bytes`);
  }
});
