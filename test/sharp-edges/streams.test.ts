// Edges 56 to 63: streams that break, stall or are left, and what may be asked again. See
// docs/sharp-edges.md.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  BedrockError,
  type BedrockLLMOptions,
  type ConverseStream,
  StreamError,
  TimeoutError,
  textOf,
} from "../../src/index.ts";
import { testClient } from "../helpers/client.ts";
import { deferred } from "../helpers/deferred.ts";
import {
  answerJson,
  beginStream,
  exceptionFrame,
  type Script,
  scriptedServer,
  textFrames,
} from "../helpers/scripted-server.ts";
import { startAsking } from "./asking.ts";

type Context = Parameters<typeof scriptedServer>[0];

const WORDS = ["Once ", "upon ", "a time"];

/** The beginning of an answer: two of its words, and no end. */
const HALF = Buffer.concat(textFrames(WORDS).slice(0, 3));
const WHOLE = Buffer.concat(textFrames(WORDS));

/** Asks for a stream, and returns how it fails. */
async function brokenBy(context: Context, script: Script, options: BedrockLLMOptions = {}) {
  const server = await scriptedServer(context, script);
  const stream = testClient(context, server.url, options).invokeStream({ messages: "hi" });
  return { ...(await failureOf(stream)), server };
}

async function failureOf(stream: ConverseStream): Promise<{ error: BedrockError; heard: string }> {
  let heard = "";
  try {
    for await (const text of stream.text()) heard += text;
  } catch (error) {
    assert.ok(error instanceof BedrockError, String(error));
    return { error, heard };
  }
  return assert.fail("came to its end");
}

describe("a stream that ends too early", () => {
  const ends: [title: string, end: (response: Parameters<Script>[1]) => void][] = [
    ["in good order", (response) => void response.end(HALF)],
    ["in the middle of a frame", (response) => void response.end(HALF.subarray(0, -5))],
  ];
  for (const [title, end] of ends) {
    test(`edge 56: ${title} is an error that holds what had come`, async (context) => {
      const { error, heard, server } = await brokenBy(context, (_, response) => {
        beginStream(response);
        end(response);
      });
      assert.ok(error instanceof StreamError && error.reason === "truncated");
      assert.equal(error.retryable, true);
      assert.equal(error.partial && textOf(error.partial), heard);
      assert.equal(error.partial?.stopReason, "", "the model had not come to its end");
      assert.equal(server.requests.length, 1);
    });
  }
});

test("edge 56: a connection that is reset under the reader is the same error", async (context) => {
  const server = await scriptedServer(context, (_, response) => {
    beginStream(response);
    response.write(HALF);
  });
  const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
  const reading = (async () => {
    for await (const _ of stream.text()) server.connections[0]?.resetAndDestroy();
  })();
  await assert.rejects(reading, { name: "StreamError", reason: "truncated", retryable: true });
  assert.equal(server.requests.length, 1);
});

describe("a stream that falls silent", () => {
  test("edge 57: fails after idleMs, with what had come, and is not asked for again", async (context) => {
    const silent: Script = (_, response) => {
      beginStream(response);
      response.write(HALF);
    };
    const { error, heard, server } = await brokenBy(context, silent, { timeouts: { idleMs: 40 } });
    assert.ok(error instanceof TimeoutError && error.phase === "idle");
    assert.equal(heard, "Once upon ");
    assert.equal(error.partial && textOf(error.partial), heard);
    assert.equal(error.retryable, false);
    assert.equal(server.requests.length, 1);
  });

  test("edge 57: before its first event fails after firstEventMs", async (context) => {
    const silent: Script = (_, response) => beginStream(response);
    const { error } = await brokenBy(context, silent, { timeouts: { firstEventMs: 40 } });
    assert.ok(error instanceof TimeoutError && error.phase === "first_event");
    assert.deepEqual(error.partial?.output.message.content, []);
  });
});

test("edge 58: nothing is asked over HTTP/2, also where it is offered", async (context) => {
  const { llm, local } = await startAsking(context);
  await llm.invoke({ messages: "hi" });
  await llm.invokeStream({ messages: "hi" }).response();
  assert.deepEqual(
    local.requests.map(({ httpVersion }) => httpVersion),
    ["1.1", "1.1"],
  );
});

test("edge 59: a kept connection that was closed meanwhile costs no attempt", async (context) => {
  const server = await scriptedServer(context, (_, response, index) => {
    if (index === 1) response.socket?.resetAndDestroy();
    else answerJson(response, "ok");
  });
  const llm = testClient(context, server.url, { retry: { mode: "off" } });
  await llm.invoke({ messages: "before a long pause" });
  const response = await llm.invoke({ messages: "after it" });
  assert.equal(textOf(response), "ok");
  assert.equal(response.$metadata?.attempts, 1);
  assert.equal(server.connections.length, 2);
});

test("edge 60: after the first words nothing is asked again; the error holds them", async (context) => {
  const { error, heard, server } = await brokenBy(context, (_, response) => {
    beginStream(response);
    response.end(Buffer.concat([HALF, exceptionFrame("serviceUnavailableException", "busy")]));
  });
  assert.equal(error.code, "ServiceUnavailableException");
  assert.equal(error.retryable, true, "whether to ask again is the caller's choice");
  assert.equal(heard, "Once upon ");
  assert.equal(error.partial && textOf(error.partial), heard);
  assert.equal(server.requests.length, 1);
});

describe("an exception as the first event", () => {
  for (const [title, name] of [
    ["edge 61: a throttle is met with another attempt", "throttlingException"],
    ["edge 61: want of capacity is met with another attempt", "serviceUnavailableException"],
    ["edge 61: a fault of the service is met with another attempt", "internalServerException"],
    ["edge 61: a fault of the model is met with another attempt", "modelStreamErrorException"],
  ] as const) {
    test(title, async (context) => {
      const server = await scriptedServer(context, (_, response, index) => {
        beginStream(response);
        response.end(index === 0 ? exceptionFrame(name, "Retry your request.") : WHOLE);
      });
      const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
      const response = await stream.response();
      assert.equal(textOf(response), WORDS.join(""));
      assert.equal(response.$metadata?.attempts, 2);
    });
  }

  test("edge 61: a refusal is told at once", async (context) => {
    const { error, server } = await brokenBy(context, (_, response) => {
      beginStream(response);
      response.end(exceptionFrame("validationException", "no"));
    });
    assert.deepEqual([error.code, error.retryable], ["ValidationException", false]);
    assert.equal(server.requests.length, 1);
  });
});

describe("an answer that takes long", () => {
  test("edge 62: is given up after responseMs, and not generated again", async (context) => {
    const server = await scriptedServer(context, () => {});
    const llm = testClient(context, server.url, { timeouts: { responseMs: 40 } });
    const error = await llm.invoke({ messages: "hi" }).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof TimeoutError && error.phase === "response");
    assert.deepEqual([error.retryable, error.attempts], [false, 1]);
    assert.equal(server.requests.length, 1);
  });

  test("edge 62: comes in the same shape from a stream, where only a silence is too long", async (context) => {
    const server = await scriptedServer(context, ({ path }, response) => {
      if (!path.endsWith("stream")) return answerJson(response, WORDS.join(""));
      beginStream(response);
      response.end(WHOLE);
    });
    const llm = testClient(context, server.url);
    const whole = await llm.invoke({ messages: "hi" });
    const streamed = await llm.invokeStream({ messages: "hi" }).response();
    assert.deepEqual(streamed, whole);
    assert.deepEqual(
      server.requests.map(({ path }) => path.slice(path.lastIndexOf("/") + 1)),
      ["converse", "converse-stream"],
    );
  });
});

describe("a call that is aborted", () => {
  for (const way of ["signal", "abort"] as const) {
    test(`edge 63: by ${way} rejects with AbortError and closes the connection`, async (context) => {
      const closed = deferred();
      const server = await scriptedServer(context, (_, response) => {
        response.on("close", () => closed.resolve());
        beginStream(response);
        response.write(HALF);
      });
      const controller = new AbortController();
      const llm = testClient(context, server.url);
      const stream = llm.invokeStream({ messages: "hi", signal: controller.signal });
      const reading = (async () => {
        for await (const _ of stream.text()) {
          if (way === "signal") controller.abort("enough");
          else stream.abort("enough");
        }
      })();
      await assert.rejects(reading, { name: "AbortError", cause: "enough", retryable: false });
      await closed.promise;
      await assert.rejects(stream.response(), { name: "AbortError" });
    });
  }

  test("edge 63: by the end of its client rejects with AbortError as well", async (context) => {
    const server = await scriptedServer(context, (_, response) => {
      beginStream(response);
      response.write(HALF);
    });
    const llm = testClient(context, server.url);
    const reading = (async () => {
      for await (const _ of llm.invokeStream({ messages: "hi" }).text()) await llm.close();
    })();
    await assert.rejects(reading, { name: "AbortError", message: "The client was closed." });
  });
});
