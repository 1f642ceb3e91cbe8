// Edges 45 to 50: documents and media, from the name to the bytes. See docs/sharp-edges.md.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ContentBlockInput, DocumentFormat, MessageInput } from "../../src/index.ts";
import type { Asked } from "./asking.ts";
import { assistant, NOVA_PRO, SONNET_4_5, startAsking, stoppedFor, user } from "./asking.ts";

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

function documentOf(name: string, format: DocumentFormat = "pdf"): ContentBlockInput {
  return { document: { format, name, source: { bytes: Buffer.from(name) } } };
}

/** The names of all documents as they were sent. */
function namesIn({ messages }: Asked["sent"]): (string | undefined)[] {
  return messages.flatMap(({ content }) =>
    content.flatMap(({ document }) => (document === undefined ? [] : [document.name])),
  );
}

describe("the name of a document", () => {
  test("edge 45: becomes a legal one, and the file extension goes", async (context) => {
    const { ask } = await startAsking(context, { modelId: SONNET_4_5 });
    const given = ["Q3  report (final).v2.pdf", "Übersicht_2026", "报告.pdf", " ", "x".repeat(300)];
    const { sent, warnings } = await ask({
      messages: [user("Compare.", ...given.map((name) => documentOf(name)))],
    });
    assert.deepEqual(namesIn(sent), [
      "Q3 report (final)-v2",
      "-bersicht_2026",
      "document-3",
      "document-4",
      "x".repeat(200),
    ]);
    assert.deepEqual(warnings, []);
  });

  test("edge 46: stays the same in every later turn, with another file of that name beside it", async (context) => {
    const { ask } = await startAsking(context, { modelId: SONNET_4_5 });
    const history: MessageInput[] = [];
    const names: string[][] = [];
    for (const question of [
      user("Read it.", documentOf("report.pdf")),
      user("And this.", documentOf("Report.docx", "docx")),
      user("Which one is longer?"),
    ]) {
      history.push(question);
      const { sent, response } = await ask({ messages: history });
      history.push(response.output.message);
      names.push(namesIn(sent).map(String));
    }
    assert.deepEqual(names, [["report"], ["report", "Report-2"], ["report", "Report-2"]]);
  });
});

describe("documents in a request", () => {
  test("edge 47: beyond the fifth stop it, history included, unless Bedrock is to judge", async (context) => {
    const asking = await startAsking(context, { modelId: SONNET_4_5 });
    const upload = (name: string) => [user("Read it.", documentOf(name)), assistant("Done.")];
    const messages = [..."abcdef"].flatMap(upload);
    messages.push(user("Compare them all."));
    assert.deepEqual(await stoppedFor(asking, { messages }), [
      ["messages.10.content.1", "documents-too-many"],
    ]);
    const { sent } = await asking.ask({ messages: messages.slice(2) });
    assert.equal(namesIn(sent).length, 5);

    const unchecked = await startAsking(context, { modelId: SONNET_4_5, checkRequests: false });
    await assert.rejects(unchecked.llm.invoke({ messages }), {
      code: "ValidationException",
      message: "You can't include more than 5 documents in a request.",
    });
    assert.equal(unchecked.local.requests.length, 1);
  });

  test("edge 48: without a word beside them get one", async (context) => {
    const { ask } = await startAsking(context, { modelId: SONNET_4_5 });
    const { sent } = await ask({ messages: [user(documentOf("report.pdf"))] });
    const [text, document] = sent.messages[0]?.content ?? [];
    assert.match(text?.text ?? "", /See the attached document/);
    assert.equal(document?.document?.name, "report");
  });
});

describe("bytes", () => {
  test("edge 49: are encoded once, also when they come from JSON as base64 already", async (context) => {
    const received: (Uint8Array | undefined)[] = [];
    const { ask } = await startAsking(context, {
      modelId: SONNET_4_5,
      model: ({ messages = [] }) => {
        received.push(messages[0]?.content[1]?.image?.source.bytes);
        return "ok";
      },
    });
    const base64 = Buffer.from(PNG).toString("base64");
    for (const bytes of [PNG, Buffer.from(PNG), base64]) {
      const image = { format: "png", source: { bytes } };
      const { sent } = await ask({ messages: [user("Look:", { image })] });
      assert.equal(String(sent.messages[0]?.content[1]?.image?.source.bytes), base64);
    }
    assert.deepEqual(received, [PNG, PNG, PNG]);
  });

  test("edge 49: of another kind of buffer are told before sending, not sent as {}", async (context) => {
    const { llm, local } = await startAsking(context);
    const image = { format: "png", source: { bytes: PNG.buffer } };
    await assert.rejects(llm.invoke({ messages: [user("Look:", { image })] }), {
      name: "TypeError",
      message: /Bytes must be a Uint8Array; got a ArrayBuffer/,
    });
    assert.equal(local.requests.length, 0);
  });

  test("edge 49: of an image decide its format, and names of formats are those of the wire", async (context) => {
    const { ask } = await startAsking(context, { modelId: NOVA_PRO });
    const { sent, warnings } = await ask({
      messages: [
        user(
          "Look:",
          { image: { format: "jpg", source: { bytes: Uint8Array.of(0xff, 0xd8, 0xff, 0xe0) } } },
          { image: { format: "jpeg", source: { bytes: PNG } } },
          { video: { format: "3gp", source: { bytes: Uint8Array.of(1, 2, 3) } } },
          { image: { format: "JPG", source: { s3Location: { uri: "s3://bucket/cat.jpg" } } } },
        ),
      ],
    });
    const [, jpeg, png, video, stored] = sent.messages[0]?.content ?? [];
    assert.equal(jpeg?.image?.format, "jpeg");
    assert.equal(png?.image?.format, "png");
    assert.equal(video?.video?.format, "three_gp");
    assert.equal(stored?.image?.format, "jpeg");
    assert.deepEqual(warnings, []);
  });
});

test("edge 50: a URL for a source stops the request; an object in S3 is for the model to take", async (context) => {
  const asking = await startAsking(context, { modelId: NOVA_PRO });
  const url = { image: { format: "png", source: { url: "https://example.com/cat.png" } } };
  const issues = await stoppedFor(asking, { messages: [user("Look:", url)] });
  assert.match(issues[0]?.[0] ?? "", /^messages\.0\.content\.1\.image\.source/);
  const s3Location = { uri: "s3://bucket/cat.png" };
  const stored = { image: { format: "png", source: { s3Location } } };
  const { sent } = await asking.ask({ messages: [user("Look:", stored)] });
  assert.deepEqual(sent.messages[0]?.content[1], stored);
});
