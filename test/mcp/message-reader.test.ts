// However its bytes arrive, a message is read once and whole; what is damaged or endless is noticed.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MAX_MESSAGE_BYTES, MessageReader } from "../../src/mcp/message-reader.ts";

interface Heard {
  readonly messages: unknown[];
  readonly stray: number;
  readonly broken: string[];
}

function read(chunks: Iterable<Uint8Array | string>): Heard {
  const messages: unknown[] = [];
  const broken: string[] = [];
  let stray = 0;
  const reader = new MessageReader({
    onMessage: (message) => messages.push(message),
    onStrayLine: () => {
      stray += 1;
    },
    onBroken: (what) => broken.push(what),
  });
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  return { messages, stray, broken };
}

const message = { jsonrpc: "2.0", id: 1, result: {} };
const line = `${JSON.stringify(message)}\n`;

test("messages arrive whole and in order, wherever the bytes are cut", () => {
  const messages = fc.array(
    fc.record({
      jsonrpc: fc.constant("2.0"),
      method: fc.string({ unit: "binary" }),
      params: fc.jsonValue(),
    }),
  );
  fc.assert(
    fc.property(messages, fc.array(fc.nat(20)), (sent, cuts) => {
      let bytes = Buffer.from(sent.map((one) => `${JSON.stringify(one)}\r\n`).join(""));
      const chunks: Buffer[] = [];
      for (const cut of cuts) {
        chunks.push(bytes.subarray(0, cut));
        bytes = bytes.subarray(cut);
      }
      const heard = read([...chunks, bytes]);
      assert.deepEqual(heard.messages, JSON.parse(JSON.stringify(sent)));
      assert.deepEqual(heard.broken, []);
    }),
    { numRuns: 50 },
  );
});

test("several messages may share a line", () => {
  assert.deepEqual(read([`${JSON.stringify([message, message])}\n`]).messages, [message, message]);
});

test("lines that are no messages are passed over, and told once", () => {
  const heard = read(["Welcome!\n{ port: 1 }\n\n", '{"level":"info"}\n[1]\n7\n', line]);
  assert.deepEqual(heard, { messages: [message], stray: 1, broken: [] });
});

test("a damaged message is noticed, and nothing is read after it", () => {
  for (const damaged of [
    '{"jsonrpc":"2.0","id":1,"result":{\n',
    '{"id":1,"resu\n',
    'Listening…{"jsonrpc":"2.0","id":1,"result":{}}\n',
  ]) {
    assert.deepEqual(read([damaged, line]), {
      messages: [],
      stray: 0,
      broken: ["wrote a message that is not JSON"],
    });
  }
  for (const damaged of ['{"jsonrpc":"1.0","id":1,"result":{}}\n', '{"jsonrpc":"2.0","id":1}\n']) {
    assert.deepEqual(read([damaged, line]).broken, ["wrote a message that is not JSON-RPC 2.0"]);
  }
});

test("a flood of other lines is noticed; messages between them make it none", () => {
  const noise = "noise\n".repeat(1000);
  assert.deepEqual(read([noise, line, noise, line]).broken, []);
  assert.deepEqual(read([noise, "noise\n", line]), {
    messages: [],
    stray: 1,
    broken: ["floods its standard output"],
  });
});

test("a line that does not end is noticed at the limit, byte by byte or in one piece", () => {
  const broken = [`wrote a line of more than ${MAX_MESSAGE_BYTES} bytes`];
  const piece = "x".repeat(64 * 1024);
  const pieces = Array.from({ length: MAX_MESSAGE_BYTES / piece.length }, () => piece);
  assert.deepEqual(read(pieces).broken, []);
  assert.deepEqual(read([...pieces, "x", line]), { messages: [], stray: 0, broken });
  assert.deepEqual(read(["x".repeat(MAX_MESSAGE_BYTES + 1)]).broken, broken);
});

test("arbitrary bytes never throw", () => {
  fc.assert(fc.property(fc.array(fc.uint8Array()), (chunks) => void read(chunks)));
});
