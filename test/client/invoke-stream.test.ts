// `invokeStream` through real sockets: every way to read it, and every way it can go wrong.

import assert from "node:assert/strict";
import { getEventListeners, once } from "node:events";
import type { ServerResponse } from "node:http";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import {
  AbortError,
  type BedrockError,
  type ConverseStream,
  type ConverseStreamEvent,
  StreamError,
  TimeoutError,
  textOf,
} from "../../src/index.ts";
import { TEST_CREDENTIALS, testClient } from "../helpers/client.ts";
import { deferred } from "../helpers/deferred.ts";
import {
  answerError,
  answerJson,
  beginStream,
  eventFrame,
  exceptionFrame,
  frame,
  scriptedServer,
  textFrames,
} from "../helpers/scripted-server.ts";

const WORDS = ["Once ", "upon ", "a ", "time."];

async function eventsOf(stream: ConverseStream): Promise<ConverseStreamEvent[]> {
  const events: ConverseStreamEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

/** The error that iteration, `text()` and `response()` all must give. */
async function errorOf(makeStream: () => ConverseStream): Promise<BedrockError> {
  const rejections = await Promise.all([
    eventsOf(makeStream()).catch((error: unknown) => error),
    (async () => {
      for await (const _ of makeStream().text());
    })().catch((error: unknown) => error),
    makeStream()
      .response()
      .catch((error: unknown) => error),
  ]);
  const [first, ...others] = rejections as [BedrockError, BedrockError, BedrockError];
  for (const other of others) {
    assert.deepEqual([other?.name, other?.message], [first?.name, first?.message]);
  }
  return first;
}

function streamOf(frames: readonly Buffer[]) {
  return (_: unknown, response: ServerResponse): void => {
    beginStream(response);
    response.end(Buffer.concat(frames));
  };
}

describe("reading a stream", () => {
  test("events come in wire order, without the padding", async (context) => {
    const server = await scriptedServer(context, streamOf(textFrames(WORDS)));
    const stream = testClient(context, server.url).invokeStream({ messages: "Tell me a story" });
    assert.deepEqual(await eventsOf(stream), [
      { messageStart: { role: "assistant" } },
      ...WORDS.map((text) => ({ contentBlockDelta: { contentBlockIndex: 0, delta: { text } } })),
      { contentBlockStop: { contentBlockIndex: 0 } },
      { messageStop: { stopReason: "end_turn" } },
      {
        metadata: {
          usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
          metrics: { latencyMs: 7 },
        },
      },
    ]);
    assert.equal(server.requests[0]?.path, "/model/us.test.model-v1%3A0/converse-stream");
    assert.equal(server.requests[0]?.headers.accept, "application/vnd.amazon.eventstream");
  });

  test("an event is delivered before the next one is sent", async (context) => {
    const frames = textFrames(WORDS);
    const next = [deferred(), deferred()];
    const server = await scriptedServer(context, async (_, response) => {
      beginStream(response);
      response.write(frames[0]);
      await next[0]?.promise;
      response.write(frames[1]);
      await next[1]?.promise;
      response.end(Buffer.concat(frames.slice(2)));
    });
    const iterator = testClient(context, server.url)
      .invokeStream({ messages: "hi" })
      [Symbol.asyncIterator]();
    assert.ok((await iterator.next()).value?.messageStart);
    next[0]?.resolve();
    assert.equal((await iterator.next()).value?.contentBlockDelta?.delta.text, "Once ");
    next[1]?.resolve();
    assert.equal((await iterator.next()).value?.contentBlockDelta?.delta.text, "upon ");
  });

  test("text() gives the text, and response() afterwards the whole", async (context) => {
    const server = await scriptedServer(context, streamOf(textFrames(WORDS)));
    const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
    const texts: string[] = [];
    for await (const text of stream.text()) texts.push(text);
    assert.deepEqual(texts, WORDS);
    assert.equal(textOf(await stream.response()), WORDS.join(""));
  });

  test("response() has the shape of invoke()", async (context) => {
    const server = await scriptedServer(context, (request, response) =>
      request.path.endsWith("/converse")
        ? answerJson(response, WORDS.join(""))
        : streamOf(textFrames(WORDS))(request, response),
    );
    const llm = testClient(context, server.url);
    const streamed = await llm.invokeStream({ messages: "hi" }).response();
    assert.deepEqual(streamed, await llm.invoke({ messages: "hi" }));
  });

  test("response() can be asked while a loop reads, and takes nothing from it", async (context) => {
    const server = await scriptedServer(context, streamOf(textFrames(WORDS)));
    const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
    const [events, response] = await Promise.all([eventsOf(stream), stream.response()]);
    assert.equal(events.length, 8);
    assert.equal(textOf(response), WORDS.join(""));
  });

  test("response() can be asked before a loop reads, and takes nothing from it", async (context) => {
    const frames = textFrames(WORDS);
    const server = await scriptedServer(context, async (_, response) => {
      beginStream(response);
      for (const part of frames) {
        response.write(part);
        await new Promise(setImmediate);
      }
      response.end();
    });
    const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
    const whole = stream.response();
    assert.equal((await eventsOf(stream)).length, 8);
    assert.equal(textOf(await whole), WORDS.join(""));
  });

  test("a reader who comes after events have gone by is told", async (context) => {
    const server = await scriptedServer(context, streamOf(textFrames(WORDS)));
    const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
    await stream.response();
    await assert.rejects(() => eventsOf(stream), /TypeError: response\(\) was asked for first/);
  });

  test("events may be asked for ahead, and an iterator may be looped over", async (context) => {
    const server = await scriptedServer(context, streamOf(textFrames(WORDS)));
    const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
    const iterator = stream[Symbol.asyncIterator]();
    const asked = await Promise.all([iterator.next(), iterator.next(), iterator.next()]);
    const texts = asked.map(({ value }) => value?.contentBlockDelta?.delta.text);
    assert.deepEqual(texts, [undefined, "Once ", "upon "]);
    let rest = 0;
    for await (const _ of iterator) rest += 1;
    assert.equal(rest, 5);
  });

  test("an answer whose cost was not told says so", async (context) => {
    const server = await scriptedServer(context, streamOf(textFrames(WORDS).slice(0, -1)));
    const llm = testClient(context, server.url);
    const response = await llm.invokeStream({ messages: "hi" }).response();
    assert.equal(response.$metadata?.usageMissing, true);
  });

  test("an answer whose cost was told twice counts the last, and the log hears of it once", async (context) => {
    const usage = { inputTokens: 9, outputTokens: 9, totalTokens: 18 };
    const again = eventFrame("metadata", { usage, metrics: { latencyMs: 1 } });
    const server = await scriptedServer(context, streamOf([...textFrames(WORDS), again]));
    const warnings: unknown[] = [];
    const silent = () => {};
    const warn = (message: unknown) => warnings.push(message);
    const logger = { debug: silent, info: silent, warn, error: silent };
    const llm = testClient(context, server.url, { logger });
    for (let call = 0; call < 2; call++) {
      assert.deepEqual((await llm.invokeStream({ messages: "hi" }).response()).usage, usage);
    }
    assert.equal(warnings.length, 1);
    assert.match(String(warnings[0]), /told twice what the answer cost/);
  });

  test("a second reader is a TypeError", async (context) => {
    const server = await scriptedServer(context, streamOf(textFrames(WORDS)));
    const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
    await eventsOf(stream);
    await assert.rejects(() => eventsOf(stream), TypeError);
  });

  test("a tool call is folded from its fragments", async (context) => {
    const delta = (input: string) =>
      eventFrame("contentBlockDelta", { contentBlockIndex: 1, delta: { toolUse: { input } } });
    const server = await scriptedServer(
      context,
      streamOf([
        eventFrame("messageStart", { role: "assistant" }),
        eventFrame("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "Looking." } }),
        eventFrame("contentBlockStop", { contentBlockIndex: 0 }),
        eventFrame("contentBlockStart", {
          contentBlockIndex: 1,
          start: { toolUse: { toolUseId: "t1", name: "get_weather" } },
        }),
        delta('{"loca'),
        delta('tion":"Tokyo"}'),
        eventFrame("contentBlockStop", { contentBlockIndex: 1 }),
        eventFrame("messageStop", { stopReason: "tool_use" }),
      ]),
    );
    const response = await testClient(context, server.url)
      .invokeStream({ messages: "hi" })
      .response();
    assert.equal(response.stopReason, "tool_use");
    assert.deepEqual(response.output.message.content, [
      { text: "Looking." },
      { toolUse: { toolUseId: "t1", name: "get_weather", input: { location: "Tokyo" } } },
    ]);
  });

  test("an event newer than its types passes through by its name", async (context) => {
    const frames = textFrames(WORDS);
    frames.splice(1, 0, eventFrame("somethingNew", { a: 1 }));
    const server = await scriptedServer(context, streamOf(frames));
    const events = await eventsOf(testClient(context, server.url).invokeStream({ messages: "hi" }));
    assert.deepEqual(events[1], { somethingNew: { a: 1 } });
  });
});

describe("a stream that does not come to its end", () => {
  test("is an error at every byte it can be cut at, and tells what had arrived", async (context) => {
    const frames = textFrames(["Hel", "lo"]);
    const whole = Buffer.concat(frames);
    const complete = whole.length - (frames.at(-1)?.length ?? 0);
    const server = await scriptedServer(context, (request, response) => {
      const cut = Number(JSON.parse(request.body).messages[0].content[0].text);
      beginStream(response);
      response.end(whole.subarray(0, cut));
    });
    const llm = testClient(context, server.url, { retry: { mode: "off" } });
    for (let cut = 1; cut < whole.length; cut++) {
      const outcome: unknown = await llm
        .invokeStream({ messages: String(cut) })
        .response()
        .catch((error: unknown) => error);
      // From the end of messageStop on the answer is whole; only its usage may be missing.
      if (cut === complete) continue;
      assert.ok(outcome instanceof StreamError, `cut at ${cut} of ${whole.length} went unnoticed`);
      assert.equal(outcome.reason, "truncated");
    }
  });

  test("keeps what arrived, readable but not printed", async (context) => {
    const server = await scriptedServer(context, (_, response) => {
      beginStream(response);
      response.write(Buffer.concat(textFrames(["canary-answer"]).slice(0, 2)), () =>
        setImmediate(() => response.destroy()),
      );
    });
    const error = await errorOf(() =>
      testClient(context, server.url).invokeStream({ messages: "canary-prompt" }),
    );
    assert.ok(error instanceof StreamError && error.reason === "truncated" && error.retryable);
    assert.ok(error.partial !== undefined && textOf(error.partial) === "canary-answer");
    assert.equal(error.requestId, "request-1");
    assert.doesNotMatch(inspect(error, { depth: 20 }) + JSON.stringify(error), /canary/);
  });

  test("an exception in the stream has the AWS name", async (context) => {
    const server = await scriptedServer(
      context,
      streamOf([
        ...textFrames(WORDS).slice(0, 3),
        exceptionFrame("modelStreamErrorException", "It broke."),
      ]),
    );
    const error = await errorOf(() =>
      testClient(context, server.url).invokeStream({ messages: "hi" }),
    );
    assert.equal(error.name, "ModelStreamErrorException");
    assert.equal(error.message, "It broke.");
    assert.ok(error.partial !== undefined && textOf(error.partial) === "Once upon ");
  });

  test("an exception of no known name and an error frame are errors too", async (context) => {
    const frames = [
      exceptionFrame("brandNewException", "new"),
      frame({ ":message-type": "error", ":error-code": "OddCode", ":error-message": "odd" }, {}),
    ];
    const server = await scriptedServer(context, (request, response) => {
      const which = Number(JSON.parse(request.body).messages[0].content[0].text);
      streamOf([...textFrames(WORDS).slice(0, 2), frames[which] as Buffer])(request, response);
    });
    const llm = testClient(context, server.url);
    const [one, other] = await Promise.all(
      ["0", "1"].map((which) => errorOf(() => llm.invokeStream({ messages: which }))),
    );
    assert.deepEqual([one?.name, one?.message], ["BrandNewException", "new"]);
    assert.deepEqual([other?.name, other?.message], ["OddCode", "odd"]);
  });

  for (const [title, payload] of [
    ["no JSON", "<html>"],
    ["no object", "[1]"],
    ["nothing", ""],
  ] as const) {
    test(`an exception that says ${title} has its name all the same`, async (context) => {
      const headers = { ":message-type": "exception", ":exception-type": "brandNewException" };
      const frames = [...textFrames(WORDS).slice(0, 2), frame(headers, payload)];
      const server = await scriptedServer(context, streamOf(frames));
      const error = await errorOf(() =>
        testClient(context, server.url).invokeStream({ messages: "hi" }),
      );
      assert.equal(error.name, "BrandNewException");
      assert.equal(error.message, "Bedrock ended the stream with an error.");
    });
  }

  test("an exception after the model has stopped is an error, with the whole answer beside it", async (context) => {
    const frames = [...textFrames(WORDS), exceptionFrame("internalServerException", "late")];
    const server = await scriptedServer(context, streamOf(frames));
    const error = await errorOf(() =>
      testClient(context, server.url).invokeStream({ messages: "hi" }),
    );
    assert.equal(error.name, "InternalServerException");
    assert.equal(error.partial?.stopReason, "end_turn");
    assert.ok(error.partial !== undefined && textOf(error.partial) === WORDS.join(""));
  });

  const delta = (value: object) => ({ contentBlockIndex: 0, delta: value });
  const malformed: [title: string, name: string, payload: object][] = [
    ["a delta without a delta", "contentBlockDelta", { contentBlockIndex: 0 }],
    ["a delta without an index", "contentBlockDelta", { delta: { text: "x" } }],
    ["a delta that is null", "contentBlockDelta", { contentBlockIndex: 0, delta: null }],
    [
      "redacted bytes that are a number",
      "contentBlockDelta",
      delta({ reasoningContent: { redactedContent: 5 } }),
    ],
    [
      "image bytes that are a number",
      "contentBlockDelta",
      delta({ image: { source: { bytes: 5 } } }),
    ],
    ["an end without a reason", "messageStop", {}],
  ];
  for (const [title, name, payload] of malformed) {
    test(`${title} is a protocol error, and no reason to ask again`, async (context) => {
      const frames = [...textFrames(WORDS).slice(0, 2), eventFrame(name, payload)];
      const server = await scriptedServer(context, streamOf([...frames, ...textFrames([])]));
      const llm = testClient(context, server.url);
      const error = await errorOf(() => llm.invokeStream({ messages: "hi" }));
      assert.ok(error instanceof StreamError && error.reason === "protocol" && !error.retryable);
      assert.ok(error.partial !== undefined && textOf(error.partial) === "Once ");
    });
  }

  test("the name in a frame is repeated only when it is one, and secrets never", async (context) => {
    const headers = {
      ":message-type": "error",
      ":error-code": "\u001b[31mBad\nName",
      ":error-message": `token ${TEST_CREDENTIALS.sessionToken}`,
    };
    const server = await scriptedServer(context, streamOf([frame(headers, {})]));
    const llm = testClient(context, server.url);
    const error = await errorOf(() => llm.invokeStream({ messages: "hi" }));
    assert.deepEqual([error.name, error.message], ["UnknownServiceException", "token [redacted]"]);
    assert.deepEqual([error.requestId, error.status], ["request-1", 200]);
    assert.doesNotMatch(inspect(error, { showHidden: true }), /canary/);
  });

  test("a name in a frame that is a secret is none", async (context) => {
    const apiKey = "canarySecretName";
    const frames = [
      exceptionFrame(apiKey, "no"),
      frame({ ":message-type": "error", ":error-code": apiKey }, {}),
    ];
    for (const failure of frames) {
      const server = await scriptedServer(context, streamOf([failure]));
      const llm = testClient(context, server.url, { apiKey });
      const error = await errorOf(() => llm.invokeStream({ messages: "hi" }));
      assert.equal(error.name, "UnknownServiceException");
      assert.doesNotMatch(inspect(error, { showHidden: true }), /canary/i);
    }
  });

  test("a throttle as the first frame is tried again", async (context) => {
    const server = await scriptedServer(context, (request, response, index) => {
      const frames =
        index === 0 ? [exceptionFrame("throttlingException", "slow")] : textFrames(WORDS);
      streamOf(frames)(request, response);
    });
    const response = await testClient(context, server.url)
      .invokeStream({ messages: "hi" })
      .response();
    assert.equal(textOf(response), WORDS.join(""));
    assert.equal(response.$metadata?.attempts, 2);
  });

  test("a throttle after text is not: nobody wants the text twice", async (context) => {
    const server = await scriptedServer(
      context,
      streamOf([...textFrames(WORDS).slice(0, 2), exceptionFrame("throttlingException", "slow")]),
    );
    const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
    await assert.rejects(eventsOf(stream), { name: "ThrottlingException" });
    assert.equal(server.requests.length, 1);
  });

  test("a damaged frame is corrupt", async (context) => {
    const whole = Buffer.concat(textFrames(WORDS));
    whole[whole.length >> 1] = (whole[whole.length >> 1] ?? 0) ^ 1;
    const server = await scriptedServer(context, streamOf([whole]));
    const llm = testClient(context, server.url, { retry: { mode: "off" } });
    const error = await errorOf(() => llm.invokeStream({ messages: "hi" }));
    assert.ok(error instanceof StreamError && error.reason === "corrupt");
  });

  test("a refusal before the stream is met where the stream is read", async (context) => {
    const server = await scriptedServer(context, (_, response) =>
      answerError(response, 400, "ValidationException", "no"),
    );
    const error = await errorOf(() =>
      testClient(context, server.url).invokeStream({ messages: "hi" }),
    );
    assert.deepEqual([error.name, error.status], ["ValidationException", 400]);
  });

  test("a sign-in page is no stream", async (context) => {
    const server = await scriptedServer(context, (_, response) => {
      response.setHeader("content-type", "text/html");
      response.end("<html></html>");
    });
    const error = await errorOf(() =>
      testClient(context, server.url).invokeStream({ messages: "hi" }),
    );
    assert.ok(error instanceof StreamError && error.reason === "protocol");
    assert.match(error.message, /text\/html instead of an event stream/);
  });

  test("a failure that nobody looks at is no unhandled rejection", async (context) => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", listener);
    context.after(() => process.off("unhandledRejection", listener));
    const server = await scriptedServer(context, (_, response) =>
      answerError(response, 400, "ValidationException", "no"),
    );
    const llm = testClient(context, server.url);
    llm.invokeStream({ messages: "hi" });
    await llm.invoke({ messages: "the same server has answered both" }).catch(() => {});
    await new Promise(setImmediate);
    assert.deepEqual(unhandled, []);
  });
});

describe("waiting for a stream", () => {
  test("is bounded before the first event", async (context) => {
    const server = await scriptedServer(context, (_, response) => beginStream(response));
    const llm = testClient(context, server.url, { timeouts: { firstEventMs: 30 } });
    const error = await errorOf(() => llm.invokeStream({ messages: "hi" }));
    assert.ok(error instanceof TimeoutError && error.phase === "first_event");
  });

  test("is bounded between events, and bytes without a whole frame are no event", async (context) => {
    const frames = textFrames(WORDS);
    const server = await scriptedServer(context, (_, response) => {
      beginStream(response);
      response.write(Buffer.concat(frames.slice(0, 2)));
      let offset = 0;
      const trickle = setInterval(() => response.write(frames[2]?.subarray(offset, ++offset)), 5);
      response.on("close", () => clearInterval(trickle));
    });
    const llm = testClient(context, server.url, { timeouts: { idleMs: 60 } });
    const error = await errorOf(() => llm.invokeStream({ messages: "hi" }));
    assert.ok(error instanceof TimeoutError && error.phase === "idle");
    assert.ok(error.partial !== undefined && textOf(error.partial) === "Once ");
  });

  test("is bounded as a whole when the caller says so", async (context) => {
    const server = await scriptedServer(context, (_, response) => {
      beginStream(response);
      response.write(textFrames([])[0]);
      const delta = eventFrame("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "x" } });
      const talk = setInterval(() => response.write(delta), 5);
      response.on("close", () => clearInterval(talk));
    });
    const llm = testClient(context, server.url, { timeouts: { responseMs: 60 } });
    const error = await errorOf(() => llm.invokeStream({ messages: "hi" }));
    assert.ok(error instanceof TimeoutError && error.phase === "response");
  });

  test("a reader who takes his time is not taken for a silent service", async (context) => {
    const text = "x".repeat(1000);
    const server = await scriptedServer(
      context,
      streamOf(textFrames(Array.from({ length: 2000 }, () => text))),
    );
    const llm = testClient(context, server.url, { timeouts: { idleMs: 50 } });
    let length = 0;
    for await (const piece of llm.invokeStream({ messages: "hi" }).text()) {
      if (length === 0) await new Promise((resolve) => setTimeout(resolve, 150));
      length += piece.length;
    }
    assert.equal(length, 2000 * 1000);
  });

  test("a reader who stops holds the service back", async (context) => {
    let written = 0;
    const stalled = deferred();
    const server = await scriptedServer(context, async (_, response) => {
      beginStream(response);
      response.write(eventFrame("messageStart", { role: "assistant" }));
      const delta = eventFrame("contentBlockDelta", {
        contentBlockIndex: 0,
        delta: { text: "x".repeat(16_000) },
      });
      const fill = (): void => {
        while (!response.destroyed && response.write(delta)) written += delta.length;
        if (written > 64 * 1024 * 1024) {
          stalled.resolve();
          return;
        }
        const timer = setTimeout(() => stalled.resolve(), 300);
        response.once("drain", () => {
          clearTimeout(timer);
          fill();
        });
      };
      fill();
    });
    const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
    const events = stream[Symbol.asyncIterator]();
    await events.next();
    await events.next();
    await stalled.promise;
    assert.ok(written < 16 * 1024 * 1024, `${written} bytes were taken from the service`);
    stream.abort();
  });
});

describe("leaving a stream", () => {
  async function endless(context: Parameters<typeof scriptedServer>[0]) {
    const closed = deferred();
    const server = await scriptedServer(context, (_, response) => {
      response.on("close", () => closed.resolve());
      beginStream(response);
      response.write(Buffer.concat(textFrames(WORDS).slice(0, 2)));
    });
    return { server, closed };
  }

  test("by break closes the connection", async (context) => {
    const { server, closed } = await endless(context);
    const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
    for await (const _ of stream) break;
    await closed.promise;
    await assert.rejects(stream.response(), { name: "AbortError" });
  });

  test("by abort() rejects the reader with the reason as cause", async (context) => {
    const { server, closed } = await endless(context);
    const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
    await assert.rejects(
      async () => {
        for await (const event of stream) {
          if (event.contentBlockDelta) stream.abort("enough");
        }
      },
      { name: "AbortError", cause: "enough" },
    );
    await closed.promise;
  });

  test("by the signal does the same, and leaves no listener behind", async (context) => {
    const { server, closed } = await endless(context);
    const controller = new AbortController();
    const stream = testClient(context, server.url).invokeStream({
      messages: "hi",
      signal: controller.signal,
    });
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.next();
    controller.abort();
    await assert.rejects(iterator.next(), { name: "AbortError" });
    await closed.promise;
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  });

  test("gives one error to all who look, with what had arrived", async (context) => {
    const { server } = await endless(context);
    const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
    const caught = await (async () => {
      for await (const event of stream) {
        if (event.contentBlockDelta === undefined) continue;
        stream.abort("first");
        stream.abort("second");
      }
    })().catch((error: unknown) => error);
    assert.equal(caught, await stream.response().catch((error: unknown) => error));
    const { cause, partial } = caught as BedrockError;
    assert.equal(cause, "first");
    assert.ok(partial !== undefined && textOf(partial) === "Once ");
  });

  test("by an error of another stream takes nothing from that one", async (context) => {
    const { server } = await endless(context);
    const llm = testClient(context, server.url);
    const shared = Object.freeze(new AbortError("shared"));
    for (let call = 0; call < 2; call++) {
      const stream = llm.invokeStream({ messages: "hi" });
      const iterator = stream[Symbol.asyncIterator]();
      await iterator.next();
      stream.abort(shared);
      await assert.rejects(iterator.next(), { name: "AbortError", cause: shared });
      await assert.rejects(stream.response(), { name: "AbortError", cause: shared });
    }
  });

  test("before it was sent sends nothing", async (context) => {
    const server = await scriptedServer(context, streamOf(textFrames(WORDS)));
    const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
    stream.abort();
    await assert.rejects(stream.response(), { name: "AbortError" });
    assert.equal(server.requests.length, 0);
  });

  test("comes before what has arrived and was not read", async (context) => {
    const server = await scriptedServer(context, streamOf(textFrames(WORDS)));
    const llm = testClient(context, server.url);
    for (const way of ["abort", "signal"] as const) {
      const controller = new AbortController();
      const stream = llm.invokeStream({ messages: "hi", signal: controller.signal });
      const pieces: string[] = [];
      const reading = (async () => {
        for await (const piece of stream.text()) {
          pieces.push(piece);
          if (way === "abort") stream.abort("enough");
          else controller.abort("enough");
        }
      })();
      await assert.rejects(reading, { name: "AbortError", cause: "enough" });
      assert.deepEqual(pieces, WORDS.slice(0, 1), way);
    }
  });

  test("after its end changes nothing", async (context) => {
    const server = await scriptedServer(context, streamOf(textFrames(WORDS)));
    const stream = testClient(context, server.url).invokeStream({ messages: "hi" });
    await eventsOf(stream);
    stream.abort();
    assert.equal(textOf(await stream.response()), WORDS.join(""));
  });

  test("keeps the connection for the next call when it was read to its end", async (context) => {
    const server = await scriptedServer(context, streamOf(textFrames(WORDS)));
    const llm = testClient(context, server.url);
    for (let call = 0; call < 4; call++) await llm.invokeStream({ messages: "hi" }).response();
    assert.equal(server.connections.length, 1);
  });
});

test("every chunking of the body gives the same events", async (context) => {
  const whole = Buffer.concat(textFrames(WORDS));
  const server = await scriptedServer(context, async (request, response) => {
    const size = Number(JSON.parse(request.body).messages[0].content[0].text);
    beginStream(response);
    response.socket?.setNoDelay(true);
    for (let offset = 0; offset < whole.length; offset += size) {
      if (!response.write(whole.subarray(offset, offset + size))) await once(response, "drain");
      if (size > 20) await new Promise(setImmediate);
    }
    response.end();
  });
  const llm = testClient(context, server.url);
  const expected = await eventsOf(llm.invokeStream({ messages: String(whole.length) }));
  for (const size of [1, 7, 13, 64, 200]) {
    assert.deepEqual(await eventsOf(llm.invokeStream({ messages: String(size) })), expected);
  }
});
