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
  QueueTimeoutError,
  quotaDelayMs,
  RetryQuota,
  retryDelayMs,
  retryKindOfError,
} from "../../src/transport/retry-policy.ts";

const kind = fc.constantFrom("throttling" as const, "transient" as const);

function delayOf(
  retryKind: "throttling" | "transient",
  random: number,
  { retry = 0, retryAfterMs, remainingMs = Number.POSITIVE_INFINITY }: Partial<Facts> = {},
): number | undefined {
  return retryDelayMs(retryKind, retry, { retryAfterMs, remainingMs }, random);
}

interface Facts {
  readonly retry: number;
  readonly retryAfterMs: number;
  readonly remainingMs: number;
}

const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("the delay before a retry", () => {
  test("grows from the official bases to the official cap, below a full jitter", () => {
    assert.equal(delayOf("transient", 0.999999), Retry.delay() - 1);
    assert.equal(delayOf("throttling", 0.999999), Retry.throttlingDelay() - 1);
    assert.equal(delayOf("transient", 0.5, { retry: 1 }), Retry.delay());
    assert.equal(delayOf("throttling", 0.5, { retry: 40 }), MAXIMUM_RETRY_DELAY / 2);
  });

  test("is within [0, ceiling) for any draw", () => {
    fc.assert(
      fc.property(kind, fc.nat({ max: 1000 }), draw, (retryKind, retry, random) => {
        const delay = delayOf(retryKind, random, { retry }) ?? Number.NaN;
        assert.ok(delay >= 0 && delay < MAXIMUM_RETRY_DELAY);
      }),
    );
  });

  test("is never shorter than the service asked, up to a minute", () => {
    assert.equal(delayOf("throttling", 0, { retryAfterMs: 20_000 }), 20_000);
    assert.equal(delayOf("transient", 0.9, { retryAfterMs: 60_000 }), 60_000);
  });

  test("is no delay at all when the service asks for more than a minute", () => {
    assert.equal(delayOf("throttling", 0.5, { retryAfterMs: 60_001 }), undefined);
  });

  test("is never one that ends after the deadline", () => {
    assert.equal(delayOf("throttling", 0, { retryAfterMs: 4000, remainingMs: 4000 }), undefined);
    fc.assert(
      fc.property(kind, fc.nat({ max: 100_000 }), draw, (retryKind, remainingMs, random) => {
        const delay = delayOf(retryKind, random, { retry: 1, remainingMs });
        assert.ok(delay === undefined || delay < remainingMs);
      }),
    );
  });
});

describe("the wait for a quota per minute", () => {
  test("is of 10 to 20 s, then of 20 to 40 s, and never above a minute", () => {
    fc.assert(
      fc.property(fc.nat({ max: 50 }), draw, (wait, random) => {
        const delay = quotaDelayMs(wait, Number.POSITIVE_INFINITY, random) ?? Number.NaN;
        const ceiling = Math.min(60_000, 20_000 * 2 ** wait);
        assert.ok(delay >= ceiling / 2 && delay <= ceiling);
      }),
    );
  });

  test("ends before the deadline, or is not begun", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 5 }),
        fc.nat({ max: 100_000 }),
        draw,
        (wait, remainingMs, random) => {
          const delay = quotaDelayMs(wait, remainingMs, random);
          assert.equal(delay === undefined, remainingMs < 11_000);
          assert.ok(delay === undefined || (delay >= 10_000 && delay < remainingMs));
        },
      ),
    );
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
    [{ "retry-after": "soon 2099" }, undefined],
    [{ "retry-after": "" }, undefined],
    [{ "x-amz-retry-after": "1e9" }, undefined],
    [{ "retry-after": "99999999999" }, 99_999_999_999_000],
    [{ "retry-after": "9".repeat(400) }, Number.MAX_SAFE_INTEGER],
    [
      // The service's clock is an hour ahead of ours.
      {
        date: "Sun, 22 Nov 2026 11:00:00 GMT",
        "retry-after": "Sun, 22 Nov 2026 11:00:05 GMT",
      },
      5000,
    ],
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
    [
      "a daily quota of requests",
      service("ThrottlingException", 429, "Too many requests per day, please wait"),
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
      new TimeoutError("", { phase: "connect", elapsedMs: 1, retryable: true }),
      "transient",
    ],
    [
      "a turn that did not come",
      new QueueTimeoutError("", { phase: "connect", elapsedMs: 1, retryable: true }),
      undefined,
    ],
    [
      "an attempt that the caller has said to send again",
      new TimeoutError("", { phase: "first_event", elapsedMs: 1, retryable: true }),
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
