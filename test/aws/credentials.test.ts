import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import {
  CredentialsCache,
  chainProvider,
  checkCredentials,
  environmentCredentials,
} from "../../src/aws/credentials.ts";
import type { AwsCredentials } from "../../src/aws/sigv4.ts";
import { CredentialsError } from "../../src/core/errors.ts";
import { temporaryHome } from "../helpers/temporary-home.ts";

const MINUTE_MS = 60_000;

function keys(expiresAtMs?: number): AwsCredentials {
  const expiration = expiresAtMs === undefined ? undefined : new Date(expiresAtMs);
  return { accessKeyId: "AKID", secretAccessKey: "secret-canary", expiration };
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
    () => now,
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
    () => now,
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

for (const [title, value] of [
  ["nothing", undefined],
  ["a string", "secret-canary"],
  ["an empty key", { accessKeyId: "", secretAccessKey: "secret-canary" }],
  ["no secret", { accessKeyId: "secret-canary" }],
  [
    "a text as expiration",
    { accessKeyId: "a", secretAccessKey: "secret-canary", expiration: "soon" },
  ],
  ["a key with a line end", { accessKeyId: "a", secretAccessKey: "secret-canary\n" }],
] as const) {
  test(`a provider that gives ${title} is a CredentialsError that repeats nothing`, () => {
    assert.throws(
      () => checkCredentials(value, "The provider"),
      (error) =>
        error instanceof CredentialsError &&
        error.message.startsWith("The provider gave") &&
        !inspect(error, { depth: 9, showHidden: true }).includes("secret-canary"),
    );
  });
}

test("the environment's keys are taken only as a pair, and empty ones do not count", () => {
  const pair = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
  assert.deepEqual(environmentCredentials({ ...pair, AWS_SESSION_TOKEN: "" }), {
    accessKeyId: "a",
    secretAccessKey: "b",
    sessionToken: undefined,
  });
  assert.equal(environmentCredentials({ ...pair, AWS_SECRET_ACCESS_KEY: "" }), undefined);
});

test("the chain reads a profile of the shared files", async (context) => {
  const environment = temporaryHome(context, {
    credentials: "[work]\naws_access_key_id = AKIDFILE\naws_secret_access_key = s\n",
  });
  const provider = chainProvider(environment, { profile: "work", region: "us-east-1" });
  assert.equal((await provider()).accessKeyId, "AKIDFILE");
});

test("an empty chain says what was tried and how to go on", async (context) => {
  const environment = temporaryHome(context);
  process.env["AWS_EC2_METADATA_DISABLED"] = "true";
  const provider = chainProvider(environment, { profile: "nowhere", region: "us-east-1" });
  await assert.rejects(
    async () => provider(),
    (error: CredentialsError) => {
      assert.ok(error instanceof CredentialsError);
      for (const part of [
        "AWS_BEARER_TOKEN_BEDROCK: not set",
        "AWS_ACCESS_KEY_ID: not set",
        "profile “nowhere” (keys, IAM Identity Center, process): not found in",
        "AWS_WEB_IDENTITY_TOKEN_FILE: not set",
        "container credentials: not set",
        "EC2 instance metadata: switched off",
      ]) {
        assert.ok(error.message.includes(part), part);
      }
      assert.match(String(error.hint), /--local/);
      assert.match(String(error.hint), /dcaf env-update-aws-creds/);
      return true;
    },
  );
});
