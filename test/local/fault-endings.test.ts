import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Fault, FaultInput, LocalBedrock } from "../../src/local/index.ts";
import { CONVERSE, HELLO, startFor } from "./local-client.ts";
import { askOnWire, PROTOCOLS, type WireAnswer, wholeFrames } from "./wire.ts";

const TEXT = "One two three.";
/** messageStart, three deltas, contentBlockStop, messageStop, metadata. */
const FRAMES = 7;

async function startWith(context: TestContext, ...faults: FaultInput[]): Promise<LocalBedrock> {
  return await startFor(context, { model: () => TEXT, faults });
}

/** Answers over both protocols to the same faults. */
async function askBoth(
  context: TestContext,
  faults: FaultInput[],
  path?: string,
): Promise<WireAnswer[]> {
  const { url } = await startWith(context, ...faults);
  const answers: WireAnswer[] = [];
  for (const protocol of PROTOCOLS) {
    answers.push(await askOnWire({ url, protocol, ...(path === undefined ? {} : { path }) }));
  }
  return answers;
}

async function wholeBody(context: TestContext, path?: string): Promise<Buffer> {
  const [answer] = await askBoth(context, [], path);
  assert.ok(answer?.isProper);
  return answer.body;
}

function assertReset(answer: WireAnswer): void {
  assert.equal(answer.ended, "reset");
  assert.equal(answer.isProper, false);
  assert.equal(answer.hasGoneAway, false);
}

test("without a fault an answer ends properly over both protocols", async (context) => {
  for (const answer of await askBoth(context, [])) {
    assert.equal(answer.status, 200);
    assert.equal(answer.isProper, true);
    assert.equal(answer.ended, answer.headers[":status"] === undefined ? "fin" : undefined);
    assert.equal(wholeFrames(answer.body).frames.length, FRAMES);
  }
});

test("reset_peer resets the connection before there is a head", async (context) => {
  for (const path of [undefined, CONVERSE]) {
    for (const answer of await askBoth(context, ["reset_peer"], path)) {
      assertReset(answer);
      assert.equal(answer.status, 0);
      assert.equal(answer.body.length, 0);
    }
  }
});

test("reset_peer behind so many frames lets exactly those arrive", async (context) => {
  for (const afterFrames of [0, 2, FRAMES]) {
    for (const answer of await askBoth(context, [{ type: "reset_peer", afterFrames }])) {
      assertReset(answer);
      assert.equal(answer.status, 200);
      const { frames, atBoundary } = wholeFrames(answer.body);
      assert.deepEqual([frames.length, atBoundary], [afterFrames, true]);
    }
  }
});

test("reset_peer behind so many bytes lets exactly those arrive, of a stream or a whole answer", async (context) => {
  for (const path of [undefined, CONVERSE]) {
    const body = await wholeBody(context, path);
    for (const answer of await askBoth(context, ["reset_peer:afterBytes=100"], path)) {
      assertReset(answer);
      assert.equal(answer.body.length, 100);
      if (path === CONVERSE) assert.deepEqual(answer.body, body.subarray(0, 100));
    }
  }
});

test("a reset or a timeout behind more than there is comes before the proper end", async (context) => {
  for (const answer of await askBoth(context, ["reset_peer:afterFrames=99"])) {
    assertReset(answer);
    assert.equal(wholeFrames(answer.body).frames.length, FRAMES);
  }
  for (const answer of await askBoth(context, ["timeout:timeoutMs=1,afterBytes=99999"])) {
    assert.equal(answer.ended, "fin");
    assert.equal(answer.isProper, false);
    assert.equal(wholeFrames(answer.body).frames.length, FRAMES);
  }
});

test("reset_peer of a stream leaves an HTTP/2 connection to the others", async (context) => {
  const faults: Fault[] = [{ type: "reset_peer", afterFrames: 1, scope: "stream" }];
  const [http1, http2] = await askBoth(context, faults);
  assertReset(http1 as WireAnswer);
  assert.equal(http2?.ended, undefined);
  assert.equal(http2?.streamReset, 2);
  assert.equal(http2?.isProper, false);
  assert.equal(wholeFrames(http2?.body ?? Buffer.alloc(0)).frames.length, 1);
});

test("timeout sends what it lets through and closes at last, without an end", async (context) => {
  const cases = [
    [{}, 0, 0],
    [{ afterFrames: 2 }, 200, 2],
    [{ afterBytes: 0 }, 200, 0],
  ] as const;
  for (const [place, status, count] of cases) {
    const faults: Fault[] = [{ type: "timeout", timeoutMs: 20, ...place }];
    const startedAt = performance.now();
    for (const answer of await askBoth(context, faults)) {
      assert.equal(answer.status, status);
      assert.equal(answer.ended, "fin");
      assert.equal(answer.isProper, false);
      assert.equal(answer.hasGoneAway, false);
      assert.equal(wholeFrames(answer.body).frames.length, count);
    }
    assert.ok(performance.now() - startedAt >= 2 * 19);
  }
});

test("limit_data closes the connection behind so much, without an end", async (context) => {
  const cases = [
    [{ bytes: 0 }, undefined, 0],
    [{ bytes: 150 }, undefined, 150],
    [{ bytes: 150 }, CONVERSE, 150],
  ] as const;
  for (const [amount, path, bytes] of cases) {
    for (const answer of await askBoth(context, [{ type: "limit_data", ...amount }], path)) {
      assert.equal(answer.status, 200);
      assert.equal(answer.body.length, bytes);
      assert.equal(answer.ended, "fin");
      assert.equal(answer.isProper, false);
    }
  }
  for (const frames of [0, 3, FRAMES]) {
    for (const answer of await askBoth(context, [{ type: "limit_data", frames }])) {
      assert.equal(wholeFrames(answer.body).frames.length, frames);
      assert.equal(answer.ended, "fin");
      assert.equal(answer.isProper, false);
    }
  }
});

test("truncation ends a body early and properly", async (context) => {
  const whole = await wholeBody(context, CONVERSE);
  for (const answer of await askBoth(context, ["truncation:bytes=20"], CONVERSE)) {
    assert.deepEqual([answer.status, answer.isProper], [200, true]);
    assert.deepEqual(answer.body, whole.subarray(0, 20));
    assert.equal(answer.headers["content-length"], undefined);
  }
  for (const frames of [0, 4]) {
    for (const answer of await askBoth(context, [{ type: "truncation", frames }])) {
      assert.equal(answer.isProper, true);
      const read = wholeFrames(answer.body);
      assert.deepEqual([read.frames.length, read.atBoundary], [frames, true]);
    }
  }
  for (const answer of await askBoth(context, ["truncation:bytes=99"])) {
    assert.deepEqual([answer.body.length, answer.isProper], [99, true]);
  }
});

test("a limit that a body does not reach leaves it whole", async (context) => {
  const limits: Fault[] = [
    { type: "limit_data", frames: FRAMES + 1 },
    { type: "limit_data", bytes: 99_999 },
    { type: "truncation", frames: FRAMES + 1 },
    { type: "bad_checksum", frame: FRAMES },
  ];
  for (const limit of limits) {
    for (const answer of await askBoth(context, [limit])) {
      assert.equal(answer.isProper, true);
      assert.equal(wholeFrames(answer.body).frames.length, FRAMES);
    }
  }
});

test("an exception with a frame breaks a stream off behind so many", async (context) => {
  for (const frame of [0, 2, FRAMES, 99]) {
    const faults: Fault[] = [{ type: "ModelStreamErrorException", frame, message: "spoilt “it”" }];
    for (const answer of await askBoth(context, faults)) {
      assert.deepEqual([answer.status, answer.isProper], [200, true]);
      const { frames } = wholeFrames(answer.body);
      assert.equal(frames.length, Math.min(frame, FRAMES) + 1);
      const last = frames.at(-1);
      assert.equal(last?.headers.get(":message-type")?.value, "exception");
      assert.equal(last?.headers.get(":exception-type")?.value, "modelStreamErrorException");
      assert.equal(last?.headers.get(":content-type")?.value, "application/json");
      assert.deepEqual(JSON.parse(String(last?.payload)), { message: "spoilt “it”" });
      assert.ok(
        frames.slice(0, -1).every(({ headers }) => headers.get(":message-type")?.value === "event"),
      );
    }
  }
});

test("error_frame breaks a stream off with an error that is all headers", async (context) => {
  const faults = ['error_frame:frame=1,code=Overload,message="too much"'];
  for (const answer of await askBoth(context, faults)) {
    const { frames } = wholeFrames(answer.body);
    assert.equal(frames.length, 2);
    const { headers, payload } = frames[1] as (typeof frames)[number];
    assert.deepEqual(Object.fromEntries([...headers].map(([name, { value }]) => [name, value])), {
      ":message-type": "error",
      ":error-code": "Overload",
      ":error-message": "too much",
    });
    assert.equal(payload.length, 0);
  }
  const [plain] = await askBoth(context, ["error_frame"]);
  const [only] = wholeFrames(plain?.body ?? Buffer.alloc(0)).frames;
  assert.equal(only?.headers.get(":error-code")?.value, "InternalServerException");
});

test("bad_checksum spoils one checksum of one frame and nothing else", async (context) => {
  const { url } = await startFor(context, { model: () => TEXT, faults: [] });
  for (const part of ["prelude", "message"] as const) {
    for (const protocol of PROTOCOLS) {
      const fault = `bad_checksum:frame=2,part=${part}`;
      const answer = await askOnWire({ url, protocol, headers: { "x-dcaf-fault": fault } });
      assert.equal(answer.isProper, true);
      let count = 0;
      const cut: Buffer[] = [];
      for (let offset = 0; offset < answer.body.length; count++) {
        const length = answer.body.readUInt32BE(offset);
        cut.push(answer.body.subarray(offset, offset + length));
        offset += length;
      }
      assert.equal(count, FRAMES);
      const bad = part === "prelude" ? /prelude/ : /a frame's checksum/;
      for (const [index, frame] of cut.entries()) {
        if (index === 2) assert.throws(() => wholeFrames(frame), bad);
        else assert.equal(wholeFrames(frame).frames.length, 1);
      }
    }
  }
});

test("a request that is refused anyway has no frames to count, and the fault waits for one that has", async (context) => {
  const local = await startWith(context, "limit_data:frames=1,times=1", "truncation:bytes=10");
  const ask = (body: unknown) => askOnWire({ url: local.url, protocol: "1.1", body });
  const refused = await ask({});
  assert.deepEqual([refused.status, refused.body.length, refused.isProper], [400, 10, true]);
  const answered = await ask(HELLO);
  assert.equal(wholeFrames(answered.body).frames.length, 1);
  assert.deepEqual(
    local.requests.map(({ faults }) => faults),
    [["truncation:bytes=10"], ["limit_data:frames=1,times=1"]],
  );
});
