import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { FaultInput, LocalFaultRequest, LocalRequest } from "../../src/local/index.ts";
import {
  CONVERSE,
  CONVERSE_STREAM,
  call,
  callBoth,
  callHttp2,
  faultOf,
  framesOf,
  HELLO,
  startFor,
} from "./local-client.ts";

const header = (text: string) => ({ authorization: "x", "x-dcaf-fault": text });

test("without the option nothing can be switched on from outside", async (context) => {
  for (const options of [{}, { faults: undefined }]) {
    const local = await startFor(context, options);
    for (const text of ["throttle", "reset_peer", "no such fault", ""]) {
      for (const path of [CONVERSE, CONVERSE_STREAM]) {
        for (const answer of await callBoth({ url: local.url, path, headers: header(text) })) {
          assert.equal(answer.status, 200);
        }
      }
    }
    assert.ok(local.requests.every(({ faults }) => faults.length === 0));
  }
});

test("an empty list does nothing by itself and lets a request choose", async (context) => {
  const local = await startFor(context, { faults: [] });
  for (const answer of await callBoth({ url: local.url })) assert.equal(answer.status, 200);
  for (const answer of await callBoth({ url: local.url, headers: header("throttle") })) {
    assert.equal(answer.status, 429);
  }
});

test("the header replaces the faults of the option, and none switches them off", async (context) => {
  const { url } = await startFor(context, { faults: ["throttle"] });
  const statusFor = async (headers: Record<string, string>) =>
    (await call({ url, headers })).status;
  assert.equal(await statusFor({ authorization: "x" }), 429);
  assert.equal(await statusFor(header("ServiceUnavailableException")), 503);
  assert.equal(await statusFor(header("none")), 200);
  assert.equal(await statusFor({ authorization: "x" }), 429);
});

test("a header that cannot be read is a ValidationException that says why and what there is", async (context) => {
  const local = await startFor(context, { faults: ["reset_peer"] });
  const samples = [
    [
      "latancy",
      /^x-dcaf-fault: “latancy” is not a known fault\. Did you mean “latency”\? Known: .*clock_skew/,
    ],
    ["", /^x-dcaf-fault: the name of a fault is missing, before, behind or between “;”\.$/],
    ['<b>"</b>', /^x-dcaf-fault: a quotation mark is never closed\.$/],
    ["latency:latencyMs=x", /^x-dcaf-fault: latency: latencyMs must be a number; got “x”\.$/],
  ] as const;
  for (const [text, expected] of samples) {
    for (const answer of await callBoth({ url: local.url, headers: header(text) })) {
      const [status, name, message] = faultOf(answer);
      assert.deepEqual([status, name], [400, "ValidationException"]);
      assert.match(String(message), expected);
      assert.ok(!JSON.stringify(answer.headers).includes(text || "latancy"));
    }
  }
  assert.deepEqual(
    local.requests.map(({ status, faults }) => [status, faults.length]),
    local.requests.map(() => [400, 0]),
  );
  assert.equal(local.lastError, undefined);
});

test("a header that speaks of frames where there are none is refused, the option waits for a stream", async (context) => {
  const { url } = await startFor(context, {
    faults: ["ModelStreamErrorException:frame=0,times=1", "bad_checksum"],
  });
  for (const answer of await callBoth({ url })) assert.equal(answer.status, 200);
  const speaking = ["bad_checksum", "truncation:frames=1", "ThrottlingException:frame=1"];
  for (const text of [...speaking, "error_frame", "reset_peer:afterFrames=1"]) {
    const [answer] = await callBoth({ url, headers: header(text) });
    const [status, name, message] = faultOf(answer as never);
    assert.deepEqual([status, name], [400, "ValidationException"], text);
    assert.match(String(message), /speaks of frames, and the answer of converse has none\.$/);
  }
  const [frame] = framesOf(await call({ url, path: CONVERSE_STREAM }));
  assert.equal(frame?.headers.get(":exception-type")?.value, "modelStreamErrorException");
});

test("a function chooses by what is known of the request and by its number", async (context) => {
  const seen: [LocalFaultRequest, number][] = [];
  const local = await startFor(context, {
    faults: (request, index) => {
      seen.push([request, index]);
      if (index === 1) return "throttle";
      if (request.modelId === "spoilt") return [{ type: "ModelErrorException" }];
      return undefined;
    },
  });
  const statuses: number[] = [];
  const headers = { authorization: "secret" };
  statuses.push((await call({ url: local.url, headers })).status);
  statuses.push((await callHttp2({ url: local.url, path: CONVERSE_STREAM, headers })).status);
  statuses.push((await call({ url: local.url, path: "/model/spoilt/converse" })).status);
  await call({ url: local.url, headers: header("none") });
  statuses.push((await call({ url: local.url })).status);
  assert.deepEqual(statuses, [200, 429, 424, 200]);
  assert.deepEqual(
    seen.map(([, index]) => index),
    [0, 1, 2, 4],
  );
  const [first] = seen[0] as [LocalFaultRequest, number];
  assert.equal(first.operation, "converse");
  assert.deepEqual(first.body, HELLO);
  assert.equal(first.headers["authorization"], "[redacted]");
});

test("a function that fails or returns no fault is a bare 500 and the endpoint's last error", async (context) => {
  let choose: () => unknown = () => undefined;
  const local = await startFor(context, { faults: () => choose() as FaultInput });
  const failures = [
    [() => "latancy", /^startLocalBedrock: faults: “latancy” is not a known fault/],
    [() => ["throttle", 5], /^startLocalBedrock: faults\[1\]: a fault is a text or an object/],
    [
      () => Promise.resolve("throttle"),
      /^startLocalBedrock: faults: the function returned a promise/,
    ],
    [
      () => {
        throw new RangeError("of one's own");
      },
      /^of one's own$/,
    ],
  ] as const;
  for (const [fail, expected] of failures) {
    choose = fail;
    const [status, name, message] = faultOf(await call({ url: local.url }));
    assert.deepEqual([status, name], [500, "InternalServerException"]);
    assert.doesNotMatch(String(message), /fault|own/);
    assert.match((local.lastError as Error).message, expected);
  }
  assert.equal(local.requests.length, failures.length);
});

test("of several errors the first that strikes is the answer, and the next has its turn later", async (context) => {
  const local = await startFor(context, {
    faults: ["throttle:times=2", "ServiceUnavailableException:times=1"],
  });
  const statuses: number[] = [];
  for (let count = 0; count < 4; count++) statuses.push((await call({ url: local.url })).status);
  assert.deepEqual(statuses, [429, 429, 503, 200]);
  assert.deepEqual(
    local.requests.map(({ faults }) => faults),
    [["throttle:times=2"], ["throttle:times=2"], ["ServiceUnavailableException:times=1"], []],
  );
});

test("a fault strikes as many requests as its times say", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 6 }),
      fc.constantFrom("option", "header", "function"),
      async (times, count, way) => {
        const fault = { type: "throttle", times } as const;
        const text = `throttle:times=${times}`;
        const { startLocalBedrock } = await import("../../src/local/index.ts");
        const faults = way === "option" ? [fault] : way === "header" ? [] : () => fault;
        const local = await startLocalBedrock({ faults });
        const headers = way === "header" ? header(text) : { authorization: "x" };
        let struck = 0;
        for (let index = 0; index < count; index++) {
          const { status } = await call({ url: local.url, headers });
          if (status === 429) struck++;
        }
        await local.close();
        assert.equal(struck, Math.min(times, count));
      },
    ),
    { numRuns: 30 },
  );
});

test("a probability of 0 never strikes, of 1 always, of a half now and then", async (context) => {
  for (const [probability, least, most] of [
    [0, 0, 0],
    [1, 60, 60],
    // A chance of 2^-59 that a run of this test is wrong.
    [0.5, 1, 59],
  ] as const) {
    const local = await startFor(context, { faults: [{ type: "throttle", probability }] });
    const statuses = await Promise.all(
      Array.from({ length: 60 }, async () => (await call({ url: local.url })).status),
    );
    const struck = statuses.filter((status) => status === 429).length;
    assert.ok(struck >= least && struck <= most, `${probability}: ${struck}`);
  }
});

test("the log and whoever is told know which faults were applied", async (context) => {
  const told: LocalRequest[] = [];
  const local = await startFor(context, {
    faults: [],
    onRequest: (request) => told.push(request),
  });
  const texts = ["latency:latencyMs=1; slicer:averageBytes=40; truncation:bytes=9", "reset_peer"];
  for (const text of texts) {
    await call({ url: local.url, headers: header(text) }).catch(() => undefined);
  }
  const expected = [
    [200, ["latency:latencyMs=1", "slicer:averageBytes=40", "truncation:bytes=9"]],
    [undefined, ["reset_peer"]],
  ];
  for (const requests of [told, local.requests]) {
    assert.deepEqual(
      requests.map(({ status, faults }) => [status, faults]),
      expected,
    );
  }
});

test("a request that is refused for its head meets no fault and is not counted", async (context) => {
  const local = await startFor(context, { faults: ["throttle:times=1"] });
  assert.equal((await call({ url: local.url, headers: {} })).status, 403);
  assert.equal(
    (await call({ url: local.url, headers: header("reset_peer"), path: "/x" })).status,
    404,
  );
  assert.equal((await call({ url: local.url, method: "GET", path: "/health" })).status, 200);
  assert.equal((await call({ url: local.url })).status, 429);
});
