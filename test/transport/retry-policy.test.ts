// The arithmetic of retries, against the constants of the official SDK where it publishes them.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  INITIAL_RETRY_TOKENS,
  MAXIMUM_RETRY_DELAY,
  NO_RETRY_INCREMENT,
  Retry,
} from "@smithy/core/retry";
import fc from "fast-check";
import {
  AbortError,
  BedrockError,
  ConnectionError,
  CredentialsError,
  StreamError,
  TimeoutError,
} from "../../src/core/errors.ts";
import {
  parseRetryAfter,
  RetryQuota,
  retryDelayMs,
  retryKindOfError,
} from "../../src/transport/retry-policy.ts";

const kind = fc.constantFrom("throttling" as const, "transient" as const);

describe("the delay before a retry", () => {
  test("grows from the official bases to the official cap, below a full jitter", () => {
    assert.equal(retryDelayMs("transient", 0, undefined, 0.999999), Retry.delay() - 1);
    assert.equal(retryDelayMs("throttling", 0, undefined, 0.999999), Retry.throttlingDelay() - 1);
    assert.equal(retryDelayMs("transient", 1, undefined, 0.5), Retry.delay());
    assert.equal(retryDelayMs("throttling", 40, undefined, 0.5), MAXIMUM_RETRY_DELAY / 2);
  });

  test("is within [0, ceiling) for any draw", () => {
    fc.assert(
      fc.property(
        kind,
        fc.nat({ max: 1000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (retryKind, retry, random) => {
          const delay = retryDelayMs(retryKind, retry, undefined, random) ?? Number.NaN;
          assert.ok(delay >= 0 && delay < MAXIMUM_RETRY_DELAY);
        },
      ),
    );
  });

  test("is never shorter than the service asked, up to a minute", () => {
    assert.equal(retryDelayMs("throttling", 0, 20_000, 0), 20_000);
    assert.equal(retryDelayMs("transient", 0, 60_000, 0.9), 60_000);
  });

  test("is no delay at all when the service asks for more than a minute", () => {
    assert.equal(retryDelayMs("throttling", 0, 60_001, 0.5), undefined);
  });
});

describe("what the service asks for", () => {
  const now = Date.parse("2026-11-22T10:00:00Z");
  for (const [headers, expected] of [
    [{ "retry-after": "4" }, 4000],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": "1.5" }, 1500],
    [{ "retry-after": "Sun, 22 Nov 2026 10:00:20 GMT" }, 20_000],
    [{ "retry-after": "Sun, 22 Nov 2026 09:00:00 GMT" }, 0],
    [{ "x-amz-retry-after": "1500" }, 1500],
    [{ "x-amz-retry-after": "200", "retry-after": "9" }, 200],
    [{ "retry-after": "-1" }, undefined],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "" }, undefined],
    [{ "x-amz-retry-after": "1e9" }, undefined],
    [{}, undefined],
  ] as const) {
    test(`${JSON.stringify(headers)} is ${expected} ms`, () => {
      assert.equal(parseRetryAfter(headers, now), expected);
    });
  }

  test("no header text throws or gives a negative wait", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        const wait = parseRetryAfter({ "retry-after": one, "x-amz-retry-after": other }, now);
        assert.ok(wait === undefined || wait >= 0);
      }),
    );
  });
});

describe("the quota", () => {
  test("pays for the official number of retries and then refuses", () => {
    const transient = new RetryQuota();
    let paid = 0;
    while (transient.spend("transient")) paid += 1;
    assert.equal(paid, Math.floor(INITIAL_RETRY_TOKENS / Retry.cost()));
    const throttling = new RetryQuota();
    paid = 0;
    while (throttling.spend("throttling")) paid += 1;
    assert.equal(paid, INITIAL_RETRY_TOKENS / Retry.throttlingCost());
  });

  test("stays between nothing and its size, whatever happens", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(kind, fc.constant(undefined)), { maxLength: 200 }), (steps) => {
        const quota = new RetryQuota();
        for (const [index, step] of steps.entries()) {
          if (step !== undefined && index % 2 === 0) quota.spend(step);
          else quota.refund(step);
          assert.ok(quota.tokens >= 0 && quota.tokens <= INITIAL_RETRY_TOKENS);
        }
      }),
    );
  });

  test("gets back what the last retry cost, or a little for a first try", () => {
    const quota = new RetryQuota();
    quota.spend("transient");
    quota.refund("transient");
    assert.equal(quota.tokens, INITIAL_RETRY_TOKENS);
    quota.spend("throttling");
    quota.refund(undefined);
    assert.equal(quota.tokens, INITIAL_RETRY_TOKENS - Retry.throttlingCost() + NO_RETRY_INCREMENT);
  });
});

describe("whether to try again after", () => {
  const service = (code: string, status?: number, message = "") =>
    new BedrockError(message, { code, status });
  for (const [title, error, expected] of [
    ["a throttle", service("ThrottlingException", 429), "throttling"],
    ["a throttle under another service's name", service("TooManyRequestsException"), "throttling"],
    ["an unknown name with status 429", service("Strange", 429), "throttling"],
    [
      "a daily quota",
      service("ThrottlingException", 429, "Too many tokens per day, please wait"),
      undefined,
    ],
    ["a model that is not ready", service("ModelNotReadyException", 429), "throttling"],
    ["503", service("ServiceUnavailableException", 503), "transient"],
    ["500", service("InternalServerException", 500), "transient"],
    ["502 without a name", service("InternalServerException", 502), "transient"],
    ["a model timeout", service("ModelTimeoutException", 408), undefined],
    ["a model error", service("ModelErrorException", 424), undefined],
    [
      "a tool call that the model spoilt",
      service("ModelErrorException", 424, "Model produced invalid sequence as part of ToolUse."),
      "transient",
    ],
    ["a refused request", service("ValidationException", 400), undefined],
    ["a denied request", service("AccessDeniedException", 403), undefined],
    ["expired credentials", service("ExpiredTokenException", 403), undefined],
    ["a lost connection", new ConnectionError("", { retryable: true }), "transient"],
    ["a certificate that does not fit", new ConnectionError("", { retryable: false }), undefined],
    [
      "a connection that took too long",
      new TimeoutError("", { phase: "connect", elapsedMs: 1 }),
      "transient",
    ],
    [
      "a model that may still be at work",
      new TimeoutError("", { phase: "response", elapsedMs: 1 }),
      undefined,
    ],
    ["a silent stream", new TimeoutError("", { phase: "idle", elapsedMs: 1 }), undefined],
    [
      "a stream cut before its first event",
      new StreamError("", { reason: "truncated", retryable: true }),
      "transient",
    ],
    ["an abort", new AbortError(), undefined],
    ["missing credentials", new CredentialsError(""), undefined],
  ] as const) {
    test(`${title}: ${expected ?? "no"}`, () => {
      assert.equal(retryKindOfError(error), expected);
    });
  }
});
