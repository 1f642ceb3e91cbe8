// Media: formats, sources, and the text a document needs.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runInNewContext } from "node:vm";
import type { ContentBlockInput } from "../../src/messages/message-input.ts";
import {
  assistant,
  call,
  document,
  IMAGE,
  normalized,
  PNG,
  result,
  text,
  user,
} from "./normalized.ts";

const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xe0]);
const GIF = new Uint8Array([0x47, 0x49, 0x46, 0x38, 0x39, 0x61]);
const WEBP = new Uint8Array([0x52, 0x49, 0x46, 0x46, 0, 0, 0, 0, 0x57, 0x45, 0x42, 0x50]);
const OTHER = new Uint8Array([1, 2, 3, 4]);

describe("the format of an image", () => {
  const cases: [given: string, bytes: Uint8Array, kept: string, rules: string[]][] = [
    ["png", PNG, "png", []],
    ["jpg", JPEG, "jpeg", ["unknown-value"]],
    ["JPEG", JPEG, "jpeg", ["unknown-value"]],
    ["jpeg", PNG, "png", ["image-format"]],
    ["png", JPEG, "jpeg", ["image-format"]],
    ["png", GIF, "gif", ["image-format"]],
    ["jpg", WEBP, "webp", ["unknown-value", "image-format"]],
    ["png", OTHER, "png", []],
    ["png", new Uint8Array(), "png", []],
    ["gif", WEBP.with(0, 0), "gif", []],
  ];
  for (const [given, bytes, kept, rules] of cases) {
    test(`${given} over ${Buffer.from(bytes).toString("hex").slice(0, 8)} is ${kept}`, () => {
      const image = (format: string): ContentBlockInput => ({
        image: { format, source: { bytes } },
      });
      const { messages, told } = normalized([user(image(given))]);
      assert.deepEqual(messages, [user(image(kept))]);
      assert.deepEqual(
        told,
        rules.map((rule) => `messages.0.content.0.image.format: ${rule}`),
      );
    });
  }

  test("is that of its bytes in a tool result and under a guardrail, too", () => {
    const wrong = { format: "png", source: { bytes: JPEG } } as const;
    const right = { format: "jpeg", source: { bytes: JPEG } } as const;
    const { messages, told } = normalized([
      user({ guardContent: { image: wrong } }),
      assistant(call("1")),
      user({ toolResult: { toolUseId: "1", content: { image: wrong } } }),
    ]);
    assert.deepEqual(messages[0], user({ guardContent: { image: right } }));
    assert.deepEqual(
      messages[2],
      user({ toolResult: { toolUseId: "1", content: [{ image: right }] } }),
    );
    assert.deepEqual(told, [
      "messages.0.content.0.guardContent.image.format: image-format",
      "messages.2.content.0.toolResult.content.0.image.format: image-format",
    ]);
  });

  test("is that of its bytes when they come from another realm", () => {
    const bytes = runInNewContext("new Uint8Array([0xff, 0xd8, 0xff])") as Uint8Array;
    const { messages } = normalized([
      user({ text: "cut \ud800" }, { image: { format: "png", source: { bytes } } }),
    ]);
    const image = messages[0]?.content[1]?.image;
    assert.equal(image?.format, "jpeg");
    assert.equal(image?.source.bytes, bytes);
  });

  test("stays wrong under a guardrail that cannot look at what it is", () => {
    const image = { guardContent: { image: { format: "png", source: { bytes: GIF } } } } as const;
    assert.deepEqual(normalized([user(image)]).messages, [user(image)]);
  });
});

test("the formats of other media are written as Bedrock knows them", () => {
  const source = { bytes: OTHER };
  const { messages } = normalized([
    user(
      text("q"),
      { video: { format: "3gp", source } },
      { video: { format: "MP4", source } },
      { audio: { format: "WAV", source } },
      { guardContent: { image: { format: "JPG", source } } },
      { document: { format: "htm", name: "a.html", source } },
      { document: { format: "text", name: "b.txt", source } },
    ),
  ]);
  assert.deepEqual(messages[0]?.content.slice(1), [
    { video: { format: "three_gp", source } },
    { video: { format: "mp4", source } },
    { audio: { format: "wav", source } },
    { guardContent: { image: { format: "jpeg", source } } },
    { document: { format: "html", name: "a", source } },
    { document: { format: "txt", name: "b", source } },
  ]);
});

describe("a document", () => {
  test("without a text beside it gets one, after the results", () => {
    const { messages, told } = normalized([
      user(document("a")),
      assistant(call("1")),
      user(document("b"), result("1")),
      assistant(text("ok")),
      user(document("c"), text("and?")),
    ]);
    const visible = text("(See the attached document.)");
    assert.deepEqual(messages, [
      user(visible, document("a")),
      assistant(call("1")),
      user(result("1"), visible, document("b")),
      assistant(text("ok")),
      user(document("c"), text("and?")),
    ]);
    assert.deepEqual(told, [
      "messages.2.content.0: tool-results-missing",
      "messages.0.content.0: document-without-text",
      "messages.2.content.0: document-without-text",
    ]);
  });

  test("of text is sent as a file, unless it is there to be cited", () => {
    const cited = { name: "c", source: { text: "é" }, citations: { enabled: true } };
    const { messages, told } = normalized([
      user(
        text("q"),
        { document: { name: "a", source: { text: "é" } } },
        {
          document: {
            name: "b",
            format: "md",
            source: { content: [{ text: "x" }, { text: " " }, { text: "y" }] },
            citations: { enabled: false },
          },
        },
        { document: cited },
      ),
    ]);
    const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
    assert.deepEqual(messages[0]?.content.slice(1), [
      { document: { name: "a", format: "txt", source: { bytes: bytes("é") } } },
      {
        document: {
          name: "b",
          format: "md",
          source: { bytes: bytes("x\ny") },
          citations: { enabled: false },
        },
      },
      { document: cited },
    ]);
    assert.deepEqual(told, [
      "messages.0.content.1.document.source: document-text-source",
      "messages.0.content.2.document.source.content: text-blank",
      "messages.0.content.2.document.source: document-text-source",
    ]);
  });

  test("of text is no file of another kind", () => {
    for (const [format, sent] of [
      ["pdf", "txt"],
      ["docx", "txt"],
      ["htm", "html"],
      ["csv", "csv"],
      ["txt", "txt"],
    ] as const) {
      const given = { name: "a", format, source: { text: "x" } } as never;
      const { messages } = normalized([user(text("q"), { document: given })]);
      assert.equal(messages[0]?.content[1]?.document?.format, sent);
    }
  });
});

describe("a medium of the assistant", () => {
  test("gets a user turn right after, so that calls and results stay together", () => {
    const { messages, told } = normalized([
      user(text("draw")),
      assistant(text("Here."), IMAGE, call("1")),
      user(result("1")),
    ]);
    assert.deepEqual(messages, [
      user(text("draw")),
      assistant(text("Here."), call("1")),
      user(result("1"), IMAGE),
    ]);
    assert.deepEqual(told, [
      "messages.1.content.1: media-role",
      "messages.2.content.0: roles-alternate",
      "messages.1.content.1: tool-results-missing",
    ]);
  });

  test("that follows all it says ends the conversation with the user", () => {
    const { messages } = normalized([user(text("draw")), assistant(IMAGE)]);
    assert.deepEqual(messages, [user(text("draw"), IMAGE)]);
  });
});
