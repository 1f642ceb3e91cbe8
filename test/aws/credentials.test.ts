import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { checkCredentials, environmentCredentials } from "../../src/aws/credentials.ts";
import { chainProvider } from "../../src/aws/credentials-chain.ts";
import { CredentialsError } from "../../src/core/errors.ts";
import { temporaryHome } from "../helpers/temporary-home.ts";

for (const [title, value] of [
  ["nothing", undefined],
  ["a string", "secret-canary"],
  ["an empty key", { accessKeyId: "", secretAccessKey: "secret-canary" }],
  ["no secret", { accessKeyId: "secret-canary" }],
  [
    "a time that is none",
    { accessKeyId: "a", secretAccessKey: "secret-canary", expiration: new Date("soon") },
  ],
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
