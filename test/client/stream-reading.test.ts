// How a stream is read: asked ahead, left early, looked at in two ways.

import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { AbortError, type BedrockError } from "../../src/index.ts";
import { testClient } from "../helpers/client.ts";
import { deferred } from "../helpers/deferred.ts";
import { beginStream, eventFrame, scriptedServer, textFrames } from "../helpers/scripted-server.ts";

const WORDS = ["Once ", "upon ", "a ", "time."];

test("text that is asked for ahead comes in order, whatever stands between the pieces", async (context) => {
  const [start = Buffer.alloc(0), ...rest] = textFrames(WORDS);
  const server = await scriptedServer(context, async (_request, response) => {
    beginStream(response);
    for (const frame of [start, ...rest.flatMap((one) => [eventFrame("newer", {}), one])]) {
      response.write(frame);
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  });
  const texts = testClient(context, server.url).invokeStream({ messages: "hi" }).text();
  const asked = Array.from({ length: WORDS.length + 2 }, () => texts.next());
  const results = await Promise.all(asked);
  assert.deepEqual(
    results.map(({ value }) => value),
    [...WORDS, undefined, undefined],
  );
  assert.deepEqual(await texts.next(), { done: true, value: undefined });
});

test("text that nobody asks for is not reading", async (context) => {
  const server = await scriptedServer(context, (_request, response) => {
    beginStream(response);
    response.end(Buffer.concat(textFrames(WORDS)));
  });
  const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
  const unread = stream.text();
  let text = "";
  for await (const piece of stream.text()) text += piece;
  assert.equal(text, WORDS.join(""));
  await assert.rejects(unread.next(), /TypeError: This stream is being read already/);
  assert.deepEqual(await unread.next(), { done: true, value: undefined });
});

test("text that is left before it was asked for leaves the stream alone", async (context) => {
  const server = await scriptedServer(context, (_request, response) => {
    beginStream(response);
    response.end(Buffer.concat(textFrames(WORDS)));
  });
  const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
  const texts = stream.text();
  assert.deepEqual(await texts.return(undefined), { done: true, value: undefined });
  assert.deepEqual(await texts.next(), { done: true, value: undefined });
  assert.equal((await stream.response()).stopReason, "end_turn");
});

test("leaving while a piece is awaited ends the wait and closes the connection", async (context) => {
  const closed = deferred<void>();
  const server = await scriptedServer(context, (_request, response) => {
    beginStream(response);
    response.write(
      textFrames(WORDS)
        .slice(0, 2)
        .reduce((one, next) => Buffer.concat([one, next])),
    );
    void once(response, "close").then(() => closed.resolve());
  });
  const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
  const texts = stream.text();
  assert.equal((await texts.next()).value, WORDS[0]);
  const awaited = texts.next();
  assert.deepEqual(await texts.return(undefined), { done: true, value: undefined });
  assert.deepEqual(await awaited, { done: true, value: undefined });
  await closed.promise;
  await assert.rejects(stream.response(), AbortError);
});

test("a signal that fires is met at the next piece, before what has arrived", async (context) => {
  const server = await scriptedServer(context, (_request, response) => {
    beginStream(response);
    response.end(Buffer.concat(textFrames(WORDS)));
  });
  const controller = new AbortController();
  const { signal } = controller;
  const stream = testClient(context, server.url).invokeStream({ messages: "hi", signal });
  const texts = stream.text();
  assert.equal((await texts.next()).value, WORDS[0]);
  controller.abort("enough");
  await assert.rejects(texts.next(), (error: BedrockError) => {
    assert.deepEqual([error.name, error.cause], ["AbortError", "enough"]);
    return true;
  });
  assert.deepEqual(await texts.next(), { done: true, value: undefined });
});
