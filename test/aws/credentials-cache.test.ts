// Keeping and renewing keys, with a provider and a clock of the test's.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CredentialsCache } from "../../src/aws/credentials-cache.ts";
import type { AwsCredentials } from "../../src/aws/sigv4.ts";
import { CredentialsError } from "../../src/core/errors.ts";
import { deferred } from "../helpers/deferred.ts";

const MINUTE_MS = 60_000;

function keys(expiresAtMs?: number, accessKeyId = "AKID"): AwsCredentials {
  const expiration = expiresAtMs === undefined ? undefined : new Date(expiresAtMs);
  return { accessKeyId, secretAccessKey: "secret-canary", expiration };
}

test("keys that do not expire are asked for once", async () => {
  let asked = 0;
  const cache = new CredentialsCache(() => {
    asked += 1;
    return keys();
  });
  for (let call = 0; call < 5; call++) await cache.get();
  assert.equal(asked, 1);
});

test("a thousand concurrent callers ask once", async () => {
  let asked = 0;
  const cache = new CredentialsCache(async () => {
    asked += 1;
    return keys();
  });
  await Promise.all(Array.from({ length: 1000 }, () => cache.get()));
  assert.equal(asked, 1);
});

test("concurrent callers get an error each", async () => {
  const cache = new CredentialsCache(() => Promise.reject(new Error("no keys today")));
  const errors = await Promise.all(
    [cache.get(), cache.get()].map((keys) =>
      Promise.resolve(keys).catch((error: unknown) => error),
    ),
  );
  assert.notEqual(errors[0], errors[1]);
  assert.ok(errors.every((error) => error instanceof CredentialsError));
});

test("keys are renewed five minutes before they expire, and not earlier", async () => {
  let now = 0;
  let asked = 0;
  const cache = new CredentialsCache(
    () => {
      asked += 1;
      return keys(now + 60 * MINUTE_MS);
    },
    { now: () => now },
  );
  await cache.get();
  now = 54 * MINUTE_MS;
  await cache.get();
  assert.equal(asked, 1);
  now = 56 * MINUTE_MS;
  await cache.get();
  assert.equal(asked, 2);
});

test("a failed early renewal leaves the old keys in use until they expire", async () => {
  let now = 0;
  let broken = false;
  const cache = new CredentialsCache(
    () => {
      if (broken) throw new Error("identity centre is down");
      return keys(60 * MINUTE_MS);
    },
    { now: () => now },
  );
  const first = await cache.get();
  broken = true;
  now = 58 * MINUTE_MS;
  assert.equal(await cache.get(), first);
  now = 61 * MINUTE_MS;
  await assert.rejects(async () => cache.get(), CredentialsError);
});

test("a provider that fails is asked again by the next call", async () => {
  let asked = 0;
  const cache = new CredentialsCache(() => {
    asked += 1;
    if (asked === 1) throw new Error("not yet");
    return keys();
  });
  await assert.rejects(async () => cache.get(), /The credentials provider failed: not yet/);
  assert.equal((await cache.get()).accessKeyId, "AKID");
});

test("a provider that hangs is given up, typed, and asked again by the next call", async () => {
  let asked = 0;
  const cache = new CredentialsCache(
    () => {
      asked += 1;
      return asked === 1 ? new Promise(() => {}) : keys();
    },
    { limitMs: 20 },
  );
  // Whoever waits holds the process, as a call does.
  const hold = setInterval(() => {}, 1000);
  await assert.rejects(async () => cache.get(), {
    name: "CredentialsError",
    message: "The credentials provider did not answer within 20 ms.",
    retryable: true,
  });
  clearInterval(hold);
  assert.equal((await cache.get()).accessKeyId, "AKID");
});

describe("working keys in their last five minutes", () => {
  test("are used on while the provider hangs, and the provider is left alone for a while", async () => {
    let now = 0;
    let asked = 0;
    const cache = new CredentialsCache(
      () => {
        asked += 1;
        return asked === 1 ? keys(60 * MINUTE_MS) : new Promise(() => {});
      },
      { now: () => now, limitMs: 0 },
    );
    const first = await cache.get();
    now = 56 * MINUTE_MS;
    const hold = setInterval(() => {}, 1000);
    assert.equal(await cache.get(), first);
    clearInterval(hold);
    assert.equal(cache.get(), first, "at once, for the provider has shown that it is slow");
    assert.equal(asked, 2);
  });

  test("are used on when the provider fails, which is not asked by every call", async () => {
    let now = 0;
    let asked = 0;
    const cache = new CredentialsCache(
      () => {
        asked += 1;
        if (asked > 1) throw new Error("identity centre is down");
        return keys(60 * MINUTE_MS);
      },
      { now: () => now },
    );
    await cache.get();
    now = 56 * MINUTE_MS;
    for (let call = 0; call < 100; call++) await cache.get();
    assert.equal(asked, 2);
    now += MINUTE_MS;
    await cache.get();
    assert.equal(asked, 3);
  });
});

describe("keys that the service has refused", () => {
  test("are renewed once for a thousand callers, with force", async () => {
    const asked: unknown[] = [];
    const answer = deferred();
    const cache = new CredentialsCache(async (options) => {
      asked.push(options);
      if (asked.length > 1) await answer.promise;
      return keys(undefined, `AKID${asked.length}`);
    });
    const refused = await cache.get();
    const renewals = Array.from({ length: 1000 }, () => cache.renew(refused));
    const newcomer = cache.get();
    answer.resolve();
    const renewed = await Promise.all([...renewals, newcomer]);
    assert.deepEqual(new Set(renewed.map(({ accessKeyId }) => accessKeyId)), new Set(["AKID2"]));
    assert.deepEqual(asked, [undefined, { forceRefresh: true }]);
  });

  test("are not asked for again by whoever comes late", async () => {
    let asked = 0;
    const cache = new CredentialsCache(() => keys(undefined, `AKID${++asked}`));
    const refused = await cache.get();
    await cache.renew(refused);
    assert.equal((await cache.renew(refused)).accessKeyId, "AKID2");
    assert.equal(asked, 2);
  });

  test("are renewed also when the provider has given them again in another object", async () => {
    let now = 0;
    let renewed = 0;
    const cache = new CredentialsCache(
      (options) => {
        if (options?.forceRefresh) renewed += 1;
        return keys(60 * MINUTE_MS, options?.forceRefresh ? "NEW" : "OLD");
      },
      { now: () => now },
    );
    const refused = await cache.get();
    now = 56 * MINUTE_MS;
    await cache.get();
    assert.equal((await cache.renew(refused)).accessKeyId, "NEW");
    assert.equal(renewed, 1);
  });

  test("do not come back with an ordinary question that was under way", async () => {
    let now = 0;
    const slow = deferred();
    let asked = 0;
    const cache = new CredentialsCache(
      async (options) => {
        asked += 1;
        if (options?.forceRefresh) return keys(now + 60 * MINUTE_MS, "NEW");
        if (asked > 1) await slow.promise;
        return keys(60 * MINUTE_MS, "OLD");
      },
      { now: () => now },
    );
    const refused = await cache.get();
    now = 56 * MINUTE_MS;
    const early = cache.get();
    await cache.renew(refused);
    slow.resolve();
    await early;
    assert.equal((await cache.get()).accessKeyId, "NEW");
  });

  test("are a CredentialsError when the provider has no others, one for each caller", async () => {
    let asked = 0;
    const cache = new CredentialsCache(() => {
      asked += 1;
      if (asked > 1) throw new Error("signed out");
      return keys();
    });
    const refused = await cache.get();
    const errors = await Promise.all(
      [cache.renew(refused), cache.renew(refused)].map((renewal) =>
        Promise.resolve(renewal).catch((error: unknown) => error),
      ),
    );
    assert.ok(errors.every((error) => error instanceof CredentialsError));
    assert.notEqual(errors[0], errors[1]);
    assert.equal(asked, 2);
  });
});
