// The loop of attempts on a clock of the test's: hours pass in milliseconds.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { AbortError, BedrockError } from "../../src/core/errors.ts";
import { createLedger, type RetriedCall, Retrier } from "../../src/transport/retrier.ts";

const MINUTE_MS = 60_000;

/** Time that passes only when everybody waits for it. */
class FakeClock {
  #now = 0;
  #sleepers: { at: number; wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  random(): number {
    return 0.5;
  }

  sleep(durationMs: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers.push({ at: this.#now + durationMs, wake });
    });
  }

  /** Lets time pass until nobody sleeps any more. */
  async run(): Promise<void> {
    for (;;) {
      await turn();
      if (this.#sleepers.length === 0) return;
      this.#now = Math.min(...this.#sleepers.map(({ at }) => at));
      const awake = this.#sleepers.filter(({ at }) => at <= this.#now);
      this.#sleepers = this.#sleepers.filter(({ at }) => at > this.#now);
      for (const { wake } of awake) wake();
    }
  }
}

function callOn(clock: FakeClock, changes: Partial<RetriedCall> = {}): RetriedCall {
  return {
    rateKey: "model",
    retry: { maxAttempts: 3, isLimitGiven: false, mode: "standard" },
    ledger: createLedger(),
    deadlineAt: Number.POSITIVE_INFINITY,
    isCallersDeadline: false,
    wait: { limitMs: 0 },
    cancellation: { error: undefined, sleep: (durationMs) => clock.sleep(durationMs) },
    ...changes,
  };
}

function fault(code: string, status: number, message = "", retryAfterMs?: number): BedrockError {
  return new BedrockError(message, { code, status, retryAfterMs });
}

/** Runs one call against a service that answers what `answer` says at each moment. */
async function runCall(
  clock: FakeClock,
  call: RetriedCall,
  answer: (nowMs: number) => BedrockError | undefined,
  retrier = new Retrier(undefined, clock),
): Promise<{ error: unknown; attempts: number; endedAt: number }> {
  let ended = { error: undefined as unknown, attempts: 0, endedAt: 0 };
  const attempt = async () => {
    call.ledger.attempts += 1;
    const error = answer(clock.now());
    if (error !== undefined) throw error;
  };
  const running = retrier.run(call, attempt).catch((error: unknown) => error);
  void running.then((error) => {
    ended = { error, attempts: call.ledger.attempts, endedAt: clock.now() };
  });
  await clock.run();
  return ended;
}

describe("an outage", () => {
  test("of a minute is not made worse by a thousand callers", async () => {
    const clock = new FakeClock();
    const retrier = new Retrier(undefined, clock);
    let requests = 0;
    let attempts = 0;
    const caller = async (index: number): Promise<void> => {
      await clock.sleep(index);
      while (clock.now() < MINUTE_MS) {
        requests += 1;
        const call = callOn(clock);
        await retrier
          .run(call, async () => {
            call.ledger.attempts += 1;
            throw fault("ServiceUnavailableException", 503);
          })
          .catch(() => {});
        attempts += call.ledger.attempts;
        // Users ask again, too.
        await clock.sleep(5000);
      }
    };
    void Promise.all(Array.from({ length: 1000 }, (_, index) => caller(index)));
    await clock.run();
    assert.ok(requests >= 12_000, `${requests} requests`);
    assert.ok(attempts <= 1.2 * requests, `${attempts} attempts for ${requests} requests`);
    assert.ok(attempts > requests, "the first callers do try again");
  });

  test("that ends is survived: the budget comes back with the answers", async () => {
    const clock = new FakeClock();
    const retrier = new Retrier(undefined, clock);
    const down = () => fault("ServiceUnavailableException", 503);
    for (let call = 0; call < 100; call++) await runCall(clock, callOn(clock), down, retrier);
    const spent = await runCall(clock, callOn(clock), down, retrier);
    assert.equal(spent.attempts, 1);
    for (let call = 0; call < 30; call++) {
      await runCall(clock, callOn(clock), () => undefined, retrier);
    }
    const again = await runCall(clock, callOn(clock), down, retrier);
    assert.ok(again.attempts > 1);
  });
});

describe("a throttle", () => {
  const perMinute = () =>
    fault("ThrottlingException", 429, "Too many tokens, please wait before trying again.");

  test("by a quota per minute is outlasted within the caller's deadline", async () => {
    const clock = new FakeClock();
    const call = callOn(clock, { deadlineAt: 5 * MINUTE_MS, isCallersDeadline: true });
    const ended = await runCall(clock, call, (now) => (now < MINUTE_MS ? perMinute() : undefined));
    // 0, 0.5 and 1.5 s as ever, then after 15, 30 and 45 s more.
    assert.deepEqual([ended.error, ended.attempts, ended.endedAt], [undefined, 6, 91_500]);
    assert.equal(call.ledger.retryDelayMs, ended.endedAt);
  });

  test("by a quota that is back at once costs no such wait", async () => {
    const clock = new FakeClock();
    const call = callOn(clock, { deadlineAt: 5 * MINUTE_MS, isCallersDeadline: true });
    const ended = await runCall(clock, call, (now) => (now < 1000 ? perMinute() : undefined));
    assert.deepEqual([ended.attempts, ended.endedAt], [3, 1500]);
  });

  test("by a quota per minute is told before the deadline when it does not end", async () => {
    const clock = new FakeClock();
    const call = callOn(clock, { deadlineAt: 30_000, isCallersDeadline: true });
    const { error, attempts, endedAt } = await runCall(clock, call, perMinute);
    assert.equal((error as BedrockError).code, "ThrottlingException");
    assert.deepEqual([attempts, endedAt], [5, 29_000]);
  });

  for (const [title, changes] of [
    ["without a deadline of the caller's", { deadlineAt: 10 * MINUTE_MS }],
    ["under a deadline that is near", { deadlineAt: 10_000, isCallersDeadline: true }],
    [
      "where the number of attempts is given",
      {
        deadlineAt: 5 * MINUTE_MS,
        isCallersDeadline: true,
        retry: { maxAttempts: 3, isLimitGiven: true, mode: "standard" },
      },
    ],
  ] as const) {
    test(`by a quota per minute is an ordinary one ${title}`, async () => {
      const clock = new FakeClock();
      const { attempts, endedAt } = await runCall(clock, callOn(clock, changes), perMinute);
      assert.deepEqual([attempts, endedAt], [3, 1500]);
    });
  }

  test("by a quota per day is told at once", async () => {
    const clock = new FakeClock();
    const call = callOn(clock, { deadlineAt: 60 * MINUTE_MS, isCallersDeadline: true });
    const perDay = () => fault("ThrottlingException", 429, "Too many tokens per day");
    const { attempts, endedAt } = await runCall(clock, call, perDay);
    assert.deepEqual([attempts, endedAt], [1, 0]);
  });

  test("that names a time is kept to the millisecond, and is told when the time is too long", async () => {
    for (const [retryAfterMs, expected] of [
      [4000, [2, 4000]],
      [60_000, [2, 60_000]],
      [60_001, [1, 0]],
    ] as const) {
      const clock = new FakeClock();
      const call = callOn(clock);
      const { attempts, endedAt } = await runCall(clock, call, (now) =>
        now < retryAfterMs ? fault("ThrottlingException", 429, "", retryAfterMs) : undefined,
      );
      assert.deepEqual([attempts, endedAt], expected);
    }
  });

  test("that names a time after the deadline is told at once", async () => {
    const clock = new FakeClock();
    const call = callOn(clock, { deadlineAt: 3000 });
    const { error, attempts, endedAt } = await runCall(clock, call, () =>
      fault("ThrottlingException", 429, "", 4000),
    );
    assert.deepEqual([attempts, endedAt, (error as BedrockError).retryAfterMs], [1, 0, 4000]);
  });
});

describe("adaptive mode", () => {
  const retry = { maxAttempts: 1, isLimitGiven: false, mode: "adaptive" } as const;

  /** Throttles one model until its rate is low. */
  async function throttled(clock: FakeClock): Promise<Retrier> {
    const retrier = new Retrier(undefined, clock);
    for (let call = 0; call < 20; call++) {
      const pause = clock.sleep(100);
      await clock.run();
      await pause;
      const slow = () => fault("ThrottlingException", 429);
      await runCall(clock, callOn(clock, { retry, rateKey: "throttled" }), slow, retrier);
    }
    return retrier;
  }

  test("slows down the model that was throttled, and no other", async () => {
    const clock = new FakeClock();
    const retrier = await throttled(clock);
    const fine = () => undefined;
    const startedAt = clock.now();
    const other = callOn(clock, { retry, rateKey: "other" });
    assert.equal((await runCall(clock, other, fine, retrier)).endedAt, startedAt);
    const same = callOn(clock, { retry, rateKey: "throttled" });
    assert.ok((await runCall(clock, same, fine, retrier)).endedAt > startedAt);
  });

  test("tells at once when no turn comes within the limit, and asks nothing", async () => {
    const clock = new FakeClock();
    const retrier = await throttled(clock);
    const startedAt = clock.now();
    const call = callOn(clock, { retry, rateKey: "throttled", wait: { limitMs: 1 } });
    const { error, attempts, endedAt } = await runCall(clock, call, () => undefined, retrier);
    assert.deepEqual([attempts, endedAt], [0, startedAt]);
    assert.deepEqual(
      [(error as BedrockError).code, (error as BedrockError).retryable],
      ["TimeoutError", true],
    );
  });
});

test("a call that is stopped between attempts ends with its reason and its count", async () => {
  const clock = new FakeClock();
  const stopped = new AbortError();
  const call = callOn(clock, {
    cancellation: { error: undefined, sleep: () => Promise.reject(stopped) },
  });
  const { error } = await runCall(clock, call, () => fault("InternalServerException", 500));
  assert.equal(error, stopped);
  assert.equal(stopped.attempts, 1);
});

test("calls that are stopped between attempts take nothing from the budget of the others", async () => {
  const clock = new FakeClock();
  const retrier = new Retrier(undefined, clock);
  const down = () => fault("InternalServerException", 500);
  const cancellation = { error: undefined, sleep: () => Promise.reject(new AbortError()) };
  for (let call = 0; call < 100; call++) {
    await runCall(clock, callOn(clock, { cancellation }), down, retrier);
  }
  assert.equal((await runCall(clock, callOn(clock), down, retrier)).attempts, 3);
});
