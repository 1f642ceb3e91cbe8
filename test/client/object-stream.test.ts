// Partial objects as they grow, through the embedded endpoint: what is shown, when they begin anew, and
// what becomes of a reader who leaves.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { z } from "zod";
import type { ObjectCall } from "../../src/client/object/object-call.ts";
import type { PartialObject } from "../../src/client/object/partial-object.ts";
import { startLocalBedrock } from "../../src/local/index.ts";
import { testClient } from "../helpers/client.ts";
import { ADA, call, FORCED, NATIVE, PERSON, playModel } from "./objects.ts";

const STORY =
  "Once upon a time there was a programmer who wrote a program before there was a machine. ";
const BOOK = {
  title: "Notes",
  chapters: Array.from({ length: 6 }, (_, index) => ({ number: index, text: STORY })),
};
const BOOK_SCHEMA = {
  type: "object",
  properties: {
    title: { type: "string" },
    chapters: {
      type: "array",
      items: {
        type: "object",
        properties: { number: { type: "integer" }, text: { type: "string" } },
        required: ["number", "text"],
      },
    },
  },
  required: ["title", "chapters"],
} as const;

async function viewsOf<Value>(asked: ObjectCall<Value>): Promise<PartialObject<Value>[]> {
  const views: PartialObject<Value>[] = [];
  for await (const view of asked.stream) views.push(view);
  return views;
}

describe("partial objects", () => {
  for (const [mode, modelId, reply] of [
    ["native", NATIVE, JSON.stringify(BOOK)],
    ["tool", FORCED, call(BOOK)],
    ["prompt", FORCED, `Here you are:\n\n\`\`\`json\n${JSON.stringify(BOOK, null, 2)}\n\`\`\``],
  ] as const) {
    test(`grow, in mode ${mode}, and end with the object itself`, async (context) => {
      const { llm } = await playModel(context, [reply], { modelId });
      const asked = llm.invokeObject({ messages: "Tell", schema: BOOK_SCHEMA, mode });
      const views = await viewsOf(asked);
      const { object } = await asked;
      assert.equal(views.at(-1), object);
      assert.deepEqual(object, BOOK);
      assert.ok(views.length > 20, `${views.length} views`);
      assert.equal(new Set(views).size, views.length);
      const lengths = views.map((view) => JSON.stringify(view).length);
      assert.deepEqual(
        lengths,
        lengths.toSorted((one, other) => one - other),
      );
      assert.ok(views.some(({ chapters }) => chapters?.length === 3));
      assert.ok(views.slice(0, -1).every((view) => Object.isFrozen(view)));
    });
  }

  test("of a list are lists", async (context) => {
    const { llm } = await playModel(context, [call({ value: BOOK.chapters })], { modelId: FORCED });
    const schema = z.array(z.object({ number: z.number(), text: z.string() }));
    const views = await viewsOf(llm.invokeObject({ messages: "Tell", schema }));
    assert.ok(views.every((view) => Array.isArray(view)));
    assert.deepEqual(views.at(-1), BOOK.chapters);
    assert.ok(views.length > 20);
  });

  test("come while the answer is being written", async (context) => {
    const reply = call(BOOK);
    const local = await startLocalBedrock({
      pauseMs: 5,
      model: (request) => (typeof reply === "function" ? reply(request) : reply),
    });
    context.after(() => local.close());
    const llm = testClient(context, local.url, { modelId: FORCED });
    const asked = llm.invokeObject({ messages: "Tell", schema: BOOK_SCHEMA });
    let isOver = false;
    void asked.then(() => {
      isOver = true;
    });
    let early = 0;
    for await (const _ of asked.stream) if (!isOver) early += 1;
    assert.ok(early > 10, `${early} views`);
  });

  test("begin anew at the repair turn, and end with what is checked", async (context) => {
    const wrong = { name: "A long name that is not the one", age: "old" };
    const { llm } = await playModel(context, [call(wrong), call(ADA)], { modelId: FORCED });
    const schema = z.object({ name: z.string().transform((name) => [name]), age: z.number() });
    const asked = llm.invokeObject({ messages: "Who?", schema });
    const views = await viewsOf(asked);
    const names = views.map((view) => JSON.stringify(view));
    assert.ok(names.some((name) => name.includes("A long name")));
    assert.ok(names.some((name) => name === '{"name":"Ada"}'));
    assert.deepEqual(views.at(-1), { name: ["Ada"], age: 36 });
    assert.equal(views.at(-1), (await asked).object);
  });

  test("are there for a reader who comes late, and for one only", async (context) => {
    const { llm } = await playModel(context, [call(ADA)], { modelId: FORCED });
    const asked = llm.invokeObject({ messages: "Who?", schema: PERSON });
    const { object } = await asked;
    assert.deepEqual(await viewsOf(asked), [object]);
    await assert.rejects(viewsOf(asked), { name: "TypeError", message: /being read already/ });
  });

  test("come from the first call of the tool alone", async (context) => {
    const content = [
      { text: 'I call it with {"name":"nobody"}.' },
      ...["Ada", "Grace"].map((name, index) => ({
        toolUse: { toolUseId: `t${index}`, name: "answer", input: { name, age: 1 } },
      })),
    ];
    const { llm } = await playModel(context, [{ content }], { modelId: FORCED });
    const views = await viewsOf(llm.invokeObject({ messages: "Who?", schema: PERSON }));
    assert.doesNotMatch(JSON.stringify(views), /nobody|Gr/);
    assert.deepEqual(views.at(-1), { name: "Ada", age: 1 });
  });

  test("of a model that cannot stream with tools come with the end", async (context) => {
    const modelId = "us.meta.llama3-3-70b-instruct-v1:0";
    const { llm, asked } = await playModel(context, [call(ADA)], { modelId });
    const views = await viewsOf(llm.invokeObject({ messages: "Who?", schema: PERSON }));
    assert.deepEqual(views.at(-1), ADA);
    assert.equal(asked[0]?.operation, "converse");
  });

  test("have the types of what may be there", () => {
    type Book = { title: "a" | "b"; pages: { lines: number[] }[]; at: Date; next?: Book | null };
    const none: PartialObject<Book> = {};
    const some: PartialObject<Book> = {
      title: "half a ti",
      pages: [{}, { lines: [1] }],
      at: "2026-",
      next: { next: null },
    };
    // @ts-expect-error: a list holds no texts
    const wrong: PartialObject<Book> = { pages: ["a"] };
    const whole: PartialObject<Book> = { title: "a", pages: [], at: new Date() } satisfies Book;
    assert.ok(none && some && wrong && whole);
  });
});

describe("a reader who leaves", () => {
  test("stops the call", async (context) => {
    let hasStopped = (): void => {};
    const stopped = new Promise<void>((resolve) => {
      hasStopped = resolve;
    });
    const local = await startLocalBedrock({
      pauseMs: 20,
      model: (request) => {
        request.signal.addEventListener("abort", () => hasStopped());
        return { content: [{ toolUse: { toolUseId: "t", name: "answer", input: BOOK } }] };
      },
    });
    context.after(() => local.close());
    const llm = testClient(context, local.url, { modelId: FORCED });
    const asked = llm.invokeObject({ messages: "Tell", schema: BOOK_SCHEMA });
    for await (const { title } of asked.stream) if (title !== undefined) break;
    await assert.rejects(async () => await asked, { name: "AbortError" });
    await stopped;
    assert.equal(local.requests.length, 1);
  });

  test("after the end stops nothing", async (context) => {
    const { llm } = await playModel(context, [call(ADA)], { modelId: FORCED });
    const asked = llm.invokeObject({ messages: "Who?", schema: PERSON });
    await asked;
    for await (const _ of asked.stream) break;
    assert.deepEqual((await asked).object, ADA);
  });
});
