// Results of MCP become results of Converse: what can be shown is shown, the rest is named, nothing throws.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { toErrorText, toToolOutput } from "../../src/mcp/to-tool-output.ts";
import { toResultContent } from "../../src/tools/result-content.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const block = (item: unknown): unknown => toToolOutput({ content: [item] })[0];

test("text stays text", () => {
  assert.deepEqual(block({ type: "text", text: "hello" }), { text: "hello" });
});

test("pictures are decoded, by the type they are said to have", () => {
  const types = [
    ["image/png", "png"],
    ["image/jpeg", "jpeg"],
    ["image/jpg", "jpeg"],
    ["IMAGE/GIF", "gif"],
    ["image/webp; q=1", "webp"],
  ];
  for (const [mimeType, format] of types) {
    assert.deepEqual(block({ type: "image", data: base64("pixels"), mimeType }), {
      image: { format, source: { bytes: new TextEncoder().encode("pixels") } },
    });
  }
});

test("what cannot be shown is named", () => {
  const notes: [unknown, string][] = [
    [
      { type: "image", data: base64("<svg/>"), mimeType: "image/svg+xml" },
      "image/svg+xml, 6 bytes",
    ],
    [{ type: "audio", data: base64("sound"), mimeType: "audio/wav" }, "audio/wav, 5 bytes"],
    [{ type: "image", data: "***", mimeType: "image/png" }, "image/png, which is not base64"],
    [{ type: "image", data: "", mimeType: "image/png" }, "image/png, which is empty"],
    [{ type: "hologram" }, "a block of type hologram"],
    [{ type: "text" }, "a block without text"],
    [{ type: "resource", resource: null }, "a resource that is none"],
    [
      { type: "resource", resource: { uri: "file:///a.bin", blob: base64("abc") } },
      "data from file:///a.bin, 3 bytes",
    ],
    [7, "a block that is none"],
  ];
  for (const [item, what] of notes) assert.deepEqual(block(item), { text: `[Left out: ${what}.]` });
});

test("resources become text, pictures or documents", () => {
  const resource = (members: object): unknown => ({ type: "resource", resource: members });
  assert.deepEqual(block(resource({ uri: "file:///a.txt", text: "inside" })), { text: "inside" });
  assert.deepEqual(
    block(
      resource({
        uri: "file:///x/Q1%20report.pdf?v=2",
        mimeType: "application/pdf",
        blob: base64("%PDF"),
      }),
    ),
    {
      document: {
        format: "pdf",
        name: "Q1 report.pdf",
        source: { bytes: new TextEncoder().encode("%PDF") },
      },
    },
  );
  assert.deepEqual(block(resource({ mimeType: "text/csv", blob: base64("a,b") })), {
    document: {
      format: "csv",
      name: "document",
      source: { bytes: new TextEncoder().encode("a,b") },
    },
  });
});

test("a link to a resource becomes a line", () => {
  const link = {
    type: "resource_link",
    name: "a.txt",
    uri: "file:///a.txt",
    mimeType: "text/plain",
  };
  assert.deepEqual(block(link), { text: "a.txt (text/plain): file:///a.txt" });
  assert.deepEqual(block({ ...link, title: "A", description: "First." }), {
    text: "A (text/plain): file:///a.txt\nFirst.",
  });
});

test("structured content counts where there is no other", () => {
  const structuredContent = { temperature: 20 };
  assert.deepEqual(toToolOutput({ content: [], structuredContent }), [{ json: structuredContent }]);
  const content = [{ type: "text", text: "20" }];
  assert.deepEqual(toToolOutput({ content, structuredContent }), [{ text: "20" }]);
  assert.deepEqual(toToolOutput({ content: [] }), []);
});

test("a failure is told in the tool's own words, or said to have none", () => {
  const content = [
    { type: "text", text: "first" },
    { type: "text", text: "second" },
  ];
  assert.equal(toErrorText({ content }), "first\nsecond");
  assert.equal(toErrorText({ structuredContent: { why: "x" } }), '{"why":"x"}');
  assert.equal(
    toErrorText({ content: [{ type: "text", text: " " }] }),
    "The tool failed without saying why.",
  );
});

const contents = fc.array(
  fc.oneof(
    fc.anything(),
    fc.record(
      {
        type: fc.constantFrom("text", "image", "audio", "resource", "resource_link", "new"),
        text: fc.oneof(fc.string(), fc.anything()),
        data: fc.oneof(fc.base64String(), fc.anything()),
        mimeType: fc.oneof(fc.constantFrom("image/png", "text/csv", "audio/wav"), fc.anything()),
        uri: fc.oneof(fc.webUrl(), fc.constant("file:///%zz"), fc.anything()),
        resource: fc.record(
          { uri: fc.string(), text: fc.anything(), blob: fc.base64String(), mimeType: fc.string() },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: ["type"] },
    ),
  ),
);

test("whatever a server sends, each item becomes one block that a result may hold", () => {
  fc.assert(
    fc.property(contents, fc.jsonValue(), (content, structuredContent) => {
      const output = toToolOutput({ content, structuredContent });
      assert.equal(output.length, content.length || 1);
      for (const one of output) {
        const names = Object.keys(one);
        assert.equal(names.length, 1);
        assert.match(names[0] ?? "", /^(text|image|document|json)$/);
      }
      assert.equal(toResultContent(output).status, "success");
      assert.equal(typeof toErrorText({ content, structuredContent }), "string");
    }),
    { numRuns: 1000 },
  );
});

test("bytes survive the way", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
      const data = Buffer.from(bytes).toString("base64");
      const [one] = toToolOutput({ content: [{ type: "image", data, mimeType: "image/png" }] });
      assert.deepEqual(one?.image?.source.bytes, bytes);
    }),
  );
});

test("what is no result at all is no output", () => {
  fc.assert(fc.property(fc.anything(), (value) => void toToolOutput(value)));
});
