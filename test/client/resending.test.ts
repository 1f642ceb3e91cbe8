// When a request is sent again and when it is not: money and words are at stake.

import assert from "node:assert/strict";
import { type AddressInfo, createServer } from "node:net";
import { describe, test } from "node:test";
import {
  type BedrockError,
  type ConverseStreamEvent,
  TimeoutError,
  textOf,
} from "../../src/index.ts";
import { testClient } from "../helpers/client.ts";
import { deferred } from "../helpers/deferred.ts";
import {
  answerError,
  answerJson,
  beginStream,
  eventFrame,
  exceptionFrame,
  scriptedServer,
  textFrames,
} from "../helpers/scripted-server.ts";

const START = eventFrame("messageStart", { role: "assistant" });

async function eventsOf(
  stream: AsyncIterable<ConverseStreamEvent>,
): Promise<ConverseStreamEvent[]> {
  const events: ConverseStreamEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

describe("a stream that fails before its first content", () => {
  for (const [title, rest] of [
    ["by an exception", [exceptionFrame("modelStreamErrorException", "stumbled")]],
    ["by its end", []],
  ] as const) {
    test(`${title} is asked for again, and its start is told once`, async (context) => {
      const server = await scriptedServer(context, (_, response, index) => {
        beginStream(response);
        const frames = index < 2 ? [START, ...rest] : textFrames(["fine"]);
        response.end(Buffer.concat(frames));
      });
      const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
      const names = (await eventsOf(stream)).map((event) => Object.keys(event)[0]);
      assert.deepEqual(names, [
        "messageStart",
        "contentBlockDelta",
        "contentBlockStop",
        "messageStop",
        "metadata",
      ]);
      const response = await stream.response();
      assert.deepEqual([textOf(response), response.$metadata?.attempts], ["fine", 3]);
    });
  }

  test("tells its start at once, and waits for nothing to do so", async (context) => {
    const goOn = deferred();
    const server = await scriptedServer(context, async (_, response) => {
      beginStream(response);
      response.write(START);
      await goOn.promise;
      response.end(Buffer.concat(textFrames(["fine"]).slice(1)));
    });
    const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
    const events = stream[Symbol.asyncIterator]();
    assert.deepEqual((await events.next()).value, { messageStart: { role: "assistant" } });
    goOn.resolve();
    assert.equal(textOf(await stream.response()), "fine");
  });

  test("every time is an error with an empty partial answer", async (context) => {
    const server = await scriptedServer(context, (_, response) => {
      beginStream(response);
      response.end(START);
    });
    const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
    await assert.rejects(stream.response(), (error: BedrockError) => {
      assert.deepEqual([error.name, error.attempts, error.retryable], ["StreamError", 3, true]);
      assert.deepEqual(error.partial?.output.message.content, []);
      return true;
    });
    assert.equal(server.requests.length, 3);
  });
});

describe("a request that was sent and not answered in time", () => {
  test("is not sent again", async (context) => {
    const server = await scriptedServer(context, () => {});
    const llm = testClient(context, server.url, { timeouts: { firstEventMs: 30, responseMs: 60 } });
    await assert.rejects(llm.invoke({ messages: "hi" }), { name: "TimeoutError" });
    await assert.rejects(llm.invokeStream({ messages: "hi" }).response(), { name: "TimeoutError" });
    assert.equal(server.requests.length, 2);
  });

  test("is sent again by who says so, whole or streamed", async (context) => {
    const server = await scriptedServer(context, ({ path }, response, index) => {
      if (index % 2 === 0) return;
      if (path.endsWith("converse")) return answerJson(response, "fine");
      beginStream(response);
      response.end(Buffer.concat(textFrames(["fine"])));
    });
    const llm = testClient(context, server.url, { retry: { attemptTimeoutMs: 60 } });
    const whole = await llm.invoke({ messages: "hi" });
    const streamed = await llm.invokeStream({ messages: "hi" }).response();
    assert.deepEqual(
      [whole, streamed].map((response) => [textOf(response), response.$metadata?.attempts]),
      [
        ["fine", 2],
        ["fine", 2],
      ],
    );
  });

  test("in any attempt is the error of the last one", async (context) => {
    const server = await scriptedServer(context, () => {});
    const llm = testClient(context, server.url);
    const retry = { attemptTimeoutMs: 20, maxAttempts: 2 };
    await assert.rejects(llm.invoke({ messages: "hi", retry }), (error) => {
      assert.ok(error instanceof TimeoutError);
      assert.deepEqual([error.phase, error.attempts], ["response", 2]);
      assert.match(String(error.hint), /raise `retry\.attemptTimeoutMs`/);
      return true;
    });
  });
});

describe("the deadline of a call", () => {
  test("bounds all attempts and the waits between them", async (context) => {
    const server = await scriptedServer(context, (_, response, index) => {
      if (index === 0) answerError(response, 503, "ServiceUnavailableException", "no");
    });
    const llm = testClient(context, server.url, { timeouts: { responseMs: 150 } });
    await assert.rejects(llm.invoke({ messages: "hi" }), (error) => {
      assert.ok(error instanceof TimeoutError);
      assert.deepEqual([error.phase, error.attempts], ["response", 2]);
      assert.ok(error.elapsedMs >= 149);
      return true;
    });
  });

  test("is not waited for when the service asks for more patience than it leaves", async (context) => {
    const server = await scriptedServer(context, (_, response) =>
      answerError(response, 429, "ThrottlingException", "slow", { "retry-after": "20" }),
    );
    const llm = testClient(context, server.url, { timeouts: { responseMs: 10_000 } });
    await assert.rejects(llm.invoke({ messages: "hi" }), {
      name: "ThrottlingException",
      retryAfterMs: 20_000,
      attempts: 1,
    });
  });
});

test("a call that waits for a connection in vain is told why, once", async (context) => {
  const arrived = deferred();
  const server = await scriptedServer(context, () => arrived.resolve());
  const llm = testClient(context, server.url, { maxConnections: 1 });
  llm.invoke({ messages: "takes the only connection" }).catch(() => {});
  await arrived.promise;
  await assert.rejects(llm.invoke({ messages: "waits", timeouts: { connectMs: 30 } }), (error) => {
    assert.ok(error instanceof TimeoutError);
    assert.deepEqual([error.phase, error.attempts, error.retryable], ["connect", 0, true]);
    assert.match(error.message, /for a connection to come free: all 1 are in use/);
    assert.match(String(error.hint), /maxConnections/);
    return true;
  });
  assert.equal(server.requests.length, 1);
});

test("a request that breaks every connection is sent once more at no cost, and then counted", async (context) => {
  let isBroken = false;
  let requests = 0;
  const body = '{"output":{"message":{"role":"assistant","content":[]}},"stopReason":"end_turn"}';
  const answer = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      if (!chunk.includes("}")) return;
      if (isBroken) {
        requests += 1;
        socket.resetAndDestroy();
      } else {
        // All at once, so that each gets a connection of its own.
        setTimeout(() => socket.write(answer), 50);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const llm = testClient(context, `http://127.0.0.1:${port}`);
  await Promise.all(Array.from({ length: 20 }, () => llm.invoke({ messages: "before" })));
  isBroken = true;
  await assert.rejects(llm.invoke({ messages: "poison" }), {
    name: "ConnectionError",
    attempts: 3,
  });
  assert.equal(requests, 4);
});

test("a whole answer that was cut, and closed as if it were complete, is asked for again", async (context) => {
  const server = await scriptedServer(context, (_, response, index) => {
    if (index === 1) return answerJson(response, "fine");
    response.setHeader("content-type", "application/json");
    response.end('{"output":{"message":{"role":"assistant","content":[{"text":"fi');
  });
  const response = await testClient(context, server.url).invoke({ messages: "hi" });
  assert.deepEqual([textOf(response), response.$metadata?.attempts], ["fine", 2]);
});

describe("what is no answer of Bedrock's", () => {
  for (const operation of ["invoke", "invokeStream"] as const) {
    test(`is told with its status and type by ${operation}, unread and at once`, async (context) => {
      const server = await scriptedServer(context, (_, response) => {
        response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
        // And never ends.
        response.write("<html>please sign in");
      });
      const llm = testClient(context, server.url);
      const answer =
        operation === "invoke"
          ? llm.invoke({ messages: "hi" })
          : llm.invokeStream({ messages: "hi" }).response();
      await assert.rejects(answer, {
        name: "StreamError",
        reason: "protocol",
        status: 200,
        attempts: 1,
        message: /^The endpoint answered 200 with text\/html; charset=utf-8 instead of /,
      });
    });
  }
});
