import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import {
  AbortError,
  attachPartial,
  BedrockError,
  ConnectionError,
  CredentialsError,
  StreamError,
  TimeoutError,
} from "../../src/core/errors.ts";
import { hintFor, retryKindOf, statusOfServiceError } from "../../src/core/service-errors.ts";

test("every class is a BedrockError and an Error, with its own name as name and code", () => {
  const errors = [
    new CredentialsError("m"),
    new ConnectionError("m"),
    new TimeoutError("m", { phase: "idle", elapsedMs: 1 }),
    new StreamError("m", { reason: "corrupt" }),
    new AbortError(),
  ];
  for (const error of errors) {
    assert.ok(error instanceof BedrockError && error instanceof Error);
    assert.equal(error.name, error.constructor.name);
    assert.equal(error.code, error.name);
    assert.deepEqual([error.retryable, error.attempts], [false, 0]);
  }
});

test("names do not depend on what a bundler calls the classes", () => {
  class a extends CredentialsError {}
  class b extends ConnectionError {}
  class c extends TimeoutError {}
  class d extends StreamError {}
  class e extends AbortError {}
  class f extends BedrockError {}
  const errors = [
    new a("m"),
    new b("m"),
    new c("m", { phase: "idle", elapsedMs: 1 }),
    new d("m", { reason: "corrupt" }),
    new e(),
    new f("m"),
  ];
  const names = [
    "CredentialsError",
    "ConnectionError",
    "TimeoutError",
    "StreamError",
    "AbortError",
    "BedrockError",
  ];
  assert.deepEqual(
    errors.map(({ name }) => name),
    names,
  );
  assert.deepEqual(
    errors.map(({ code }) => code),
    names,
  );
});

test("an error of the service has the AWS name as name and code", () => {
  const error = new BedrockError("slow down", { code: "ThrottlingException", status: 429 });
  assert.equal(String(error), "ThrottlingException: slow down");
  assert.deepEqual([error.name, error.code], ["ThrottlingException", "ThrottlingException"]);
});

test("what is not known is not there", () => {
  const error = new BedrockError("m");
  for (const name of ["requestId", "status", "retryAfterMs", "hint", "cause", "partial"]) {
    assert.equal(Object.hasOwn(error, name), false, name);
  }
});

test("a partial response is readable and never printed", () => {
  const error = new StreamError("m", { reason: "truncated" });
  const partial = {
    output: { message: { role: "assistant" as const, content: [{ text: "canary" }] } },
    stopReason: "",
    usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 },
    metrics: { latencyMs: 0 },
  };
  attachPartial(error, () => partial);
  attachPartial(error, () => partial);
  assert.equal(error.partial?.output.message.content[0]?.text, "canary");
  assert.doesNotMatch(inspect(error, { depth: 9 }) + JSON.stringify(error), /canary/);
});

test("an abort keeps the caller's reason as cause, and never takes it over", () => {
  for (const reason of [new Error("the user left"), new AbortError("shared"), "enough"]) {
    const error = AbortError.from(reason);
    assert.notEqual(error, reason);
    assert.equal(error.cause, reason);
  }
});

test("names from the network that are also names of objects mean nothing", () => {
  for (const name of ["__proto__", "constructor", "toString"]) {
    assert.deepEqual(
      [retryKindOf(name), hintFor(name), statusOfServiceError(name)],
      [undefined, undefined, 400],
    );
  }
});

test("a message that says more than the name decides the hint", () => {
  const message = "Invocation of model ID x with on-demand throughput isn’t supported.";
  assert.match(
    String(hintFor("ValidationException", message.replace("’", "'"))),
    /inference profile/,
  );
  assert.match(String(hintFor("ValidationException", message)), /inference profile/);
});
