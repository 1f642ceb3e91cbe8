// Faults that come before a body, or change its pace: errors, waits, slices, keys and clocks.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { type TestContext, test } from "node:test";
import { statusOfServiceError } from "../../src/core/service-errors.ts";
import { EXCEPTION_MESSAGES, EXCEPTION_NAMES } from "../../src/local/faults/exceptions.ts";
import { type FaultInput, startLocalBedrock } from "../../src/local/index.ts";
import { CONVERSE, CONVERSE_STREAM, call, callBoth, faultOf, startFor } from "./local-client.ts";
import { askOnWire, http1Request, PROTOCOLS, wholeFrames } from "./wire.ts";

const COUNT_TOKENS = "/model/any.model-v1%3A0/count-tokens";
const FIVE_MINUTES_MS = 5 * 60_000;

async function askBoth(
  context: TestContext,
  faults: FaultInput[],
  options: { path?: string; headers?: Record<string, string> } = {},
) {
  const { url } = await startFor(context, { faults });
  return await callBoth({ url, ...options });
}

test("every exception is an error answer with AWS's name, its status and Bedrock's words", async (context) => {
  for (const name of EXCEPTION_NAMES) {
    for (const path of [CONVERSE, CONVERSE_STREAM, COUNT_TOKENS]) {
      for (const answer of await askBoth(context, [name], { path })) {
        const message = EXCEPTION_MESSAGES[name];
        assert.deepEqual(faultOf(answer), [statusOfServiceError(name), name, message]);
        assert.equal(answer.headers["retry-after"], undefined);
        assert.equal(answer.headers["x-amz-retry-after"], undefined);
      }
    }
  }
  const own = await askBoth(context, ['ServiceUnavailableException:message="not \\"now\\""']);
  for (const answer of own) assert.equal(faultOf(answer)[2], 'not "now"');
});

test("throttle is a 429 that says how long to wait, in seconds or milliseconds, or does not", async (context) => {
  const cases = [
    ["throttle", undefined, undefined],
    ["throttle:retryAfterMs=0", "0", undefined],
    ["throttle:retryAfterMs=3000", "3", undefined],
    ["throttle:retryAfterMs=250", undefined, "250"],
    ["ThrottlingException:retryAfterMs=1500", undefined, "1500"],
  ] as const;
  for (const [fault, inSeconds, inMs] of cases) {
    for (const answer of await askBoth(context, [fault])) {
      assert.deepEqual(faultOf(answer), [
        429,
        "ThrottlingException",
        "Too many requests, please wait before trying again.",
      ]);
      assert.equal(answer.headers["retry-after"], inSeconds);
      assert.equal(answer.headers["x-amz-retry-after"], inMs);
    }
  }
});

test("latency keeps back the head, of an error too, and several add up", async (context) => {
  for (const faults of [["latency:latencyMs=40"], ["latency:latencyMs=40", "throttle"]]) {
    const startedAt = performance.now();
    const answers = await askBoth(context, faults);
    assert.ok(performance.now() - startedAt >= 2 * 39);
    assert.ok(answers.every(({ status }) => status === (faults.length === 1 ? 200 : 429)));
  }
  const { url } = await startFor(context, {
    faults: ["latency:latencyMs=30,jitterMs=10", "latency:latencyMs=30"],
  });
  const startedAt = performance.now();
  await call({ url });
  assert.ok(performance.now() - startedAt >= 49);
});

test("slicer sends the same body in pieces of the size asked for", async (context) => {
  const plain = await startFor(context, { model: () => "One two three." });
  const sliced = await startFor(context, {
    model: () => "One two three.",
    faults: ["slicer:averageBytes=20,variationBytes=7"],
  });
  for (const protocol of PROTOCOLS) {
    const expected = await askOnWire({ url: plain.url, protocol });
    const answer = await askOnWire({ url: sliced.url, protocol });
    assert.equal(answer.isProper, true);
    assert.deepEqual(answer.body, expected.body);
    // A frame of a stream ends a piece too, so there are more than by size alone.
    assert.ok(answer.pieces.length >= answer.body.length / 27, `${answer.pieces.length} pieces`);
    assert.ok(answer.pieces.every(({ length }) => length >= 1 && length <= 27));
    assert.ok(expected.pieces.length < answer.pieces.length);
  }
  const whole = await askOnWire({ url: sliced.url, protocol: "2.0", path: CONVERSE });
  assert.ok(whole.pieces.length >= whole.body.length / 27);
  assert.ok(JSON.parse(String(whole.body)).stopReason === "end_turn");
});

test("slicer pauses between pieces, and goes together with other faults", async (context) => {
  const faults = [
    "slicer:averageBytes=50,delayMs=5",
    "latency:latencyMs=5",
    "limit_data:bytes=210",
  ];
  const { url } = await startFor(context, { model: () => "One two three.", faults });
  for (const protocol of PROTOCOLS) {
    const startedAt = performance.now();
    const answer = await askOnWire({ url, protocol });
    assert.ok(performance.now() - startedAt >= 4 * 4);
    assert.deepEqual([answer.body.length, answer.ended, answer.isProper], [210, "fin", false]);
  }
});

test("expired_token refuses the keys it met first and serves all others", async (context) => {
  const local = await startFor(context, { faults: ["expired_token"] });
  const ask = async (authorization: string, token?: string) => {
    const headers = { authorization, ...(token && { "x-amz-security-token": token }) };
    const answers = await callBoth({ url: local.url, headers });
    const [first, second] = answers.map((answer) => answer.status);
    assert.equal(first, second);
    if (first !== 200) {
      for (const answer of answers) {
        assert.deepEqual(faultOf(answer), [
          403,
          "ExpiredTokenException",
          "The security token included in the request is expired",
        ]);
      }
    }
    return first;
  };
  const signed = (id: string, signature: string) =>
    `AWS4-HMAC-SHA256 Credential=${id}/20260101/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=${signature}`;
  assert.equal(await ask(signed("AKIDOLD", "aa"), "token-1"), 403);
  assert.equal(await ask(signed("AKIDOLD", "bb"), "token-1"), 403);
  assert.equal(await ask(signed("AKIDOLD", "aa"), "token-2"), 200);
  assert.equal(await ask(signed("AKIDNEW", "aa"), "token-1"), 200);
  assert.equal(await ask("Bearer key"), 200);
  assert.equal(await ask(signed("AKIDOLD", "cc"), "token-1"), 403);
  for (const secret of ["token-1", "AKIDOLD"]) {
    assert.ok(!JSON.stringify(local.requests).includes(secret));
  }
});

test("clock_skew dates every answer by its clock and refuses what that makes late or early", async (context) => {
  const toAmzDate = (timeMs: number) => new Date(timeMs).toISOString().replace(/[-:]|\.\d+/g, "");
  const ahead = 3_600_000;
  for (const skewMs of [ahead, -ahead]) {
    const { url } = await startFor(context, { faults: [{ type: "clock_skew", skewMs }] });
    const ask = (signedAt: number | undefined, authorization = "AWS4-HMAC-SHA256 Credential=A/b") =>
      callBoth({
        url,
        headers: {
          authorization,
          ...(signedAt !== undefined && { "x-amz-date": toAmzDate(signedAt) }),
        },
      });
    const now = Date.now();
    for (const answer of await ask(now)) {
      const [status, name, message] = faultOf(answer);
      assert.deepEqual([status, name], [403, "InvalidSignatureException"]);
      const wording =
        skewMs > 0
          ? /^Signature expired: (\w+) is now earlier than (\w+) \((\w+) - 5 min\.\)$/
          : /^Signature not yet current: (\w+) is still later than (\w+) \((\w+) \+ 5 min\.\)$/;
      const [, signedAt, limit, clock] = wording.exec(String(message)) ?? assert.fail(`${message}`);
      assert.equal(signedAt, toAmzDate(now));
      const toMs = (text = "") => Date.parse(text.replace(/(....)(..)(..T..)(..)/, "$1-$2-$3:$4:"));
      assert.equal(Math.abs(toMs(clock) - toMs(limit)), FIVE_MINUTES_MS);
      assert.ok(Math.abs(Date.parse(String(answer.headers.date)) - (now + skewMs)) < 60_000);
    }
    const served = [
      ...(await ask(now + skewMs)),
      ...(await ask(now + skewMs + 4 * 60_000)),
      ...(await ask(now + skewMs - 4 * 60_000)),
      ...(await ask(undefined)),
      ...(await ask(now, "Bearer key")),
    ];
    for (const answer of served) {
      assert.equal(answer.status, 200);
      assert.ok(Math.abs(Date.parse(String(answer.headers.date)) - (now + skewMs)) < 60_000);
    }
  }
});

test("a timeout without end keeps the connection open and says nothing", async (context) => {
  const local = await startFor(context, {
    model: () => "One two.",
    faults: ["timeout:afterFrames=1"],
  });
  const socket = connect(Number(new URL(local.url).port), "127.0.0.1");
  context.after(() => socket.destroy());
  const received: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => received.push(chunk));
  let hasEnded = false;
  socket.on("close", () => {
    hasEnded = true;
  });
  socket.write(
    http1Request({ url: local.url, protocol: "1.1", headers: { connection: "keep-alive" } }),
  );
  while (received.length === 0) await once(socket, "data");
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(hasEnded, false);
  const text = Buffer.concat(received);
  const body = text.subarray(text.indexOf("\r\n\r\n") + 4);
  const length = Number.parseInt(body.toString("latin1", 0, body.indexOf("\r\n")), 16);
  const chunk = body.subarray(body.indexOf("\r\n") + 2);
  assert.equal(wholeFrames(chunk.subarray(0, length)).frames.length, 1);
  assert.equal(chunk.length, length + 2);
});

test("waits end when the endpoint closes, whatever the fault", async () => {
  const faults = [
    "timeout",
    "timeout:timeoutMs=1000000,afterFrames=1",
    "latency:latencyMs=1000000",
    "slicer:averageBytes=1,delayMs=1000000",
  ];
  for (const protocol of PROTOCOLS) {
    const local = await startLocalBedrock({ faults: [] });
    const asked = faults.map((text) =>
      askOnWire({ url: local.url, protocol, headers: { "x-dcaf-fault": text } }),
    );
    while (local.requests.filter((request) => request.faults.length > 0).length < faults.length) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await local.close();
    for (const answer of await Promise.all(asked)) assert.equal(answer.isProper, false);
    assert.equal(local.lastError, undefined);
  }
});

test("waits end when the client goes away", async (context) => {
  const local = await startFor(context, { faults: [] });
  const timers = () =>
    process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
  const before = timers();
  const faults = ["latency:latencyMs=1000000", "timeout:timeoutMs=1000000,afterBytes=1"];
  for (const text of [...faults, "slicer:averageBytes=1,delayMs=1000000"]) {
    const socket = connect(Number(new URL(local.url).port), "127.0.0.1");
    const headers = { "x-dcaf-fault": text, connection: "keep-alive" };
    socket.write(http1Request({ url: local.url, protocol: "1.1", headers }));
    while (local.requests.at(-1)?.faults[0] !== text || timers() <= before) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.destroy();
    // The wait holds a timer of its own until it ends.
    while (timers() > before) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(local.lastError, undefined);
});
