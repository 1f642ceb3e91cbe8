// The fake Bedrock, asked through sockets in all the ways it is spoken to. Of time only the least is
// asked: what a line delays cannot come early.

import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { buffer } from "node:stream/consumers";
import { after, type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { streamedAnswer, textOf, WHOLE_PIECES, wholeAnswer } from "../../bench/server/answers.ts";
import { ROUND_TRIP_MS } from "../../bench/server/long-line.ts";
import { textOf as readText } from "../../src/index.ts";
import { testClient } from "../helpers/client.ts";
import { BenchServer, CERTIFICATE } from "./bench-server.ts";

const WHOLE = "/model/m/converse";
const STREAM = "/model/m/converse-stream";
/** A timer counts in whole milliseconds, and each byte waits for one on the way there and back. */
const EARLY_MS = 5;

const server = await BenchServer.start();
after(() => server.stop());
const { http1, http2, far } = server.addresses;

/** The bytes of a streamed answer. */
const bytesOf = (events: number): Buffer => Buffer.concat(streamedAnswer(events));

interface Received {
  readonly response: IncomingMessage;
  readonly body: Buffer;
}

/** Begins to ask over HTTP/1.1; without an agent the connection is used once. */
async function begin(url: string, path: string, agent?: HttpAgent): Promise<IncomingMessage> {
  const send = url.startsWith("https:") ? requestHttps : requestHttp;
  const options = { method: "POST", agent: agent ?? false, ca: CERTIFICATE };
  const request = send(new URL(path, url), options);
  request.end('{"messages":[]}');
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return response;
}

async function ask(url: string, path: string, agent?: HttpAgent): Promise<Received> {
  const response = await begin(url, path, agent);
  return { response, body: await buffer(response) };
}

/** Asks over HTTP/2, all of it on one connection, all at once. */
async function askHttp2(url: string, ...paths: string[]): Promise<Buffer[]> {
  const session = connectHttp2(url, { ca: CERTIFICATE });
  const answers = paths.map((path) => {
    const stream = session.request({ ":method": "POST", ":path": path });
    stream.end('{"messages":[]}');
    return buffer(stream);
  });
  const bodies = await Promise.all(answers);
  session.close();
  return bodies;
}

/** How many connections the server has taken during the work. */
async function connectionsOf(work: () => Promise<unknown>): Promise<number> {
  const before = await server.connections();
  await work();
  return (await server.connections()) - before;
}

function keptAlive(context: TestContext, isSecure = false): HttpAgent {
  const Kind = isSecure ? HttpsAgent : HttpAgent;
  const agent = new Kind({ keepAlive: true, maxSockets: 1 });
  context.after(() => agent.destroy());
  return agent;
}

test("a whole answer over HTTP/1.1 is the one that was encoded, with its length", async () => {
  const { response, body } = await ask(http1, WHOLE);
  assert.deepEqual(body, wholeAnswer());
  assert.equal(response.statusCode, 200);
  assert.equal(response.headers["content-type"], "application/json");
  assert.equal(response.headers["content-length"], String(body.length));
  assert.match(String(response.headers["x-amzn-requestid"]), /^[0-9a-f-]{36}$/);
});

test("a streamed answer has the events that were asked for last", async () => {
  for (const events of [3, 0, 500]) {
    await server.answerWith({ events, everyMs: 0 });
    const { response, body } = await ask(http1, STREAM);
    assert.equal(response.headers["content-type"], "application/vnd.amazon.eventstream");
    assert.deepEqual(body, bytesOf(events));
  }
});

test("a paced answer is whole and in order, also where it is told to answer otherwise meanwhile", async () => {
  await server.answerWith({ events: 20, everyMs: 2 });
  const [one, other] = await Promise.all([begin(http1, STREAM), begin(http1, STREAM)]);
  await server.answerWith({ events: 1, everyMs: 0 });
  assert.deepEqual(await buffer(one), bytesOf(20));
  assert.deepEqual(await buffer(other), bytesOf(20));
  assert.deepEqual((await ask(http1, STREAM)).body, bytesOf(1));
});

test("a frame of a paced answer has waited", async () => {
  await server.answerWith({ events: 5, everyMs: 5 });
  const startedAt = performance.now();
  const { body } = await ask(http1, STREAM);
  assert.deepEqual(body, bytesOf(5));
  assert.ok(performance.now() - startedAt >= 5 * streamedAnswer(5).length - EARLY_MS);
});

test("a client that leaves in the middle leaves the others their answers", async () => {
  await server.answerWith({ events: 30, everyMs: 2 });
  const [leaving, staying] = await Promise.all([begin(http1, STREAM), begin(http1, STREAM)]);
  leaving.destroy();
  assert.deepEqual(await buffer(staying), bytesOf(30));
});

test("HTTP/2 in the clear answers the same, all on one connection", async () => {
  await server.answerWith({ events: 40, everyMs: 0 });
  const taken = await connectionsOf(async () => {
    const bodies = await askHttp2(http2, WHOLE, STREAM, WHOLE);
    assert.deepEqual(bodies, [wholeAnswer(), bytesOf(40), wholeAnswer()]);
  });
  assert.equal(taken, 1);
  await server.answerWith({ events: 10, everyMs: 1 });
  assert.deepEqual(await askHttp2(http2, STREAM, STREAM), [bytesOf(10), bytesOf(10)]);
});

test("behind the long line both protocols are spoken, over TLS", async (context) => {
  await server.answerWith({ events: 2000, everyMs: 0 });
  const agent = keptAlive(context, true);
  assert.deepEqual((await ask(far, STREAM, agent)).body, bytesOf(2000));
  assert.deepEqual((await ask(far, WHOLE, agent)).body, wholeAnswer());
  assert.deepEqual(await askHttp2(far, STREAM, WHOLE), [bytesOf(2000), wholeAnswer()]);
});

test("a warm call takes a round trip of the long line at least, a cold one the handshakes too", async (context) => {
  const agent = keptAlive(context, true);
  const tookMs: number[] = [];
  const taken = await connectionsOf(async () => {
    for (let call = 0; call < 3; call += 1) {
      const startedAt = performance.now();
      await ask(far, WHOLE, agent);
      tookMs.push(performance.now() - startedAt);
    }
  });
  const [cold = 0, ...warm] = tookMs;
  // TCP, TLS 1.3 and the call itself, each there and back; half of one is left to early timers.
  assert.ok(cold >= 2.5 * ROUND_TRIP_MS, `${cold} ms`);
  for (const ms of warm) assert.ok(ms >= ROUND_TRIP_MS - EARLY_MS, `${ms} ms`);
  assert.equal(taken, 1);
});

test("a long answer to a slow reader is whole behind the long line, also on a connection that ends with it", async () => {
  await server.answerWith({ events: 30_000, everyMs: 0 });
  const response = await begin(far, STREAM);
  // Until more waits than the sockets between hold.
  await sleep(400);
  assert.equal(Buffer.compare(await buffer(response), bytesOf(30_000)), 0);
});

test("connections are counted, not calls", async (context) => {
  const agent = keptAlive(context);
  const calls = async (own?: HttpAgent) => {
    for (let call = 0; call < 3; call += 1) await ask(http1, WHOLE, own);
  };
  assert.equal(await connectionsOf(() => calls(agent)), 1);
  assert.equal(await connectionsOf(() => calls(agent)), 0);
  assert.equal(await connectionsOf(() => calls()), 3);
});

test("an idle connection is not told that it will be closed", async (context) => {
  const { response } = await ask(http1, WHOLE, keptAlive(context));
  assert.equal(response.headers["keep-alive"], undefined);
  assert.notEqual(response.headers.connection, "close");
});

test("BedrockLLM reads both kinds of answer, near and far, over one connection each", async (context) => {
  await server.answerWith({ events: 25, everyMs: 1 });
  const agent = new HttpsAgent({ keepAlive: true, ca: CERTIFICATE });
  context.after(() => agent.destroy());
  for (const llm of [testClient(context, http1), testClient(context, far, { agent })]) {
    const taken = await connectionsOf(async () => {
      const response = await llm.invoke({ messages: "Hello" });
      assert.equal(readText(response), textOf(WHOLE_PIECES));
      let text = "";
      for await (const piece of llm.invokeStream({ messages: "Hello" }).text()) text += piece;
      assert.equal(text, textOf(25));
    });
    assert.equal(taken, 1);
  }
});

test("the server ends when its parent lets go of it", async () => {
  const another = await BenchServer.start();
  const exit = once(another.process, "exit");
  another.process.disconnect();
  assert.deepEqual(await exit, [0, null]);
});
