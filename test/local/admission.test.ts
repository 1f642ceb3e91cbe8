import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { test } from "node:test";
import { CONVERSE, callBoth, faultOf, startFor } from "./local-client.ts";

const AUTHORIZATION = { authorization: "x" };
const REFUSED = [403, "AccessDeniedException", "Requests from other origins are refused."];

test("a page of another origin is refused, whatever it sends", async (context) => {
  const local = await startFor(context);
  const foreign: Record<string, string>[] = [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "http://localhost.evil.example" },
    { origin: "http://127.0.0.1.evil.example:80" },
    { origin: "file://localhost" },
    { "sec-fetch-site": "cross-site" },
  ];
  for (const headers of foreign) {
    for (const answer of await callBoth({
      url: local.url,
      headers: { ...AUTHORIZATION, ...headers },
    })) {
      assert.deepEqual(faultOf(answer), REFUSED, JSON.stringify(headers));
    }
  }
  assert.deepEqual(new Set(local.requests.map(({ body }) => body)), new Set([undefined]));
});

test("a page of this machine is answered", async (context) => {
  const { url } = await startFor(context);
  const own: Record<string, string>[] = [
    { origin: "http://localhost:5173" },
    { origin: "https://127.0.0.1" },
    { origin: "http://[::1]:80" },
    { "sec-fetch-site": "same-site" },
  ];
  for (const headers of own) {
    for (const answer of await callBoth({ url, headers: { ...AUTHORIZATION, ...headers } })) {
      assert.equal(answer.status, 200, JSON.stringify(headers));
    }
  }
});

test("what is refused on its headers is kept without its body", async (context) => {
  const local = await startFor(context);
  await callBoth({ url: local.url, headers: {} });
  assert.deepEqual(
    local.requests.map(({ body, status }) => [body, status]),
    [
      [undefined, 403],
      [undefined, 403],
    ],
  );
});

const UPLOAD_BYTES = 24 * 1024 * 1024;

test("over HTTP/1.1 a refused upload is answered at once and its connection closed", async (context) => {
  const local = await startFor(context);
  const socket = connect(Number(new URL(local.url).port), "127.0.0.1");
  socket.write(
    `POST ${CONVERSE} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${UPLOAD_BYTES}\r\n\r\n{`,
  );
  const [head] = await once(socket, "data");
  assert.match(String(head), /^HTTP\/1\.1 403 .*\r\nconnection: close\r\n/is);
  socket.on("error", () => {});
  socket.resume();
  await once(socket, "close");
});

test("over HTTP/1.1 the rest of a refused upload is not taken in", async (context) => {
  const local = await startFor(context);
  const socket = connect(Number(new URL(local.url).port), "127.0.0.1");
  const bytes = 4 * UPLOAD_BYTES;
  socket.write(`POST ${CONVERSE} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${bytes}\r\n\r\n`);
  const chunk = Buffer.alloc(64 * 1024);
  let sentBytes = 0;
  const send = () => {
    sentBytes += chunk.length;
    if (sentBytes < bytes) socket.write(chunk, (error) => error || send());
  };
  send();
  socket.on("error", () => {});
  socket.resume();
  await new Promise((resolve) => socket.once("close", resolve));
  assert.ok(sentBytes < bytes, `${sentBytes} bytes were taken`);
});

test("over HTTP/2 a refused upload is answered at once and its stream ended", async (context) => {
  const local = await startFor(context);
  const session = connectHttp2(local.url);
  context.after(() => session.destroy());
  const stream = session.request({ ":method": "POST", ":path": CONVERSE });
  stream.write(Buffer.alloc(1024));
  const [headers] = await once(stream, "response");
  assert.equal(headers[":status"], 403);
  stream.resume();
  await once(stream, "close");
});

test("a client that sends all of a large body before it reads finds the refusal", async (context) => {
  const { url } = await startFor(context);
  for (const answer of await callBoth({ url, headers: {}, body: Buffer.alloc(64 * 1024) })) {
    assert.equal(answer.status, 403);
  }
});
