import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { type LocalBedrock, startLocalBedrock } from "../../src/local/index.ts";
import { CONVERSE, call, callHttp2, HELLO, jsonOf } from "./local-client.ts";

let local: LocalBedrock;
before(async () => {
  local = await startLocalBedrock({ model: () => "Hello there." });
});
after(() => local.close());

const MESSAGE = { role: "assistant", content: [{ text: "Hello there." }] };

async function dial(): Promise<Socket> {
  const socket = connect(Number(new URL(local.url).port), "127.0.0.1");
  socket.setNoDelay(true);
  await once(socket, "connect");
  return socket;
}

/** One byte per turn of the event loop, so that each arrives alone. */
async function dribble(socket: Socket, bytes: Buffer): Promise<void> {
  for (const byte of bytes) {
    socket.write(Buffer.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("one port answers HTTP/1.1 and HTTP/2 with the same answer", async () => {
  const [first, second] = [await call({ url: local.url }), await callHttp2({ url: local.url })];
  assert.deepEqual(jsonOf(first), jsonOf(second));
  assert.deepEqual(jsonOf(first)["output"], { message: MESSAGE });
  assert.deepEqual(
    local.requests.slice(-2).map(({ httpVersion }) => httpVersion),
    ["1.1", "2.0"],
  );
});

test("HTTP/1.1 is recognised when its bytes arrive one at a time", async () => {
  const socket = await dial();
  const body = JSON.stringify(HELLO);
  const head = `POST ${CONVERSE} HTTP/1.1\r\nhost: localhost\r\nauthorization: x\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n`;
  await dribble(socket, Buffer.from(head + body));
  assert.match(await text(socket), /^HTTP\/1\.1 200 OK\r\n.*Hello there\./s);
});

test("HTTP/2 is recognised when its bytes arrive one at a time", async () => {
  const socket = await dial();
  const slow = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      dribble(socket, chunk).then(() => done(), done);
    },
    final(done) {
      socket.end(done);
    },
  });
  socket.on("data", (chunk) => slow.push(chunk));
  socket.on("close", () => slow.push(null));
  const session = connectHttp2(local.url, { createConnection: () => slow });
  const stream = session.request({ ":method": "POST", ":path": CONVERSE, authorization: "x" });
  stream.end(JSON.stringify(HELLO));
  const answer = JSON.parse(await text(stream));
  assert.deepEqual(answer.output, { message: MESSAGE });
  session.destroy();
  socket.destroy();
});

test("several HTTP/2 requests share a session", async () => {
  const session = connectHttp2(local.url);
  const answers = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const stream = session.request({ ":method": "POST", ":path": CONVERSE, authorization: "x" });
      stream.end(JSON.stringify(HELLO));
      return JSON.parse(await text(stream)).stopReason;
    }),
  );
  assert.deepEqual(
    answers,
    Array.from({ length: 5 }, () => "end_turn"),
  );
  session.destroy();
});

test("several HTTP/1.1 requests share a connection", async () => {
  const socket = await dial();
  const body = JSON.stringify(HELLO);
  const one = (last: boolean) =>
    `POST ${CONVERSE} HTTP/1.1\r\nhost: localhost\r\nauthorization: x\r\n${last ? "connection: close\r\n" : ""}content-length: ${body.length}\r\n\r\n${body}`;
  socket.write(one(false) + one(true));
  const answers = await text(socket);
  assert.equal(answers.match(/HTTP\/1\.1 200 OK/g)?.length, 2);
});

test("what is neither protocol is refused without harm to others", async () => {
  for (const garbage of ["\x16\x03\x01\x02\x00TLS?", "PRI * HTTP/2.0\r\n\r\nXX", "\r\n\r\n\0\0"]) {
    const socket = await dial();
    socket.on("error", () => {});
    socket.resume();
    socket.end(Buffer.from(garbage, "latin1"));
    await once(socket, "close");
  }
  const broken = await dial();
  broken.on("error", () => {});
  broken.resume();
  broken.end(Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nthis is no frame at all", "latin1"));
  await once(broken, "close");
  assert.equal((await call({ url: local.url })).status, 200);
});

test("a client that hangs up in the middle of anything does no harm", async () => {
  for (const start of [
    "P",
    "PRI * HT",
    "POST /model",
    `POST ${CONVERSE} HTTP/1.1\r\nhost: localhost\r\nauthorization: x\r\ncontent-length: 99\r\n\r\n{`,
  ]) {
    const socket = await dial();
    socket.write(start);
    await new Promise((resolve) => setImmediate(resolve));
    socket.resetAndDestroy();
    await once(socket, "close");
  }
  assert.equal((await callHttp2({ url: local.url })).status, 200);
});
