import assert from "node:assert/strict";
import { test } from "node:test";
import type { LocalModelRequest } from "../../src/local/index.ts";
import {
  CONVERSE,
  CONVERSE_STREAM,
  call,
  callBoth,
  callHttp2,
  faultOf,
  HELLO,
  jsonOf,
  startFor,
} from "./local-client.ts";

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const SECRETS = { authorization: "Bearer secret-key", "x-amz-security-token": "secret-session" };

test("Converse answers with a response and a request id of its own", async (context) => {
  const { url } = await startFor(context, { model: () => "Hello there." });
  const answers = await callBoth({ url });
  for (const answer of answers) {
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["content-type"], "application/json");
    assert.match(String(answer.headers["x-amzn-requestid"]), UUID);
    assert.deepEqual(jsonOf(answer), {
      output: { message: { role: "assistant", content: [{ text: "Hello there." }] } },
      stopReason: "end_turn",
      usage: { inputTokens: 3, outputTokens: 3, totalTokens: 6 },
      metrics: { latencyMs: 65 },
    });
  }
  const ids = new Set(answers.map(({ headers }) => headers["x-amzn-requestid"]));
  assert.equal(ids.size, 2);
});

test("a model id is one percent-encoded label, whatever is in it", async (context) => {
  const local = await startFor(context);
  const arn = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0";
  const path = `/model/${encodeURIComponent(arn)}/converse?trace=1`;
  assert.equal((await call({ url: local.url, path })).status, 200);
  assert.equal(local.requests.at(-1)?.modelId, arn);
});

test("what is no operation of Bedrock is an UnknownOperationException", async (context) => {
  const { url } = await startFor(context);
  const calls: [method: string, path: string][] = [
    ["POST", "/model/a.b/invoke-everything"],
    ["POST", "/model/a/b/converse"],
    ["POST", "/model//converse"],
    ["POST", "/model/%E0%A4%A/converse"],
    ["POST", "/"],
    ["GET", CONVERSE],
    ["GET", "/foundation-models"],
  ];
  for (const [method, path] of calls) {
    for (const answer of await callBoth({ url, method, path })) {
      assert.deepEqual(
        faultOf(answer),
        [404, "UnknownOperationException", "There is no such operation."],
        `${method} ${path}`,
      );
    }
  }
});

test("somebody who only looks is told what answers here", async (context) => {
  const { url } = await startFor(context);
  for (const path of ["/", "/health"]) {
    for (const answer of await callBoth({ url, method: "GET", path, headers: {} })) {
      assert.equal(answer.status, 200);
      assert.match(answer.body.toString(), /^dcaf local: a Bedrock-compatible endpoint/);
    }
  }
});

test("a request without Authorization is refused, with any it is taken", async (context) => {
  const { url } = await startFor(context);
  for (const answer of await callBoth({ url, headers: {} })) {
    assert.deepEqual(faultOf(answer), [
      403,
      "MissingAuthenticationTokenException",
      "Missing Authentication Token",
    ]);
  }
  for (const authorization of ["Bearer anything", "AWS4-HMAC-SHA256 nonsense", "x"]) {
    assert.equal((await call({ url, headers: { authorization } })).status, 200);
  }
});

test("credentials are kept nowhere", async (context) => {
  let seen: LocalModelRequest | undefined;
  const local = await startFor(context, {
    model: (asked) => {
      seen = asked;
      return "Hello.";
    },
  });
  await callBoth({ url: local.url, headers: SECRETS });
  assert.ok(seen !== undefined);
  for (const { headers } of [...local.requests, seen]) {
    assert.equal(headers["authorization"], "[redacted]");
    assert.equal(headers["x-amz-security-token"], "[redacted]");
  }
  assert.doesNotMatch(JSON.stringify([local.requests, seen]), /secret/);
});

test("a body that is no JSON object is a SerializationException", async (context) => {
  const { url } = await startFor(context);
  for (const body of ["", "{", "[]", "null", "“hello”", Buffer.of(0xff, 0xfe)]) {
    for (const answer of await callBoth({ url, body })) {
      assert.deepEqual(faultOf(answer), [
        400,
        "SerializationException",
        "The request body is not a JSON object.",
      ]);
    }
  }
});

test("a body of more than 25 MB is read and refused, one of almost 25 MB is answered", async (context) => {
  const local = await startFor(context);
  const text = (bytes: number) =>
    JSON.stringify({ messages: [{ role: "user", content: [{ text: "a".repeat(bytes) }] }] });
  for (const answer of await callBoth({ url: local.url, body: text(25 * 1024 * 1024) })) {
    assert.deepEqual(faultOf(answer), [
      413,
      "RequestEntityTooLarge",
      "The request body is too large.",
    ]);
  }
  assert.equal(local.requests.at(-1)?.status, 413);
  assert.equal((await call({ url: local.url, body: text(25_000_000) })).status, 200);
});

test("a name that is not of this machine is refused, as a rebound one would be", async (context) => {
  const { url } = await startFor(context);
  const signed = { authorization: "x" };
  for (const host of [
    "evil.example.com",
    "localhost.evil.com",
    "127.0.0.1.evil.com:80",
    "0.0.0.0",
    "127.999.1.1",
  ]) {
    const [first] = [await call({ url, headers: { ...signed, host } })];
    const [second] = [await callHttp2({ url, headers: { ...signed, ":authority": host } })];
    for (const answer of [first, second]) {
      assert.deepEqual(faultOf(answer).slice(0, 2), [421, "MisdirectedRequestException"], host);
    }
  }
  for (const host of ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:80"]) {
    assert.equal((await call({ url, headers: { ...signed, host } })).status, 200, host);
  }
});

test("what Bedrock refuses is a ValidationException before the model is asked", async (context) => {
  let asked = 0;
  const { url } = await startFor(context, {
    model: () => {
      asked += 1;
      return "Hello.";
    },
  });
  const body = { messages: [{ role: "user", content: [{ text: " " }] }] };
  const message =
    "The text field in the ContentBlock object at messages.0.content.0 is blank. Add text to the text field, and try again.";
  for (const path of [CONVERSE, CONVERSE_STREAM]) {
    for (const answer of await callBoth({ url, path, body })) {
      assert.deepEqual(faultOf(answer), [400, "ValidationException", message]);
    }
  }
  const wrongModel = await call({ url, path: "/model/no%20model/converse" });
  assert.deepEqual(faultOf(wrongModel), [
    400,
    "ValidationException",
    "The provided model identifier is invalid.",
  ]);
  assert.equal(asked, 0);
});

test("every request that names an operation is kept with its status, newest last", async (context) => {
  const local = await startFor(context);
  await call({ url: local.url, body: { ...HELLO, inferenceConfig: { maxTokens: 5 } } });
  await callHttp2({ url: local.url, path: CONVERSE_STREAM });
  await call({ url: local.url, body: "{" });
  await call({ url: local.url, path: "/nothing" });
  assert.deepEqual(
    local.requests.map(({ headers, receivedAt, ...kept }) => {
      assert.ok(receivedAt instanceof Date);
      assert.equal(typeof headers, "object");
      return kept;
    }),
    [
      {
        operation: "converse",
        modelId: "any.model-v1:0",
        body: { ...HELLO, inferenceConfig: { maxTokens: 5 } },
        httpVersion: "1.1",
        faults: [],
        status: 200,
      },
      {
        operation: "converse-stream",
        modelId: "any.model-v1:0",
        body: HELLO,
        httpVersion: "2.0",
        faults: [],
        status: 200,
      },
      {
        operation: "converse",
        modelId: "any.model-v1:0",
        body: undefined,
        httpVersion: "1.1",
        faults: [],
        status: 400,
      },
    ],
  );
});
