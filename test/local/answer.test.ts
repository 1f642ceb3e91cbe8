import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request, type ServerResponse } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { type TestContext, test } from "node:test";
import type { ConverseStreamEvent } from "../../src/core/converse-events.ts";
import { streamAnswer } from "../../src/local/answer.ts";
import { deliver } from "../../src/local/deliver.ts";
import { RequestFaults } from "../../src/local/faults/request-faults.ts";
import { type LocalModel, startLocalBedrock } from "../../src/local/index.ts";
import { CONVERSE_STREAM, call, callHttp2, eventsOf, framesOf, HELLO } from "./local-client.ts";

async function startWith(context: TestContext, model: LocalModel, pauseMs = 0): Promise<string> {
  const local = await startLocalBedrock({ model, pauseMs });
  context.after(() => local.close());
  return local.url;
}

test("ConverseStream answers with event-stream frames over both protocols", async (context) => {
  const url = await startWith(context, () => "Hello there.");
  for (const callWith of [call, callHttp2]) {
    const answer = await callWith({ url, path: CONVERSE_STREAM });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["content-type"], "application/vnd.amazon.eventstream");
    assert.match(String(answer.headers["x-amzn-requestid"]), /^[\da-f-]{36}$/);
    assert.deepEqual(eventsOf(answer), [
      { messageStart: { role: "assistant" } },
      { contentBlockDelta: { delta: { text: "Hello" }, contentBlockIndex: 0 } },
      { contentBlockDelta: { delta: { text: " there." }, contentBlockIndex: 0 } },
      { contentBlockStop: { contentBlockIndex: 0 } },
      { messageStop: { stopReason: "end_turn" } },
      {
        metadata: {
          usage: { inputTokens: 3, outputTokens: 3, totalTokens: 6 },
          metrics: { latencyMs: 65 },
        },
      },
    ]);
  }
});

test("every frame is an event of JSON with padding in it", async (context) => {
  const url = await startWith(context, () => "Hello there.");
  for (const { headers, payload } of framesOf(await call({ url, path: CONVERSE_STREAM }))) {
    assert.deepEqual(headers.get(":message-type"), { type: "string", value: "event" });
    assert.deepEqual(headers.get(":content-type"), { type: "string", value: "application/json" });
    assert.match(JSON.parse(payload.toString()).p, /^[a-zA-Z0-9]+$/);
  }
});

test("bytes are streamed as base64", async (context) => {
  const url = await startWith(context, () => [
    { reasoningContent: { redactedContent: Uint8Array.of(1, 2, 3) } },
    { image: { format: "png", source: { bytes: Buffer.of(4, 5, 6) } } },
  ]);
  const deltas = eventsOf(await call({ url, path: CONVERSE_STREAM })).flatMap(
    ({ contentBlockDelta }) => (contentBlockDelta === undefined ? [] : [contentBlockDelta]),
  );
  assert.deepEqual(deltas, [
    { delta: { reasoningContent: { redactedContent: "AQID" } }, contentBlockIndex: 0 },
    { delta: { image: { source: { bytes: "BAUG" } } }, contentBlockIndex: 1 },
  ]);
});

test("events come one by one when there is a pause between them", async (context) => {
  const url = await startWith(context, () => "One two three.", 1);
  const answer = await call({ url, path: CONVERSE_STREAM });
  assert.equal(eventsOf(answer).length, 7);
});

test("a client that goes away during a stream ends it", async (context) => {
  let signal: AbortSignal | undefined;
  const model: LocalModel = (asked) => {
    signal = asked.signal;
    return "Words that nobody will hear.";
  };
  const url = await startWith(context, model, 60_000);
  const headers = { authorization: "x" };

  const asked = request(`${url}${CONVERSE_STREAM}`, { method: "POST", headers });
  asked.on("error", () => {});
  asked.end(JSON.stringify(HELLO));
  const [response] = await once(asked, "response");
  response.on("error", () => {});
  response.destroy();
  await firedOf(signal);

  const session = connectHttp2(url);
  const stream = session.request({ ":method": "POST", ":path": CONVERSE_STREAM, ...headers });
  stream.end(JSON.stringify(HELLO));
  await once(stream, "response");
  stream.close();
  await firedOf(signal);
  session.destroy();
});

async function firedOf(signal: AbortSignal | undefined): Promise<void> {
  assert.ok(signal !== undefined);
  if (!signal.aborted) await once(signal, "abort");
}

test("a stream is written no faster than it is read", async (context) => {
  const total = 200;
  const text = "a".repeat(100_000);
  let made = 0;
  function* events(): Generator<ConverseStreamEvent, void> {
    for (; made < total; made++) {
      yield { contentBlockDelta: { delta: { text }, contentBlockIndex: 0 } };
    }
  }
  let answering: ServerResponse | undefined;
  const server = createServer((request, response) => {
    answering = response;
    const exchange = {
      request,
      response,
      signal: new AbortController().signal,
      pauseMs: 0,
      faults: new RequestFaults([]),
      note: () => {},
      isBodyTaken: true,
    };
    deliver(exchange, streamAnswer(events()));
  }).listen(0, "127.0.0.1");
  context.after(() => server.close());
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const asked = request({ port, host: "127.0.0.1" }).end();
  const [response] = await once(asked, "response");

  // Nobody reads yet: the buffers on the way fill, and then no more events are made.
  let before = -1;
  while (before !== made || !answering?.writableNeedDrain) {
    before = made;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.ok(made < total, `${made} events were made for a reader that does not read`);
  let bytes = 0;
  for await (const chunk of response) bytes += chunk.length;
  assert.ok(bytes > total * text.length);
});
