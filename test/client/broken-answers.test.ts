// Answers that break in ways that only a raw socket can: at the very moment they begin, after their
// end, in another order than was asked for.

import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { describe, type TestContext, test } from "node:test";
import { inspect } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type BedrockError, textOf } from "../../src/index.ts";
import { testClient } from "../helpers/client.ts";
import {
  answerJson,
  beginStream,
  eventFrame,
  exceptionFrame,
  frame,
  scriptedServer,
  textFrames,
} from "../helpers/scripted-server.ts";

const BODY = JSON.stringify({
  output: { message: { role: "assistant", content: [{ text: "fine" }] } },
  stopReason: "end_turn",
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
  metrics: { latencyMs: 1 },
});

/** Answers the requests of each connection with raw bytes; `index` counts all requests. */
async function rawServer(
  context: TestContext,
  answer: (socket: Socket, index: number) => void,
): Promise<{ url: string; requests: () => number }> {
  let requests = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    let seen = "";
    socket.on("data", (chunk) => {
      seen += chunk.toString("latin1");
      const head = seen.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(seen)?.[1] ?? 0);
      if (head < 0 || seen.length < head + 4 + length) return;
      seen = "";
      requests += 1;
      answer(socket, requests - 1);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests: () => requests };
}

function whole(type: string, length: number, body: Buffer | string, more = ""): Buffer {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n${more}\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(body)]);
}

const JSON_TYPE = "application/json";
const STREAM_TYPE = "application/vnd.amazon.eventstream";
const STREAM = Buffer.concat(textFrames(["fine"]));

describe("an answer that cannot be read from its first bytes on", () => {
  const chunked = (type: string, body: string) =>
    Buffer.from(
      `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n\r\n${body}`,
    );
  for (const [title, bytes, isStream] of [
    ["a whole one longer than it says", whole(JSON_TYPE, BODY.length - 5, BODY), false],
    ["a whole one with a bad chunk", chunked(JSON_TYPE, `zz\r\n${BODY}`), false],
    ["a stream longer than it says", whole(STREAM_TYPE, STREAM.length - 5, STREAM), true],
    ["a stream with a bad chunk", chunked(STREAM_TYPE, "zz\r\n"), true],
  ] as const) {
    test(`is an error at once: ${title}`, async (context) => {
      const server = await rawServer(context, (socket) => socket.write(bytes));
      const llm = testClient(context, server.url, { retry: { mode: "off" } });
      const answer = isStream
        ? llm.invokeStream({ messages: "hi" }).response()
        : llm.invoke({ messages: "hi" });
      await assert.rejects(answer, (error: BedrockError) => {
        assert.ok(["StreamError", "ConnectionError"].includes(error.name), error.name);
        return true;
      });
    });
  }
});

test("a complete answer is kept, whatever comes behind it, and its connection is not", async (context) => {
  const server = await rawServer(context, (socket) => {
    socket.write(
      Buffer.concat([whole(JSON_TYPE, BODY.length, BODY), Buffer.from("HTTP/1.1 junk")]),
    );
  });
  const llm = testClient(context, server.url);
  for (let call = 0; call < 3; call++) {
    assert.equal(textOf(await llm.invoke({ messages: "hi" })), "fine");
  }
  assert.equal(server.requests(), 3);
});

test("what was said back instead of HTTP is in no error", async (context) => {
  const server = await rawServer(context, (socket) => {
    socket.end("canary-question canary-session-token, I am no HTTP server\r\n\r\n");
  });
  const llm = testClient(context, server.url);
  await assert.rejects(llm.invoke({ messages: "canary-question" }), (error: BedrockError) => {
    assert.equal(error.name, "ConnectionError");
    assert.match(error.message, /cannot be read \(HPE_/);
    const shown = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error.cause);
    assert.doesNotMatch(shown, /canary-(question|session)/);
    return true;
  });
  assert.equal(server.requests(), 1);
});

describe("a connection that was used before", () => {
  /** Answers once, and then does what a case says. */
  async function secondTime(context: TestContext, then: (socket: Socket) => void) {
    const server = await rawServer(context, (socket, index) => {
      if (index === 0) socket.write(whole(JSON_TYPE, BODY.length, BODY));
      else then(socket);
    });
    const llm = testClient(context, server.url, { retry: { mode: "off" } });
    await llm.invoke({ messages: "before" });
    await assert.rejects(llm.invoke({ messages: "again" }), { name: "ConnectionError" });
    return server.requests();
  }

  test("and breaks after a while was at work: nothing is sent again", async (context) => {
    const requests = await secondTime(context, (socket) => {
      setTimeout(() => socket.resetAndDestroy(), 1200);
    });
    assert.equal(requests, 2);
  });

  test("and breaks after the first bytes was at work: nothing is sent again", async (context) => {
    const requests = await secondTime(context, (socket) => {
      socket.write("HTTP/1.1 2", () => setTimeout(() => socket.resetAndDestroy(), 20));
    });
    assert.equal(requests, 2);
  });

  test("and answers what cannot be read was at work: nothing is sent again", async (context) => {
    const requests = await secondTime(context, (socket) => socket.end("what?\r\n\r\n"));
    assert.equal(requests, 2);
  });
});

test("an answer to half a request leaves no socket behind", async (context) => {
  const closed = new Promise<void>((resolve) => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.on("close", () => resolve());
      socket.once("data", () => {
        socket.pause();
        const headers = "x-amzn-errortype: RequestEntityTooLarge\r\ncontent-length: 2\r\n";
        socket.write(`HTTP/1.1 413 Too Large\r\n${headers}\r\n{}`);
        setTimeout(() => socket.resume(), 300);
      });
    });
    server.listen(0, "127.0.0.1", async () => {
      context.after(() => server.close());
      const { port } = server.address() as AddressInfo;
      const llm = testClient(context, `http://127.0.0.1:${port}`, { checkRequests: false });
      await assert.rejects(llm.invoke({ messages: "x".repeat(30_000_000) }), { status: 413 });
    });
  });
  await closed;
});

describe("before its first content", () => {
  const START = eventFrame("messageStart", { role: "assistant" });
  for (const [title, name, payload] of [
    ["an empty piece of text", "contentBlockDelta", { contentBlockIndex: 0, delta: { text: "" } }],
    ["an empty start of a block", "contentBlockStart", { contentBlockIndex: 0, start: {} }],
    ["what it cost", "metadata", { usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 } }],
  ] as const) {
    test(`a stream may fail behind ${title} and is asked for again`, async (context) => {
      const server = await scriptedServer(context, (_, response, index) => {
        beginStream(response);
        const failing = [
          START,
          eventFrame(name, payload),
          exceptionFrame("throttlingException", ""),
        ];
        response.end(Buffer.concat(index === 0 ? failing : textFrames(["fine"])));
      });
      const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
      let events = 0;
      for await (const _ of stream) events += 1;
      assert.deepEqual([textOf(await stream.response()), events], ["fine", 5]);
    });
  }

  test("what a stream says is told in its order, once there is content", async (context) => {
    const frames = [
      START,
      eventFrame("contentBlockStart", { contentBlockIndex: 0, start: {} }),
      eventFrame("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "" } }),
      ...textFrames(["fine"]).slice(1),
    ];
    const server = await scriptedServer(context, (_, response) => {
      beginStream(response);
      response.end(Buffer.concat(frames));
    });
    const names: unknown[] = [];
    for await (const event of testClient(context, server.url).invokeStream({ messages: "hi" })) {
      names.push(Object.keys(event)[0]);
    }
    assert.deepEqual(names, [
      "messageStart",
      "contentBlockStart",
      "contentBlockDelta",
      "contentBlockDelta",
      "contentBlockStop",
      "messageStop",
      "metadata",
    ]);
  });
});

test("an exception in mid-stream does not quote the prompt, small or large", async (context) => {
  const server = await scriptedServer(context, (_, response) => {
    beginStream(response);
    const said = "Not allowed: 'canary-question: what is in the safe?'";
    response.end(
      Buffer.concat([...textFrames(["a"]).slice(0, 2), exceptionFrame("oddException", said)]),
    );
  });
  const llm = testClient(context, server.url);
  for (const size of [1, 1000]) {
    const messages = "canary-question: what is in the safe? ".repeat(size);
    await assert.rejects(llm.invokeStream({ messages }).response(), (error: BedrockError) => {
      assert.equal(error.name, "OddException");
      assert.doesNotMatch(inspect(error, { showHidden: true }), /canary/);
      assert.match(error.message, /^Not allowed: /);
      return true;
    });
  }
});

test("a slow reader of a long stream keeps nothing of what was read", async (context) => {
  const server = await scriptedServer(context, async (_, response) => {
    beginStream(response);
    response.write(eventFrame("messageStart", { role: "assistant" }));
    const delta = eventFrame("contentBlockDelta", {
      contentBlockIndex: 0,
      delta: { text: "x".repeat(1000) },
    });
    for (let count = 0; count < 30_000 && !response.destroyed; count++) {
      if (!response.write(delta)) await once(response, "drain");
    }
    response.end();
  });
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
  const alive: WeakRef<object>[] = [];
  let events = 0;
  for await (const event of stream) {
    events += 1;
    if (events % 100 === 0) alive.push(new WeakRef(event));
    // One event for each turn of the loop, so that some always wait.
    await new Promise(setImmediate);
    if (events < 10_000) continue;
    collectGarbage();
    const kept = alive.filter((reference) => reference.deref() !== undefined).length;
    assert.ok(kept < 20, `${kept} of ${alive.length} events are still held`);
    break;
  }
});

test("a call that was cut before its first argument is no call without arguments", async (context) => {
  const start = { toolUse: { toolUseId: "t1", name: "look" } };
  const frames = [
    eventFrame("messageStart", { role: "assistant" }),
    eventFrame("contentBlockStart", { contentBlockIndex: 0, start }),
  ];
  const server = await scriptedServer(context, (_, response) => {
    beginStream(response);
    response.end(Buffer.concat(frames));
  });
  const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
  await assert.rejects(stream.response(), (error: BedrockError) => {
    const expected = [{ toolUse: { ...start.toolUse, input: "" } }];
    assert.deepEqual(error.partial?.output.message.content, expected);
    return true;
  });
});

test("a stream that has begun has a partial answer, also before its first word", async (context) => {
  const server = await scriptedServer(context, (_, response) => {
    beginStream(response);
    response.write(eventFrame("messageStart", { role: "assistant" }));
  });
  const llm = testClient(context, server.url, { timeouts: { idleMs: 30 } });
  await assert.rejects(llm.invokeStream({ messages: "hi" }).response(), (error: BedrockError) => {
    assert.deepEqual([error.name, error.status], ["TimeoutError", 200]);
    assert.deepEqual(error.partial?.output.message.content, []);
    return true;
  });
});

test("an error frame with the name of a passing fault is met with another attempt", async (context) => {
  const server = await scriptedServer(context, (_, response, index) => {
    beginStream(response);
    const failure = frame({ ":message-type": "error", ":error-code": "InternalFailure" }, {});
    response.end(index === 0 ? failure : Buffer.concat(textFrames(["fine"])));
  });
  const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
  assert.equal(textOf(await stream.response()), "fine");
});

test("a logger whose promise fails takes no process with it", async (context) => {
  const fails = (): Promise<never> => Promise.reject(new Error("disk full"));
  const logger = { debug: fails, info: fails, warn: fails, error: fails };
  const server = await scriptedServer(context, (_, response, index) => {
    if (index > 0) return answerJson(response, "fine");
    response.writeHead(503);
    response.end();
  });
  const llm = testClient(context, server.url, { logger: logger as never });
  assert.equal(textOf(await llm.invoke({ messages: "hi" })), "fine");
});

test("a signal that is not Node's own stops a call as well", async (context) => {
  const server = await scriptedServer(context, () => {});
  let stop = (): void => {};
  const foreign = {
    aborted: false,
    reason: "enough",
    addEventListener: (_: string, listener: () => void) => {
      stop = listener;
    },
    removeEventListener: () => {},
  };
  const llm = testClient(context, server.url);
  const answer = llm.invoke({ messages: "hi", signal: foreign as never });
  stop();
  await assert.rejects(answer, { name: "AbortError", cause: "enough" });
});
