import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestLog, readableHeaders } from "../../src/local/request-log.ts";

const REQUEST = {
  operation: "converse" as const,
  body: {},
  headers: {},
  httpVersion: "1.1",
  receivedAt: new Date(0),
  faults: [],
};

test("the last thousand requests are kept, newest last", () => {
  const log = new RequestLog();
  for (let number = 1; number <= 1_005; number++) log.add({ ...REQUEST, modelId: `m${number}` }, 1);
  assert.equal(log.requests.length, 1_000);
  assert.equal(log.requests[0]?.modelId, "m6");
  assert.equal(log.requests.at(-1)?.modelId, "m1005");
});

test("the oldest go when the bodies are too large together", () => {
  const log = new RequestLog(undefined, 100);
  for (const modelId of ["m1", "m2", "m3"]) log.add({ ...REQUEST, modelId }, 40);
  assert.deepEqual(
    log.requests.map(({ modelId }) => modelId),
    ["m2", "m3"],
  );
  log.add({ ...REQUEST, modelId: "m4" }, 0);
  log.add({ ...REQUEST, modelId: "m5" }, 60);
  assert.deepEqual(
    log.requests.map(({ modelId }) => modelId),
    ["m3", "m4", "m5"],
  );
});

test("a body that is too large by itself is not kept, and costs no other its place", () => {
  const log = new RequestLog(undefined, 100);
  log.add({ ...REQUEST, modelId: "m1" }, 100);
  log.add({ ...REQUEST, modelId: "m2" }, 101);
  assert.deepEqual(
    log.requests.map(({ body }) => body),
    [{}, undefined],
  );
});

test("a request has no status until it is noted", () => {
  const log = new RequestLog();
  const note = log.add({ ...REQUEST, modelId: "m" }, 1);
  assert.equal(log.requests[0]?.status, undefined);
  note(429);
  assert.equal(log.requests[0]?.status, 429);
});

test("headers are texts, without HTTP/2's own and without secrets", () => {
  const headers = readableHeaders({
    ":path": "/model",
    "x-list": ["a", "b"],
    "x-none": undefined,
    authorization: "Bearer secret",
    "x-amz-security-token": "secret",
    cookie: "secret",
  });
  assert.deepEqual(headers, {
    "x-list": "a, b",
    authorization: "[redacted]",
    "x-amz-security-token": "[redacted]",
    cookie: "[redacted]",
  });
});
