// The signer against the official one.

import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { test } from "node:test";
import { SignatureV4 } from "@smithy/signature-v4";
import fc from "fast-check";
import { type AwsCredentials, encodeUriLabel, SigV4Signer } from "../../src/aws/sigv4.ts";

const DATE = new Date("2026-01-31T23:59:58.123Z");
const KEYS: AwsCredentials = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG",
};

const SCOPE = { service: "bedrock", region: "us-east-1", method: "POST", headers: { host: "h" } };
const REQUEST = { path: "/", body: "" };

/** The hash interface that the official signer asks for. */
class Sha256 {
  readonly #hash;
  constructor(secret?: Parameters<typeof createHmac>[1] | ArrayBuffer) {
    const key = secret instanceof ArrayBuffer ? Buffer.from(secret) : secret;
    this.#hash = key === undefined ? createHash("sha256") : createHmac("sha256", key);
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(data instanceof ArrayBuffer ? Buffer.from(data) : (data as string));
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

async function officialAuthorization(request: {
  path: string;
  headers: Record<string, string>;
  body: string | Uint8Array;
  credentials: AwsCredentials;
  region: string;
}): Promise<string | undefined> {
  const signer = new SignatureV4({
    service: "bedrock",
    region: request.region,
    credentials: {
      accessKeyId: request.credentials.accessKeyId,
      secretAccessKey: request.credentials.secretAccessKey,
      ...(request.credentials.sessionToken && { sessionToken: request.credentials.sessionToken }),
    },
    sha256: Sha256 as never,
  });
  const signed = await signer.sign(
    {
      method: "POST",
      protocol: "https:",
      hostname: "example",
      path: request.path,
      headers: { ...request.headers },
      body: request.body,
    },
    { signingDate: DATE },
  );
  return signed.headers["authorization"];
}

async function assertSameSignature(request: {
  path: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  credentials?: AwsCredentials;
  region?: string;
}): Promise<void> {
  const full = {
    headers: { host: "bedrock-runtime.us-east-1.amazonaws.com" },
    body: "{}",
    credentials: KEYS,
    region: "us-east-1",
    ...request,
  };
  const { region, headers } = full;
  const signer = new SigV4Signer({ ...SCOPE, region, headers });
  const ours = signer.sign(full, full.credentials, DATE.getTime());
  assert.equal(ours.authorization, await officialAuthorization(full));
}

test("a model id with a colon is signed with its path encoded twice", async () => {
  const id = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
  await assertSameSignature({ path: `/model/${encodeUriLabel(id)}/converse` });
});

test("an ARN with slashes is one path label", async () => {
  const arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123";
  assert.equal(
    encodeUriLabel(arn),
    "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aapplication-inference-profile%2Fabc123",
  );
  await assertSameSignature({ path: `/model/${encodeUriLabel(arn)}/converse-stream` });
});

test("a session token is sent and signed", async () => {
  const credentials = { ...KEYS, sessionToken: "FwoGZXIvYXdzEJr//////////wEaD+abc/==" };
  await assertSameSignature({ path: "/model/x/converse", credentials });
  const { authorization } = new SigV4Signer(SCOPE).sign(REQUEST, credentials, DATE.getTime());
  assert.match(
    authorization,
    /SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,/,
  );
});

test("white space in header values is folded as the specification says", async () => {
  const headers = { host: "h", "x-odd": "  a   b\tc  ", "x-empty": "", "a-first": "1" };
  await assertSameSignature({ path: "/model/x/converse", headers });
});

test("bodies of text, of bytes and empty ones sign alike", async () => {
  for (const body of ["", "{}", "žluťoučký 🐎", new Uint8Array([0, 255, 128])]) {
    await assertSameSignature({ path: "/model/x/converse", body });
  }
});

test("a signer keeps no key of other credentials or of another day", () => {
  const signer = new SigV4Signer(SCOPE);
  const time = DATE.getTime();
  const first = signer.sign(REQUEST, KEYS, time).authorization;
  for (const changed of [
    { ...KEYS, secretAccessKey: "another" },
    { ...KEYS, accessKeyId: "another" },
    { ...KEYS, sessionToken: "another" },
  ]) {
    assert.notEqual(signer.sign(REQUEST, changed, time).authorization, first);
    assert.equal(signer.sign(REQUEST, KEYS, time).authorization, first);
  }
  assert.notEqual(signer.sign(REQUEST, KEYS, time + 86_400_000).authorization, first);
  assert.notEqual(signer.sign(REQUEST, KEYS, time + 1000).authorization, first);
  assert.equal(signer.sign(REQUEST, KEYS, time).authorization, first);
});

test("keys that are changed in place are noticed", () => {
  const signer = new SigV4Signer(SCOPE);
  const keys = { ...KEYS };
  const first = signer.sign(REQUEST, keys, DATE.getTime()).authorization;
  keys.secretAccessKey = "another";
  const fresh = new SigV4Signer(SCOPE).sign(REQUEST, keys, DATE.getTime()).authorization;
  assert.notEqual(fresh, first);
  assert.equal(signer.sign(REQUEST, keys, DATE.getTime()).authorization, fresh);
});

test("a signer that has signed much signs as a new one does", () => {
  const signer = new SigV4Signer(SCOPE);
  fc.assert(
    fc.property(
      fc.constantFrom("a", "b:c", "d/e"),
      fc.constantFrom(KEYS, { ...KEYS, sessionToken: "t" }, { ...KEYS, secretAccessKey: "s" }),
      fc.integer({ min: 0, max: 4_000_000_000_000 }),
      fc.string(),
      (id, keys, time, body) => {
        const request = { path: `/model/${encodeUriLabel(id)}/converse`, body };
        const fresh = new SigV4Signer(SCOPE).sign(request, keys, time);
        assert.deepEqual(signer.sign(request, keys, time), fresh);
      },
    ),
  );
});

test("any id, header value, body, region and token signs as the official signer does", async () => {
  const headerText = fc.stringMatching(/^[\x20-\x7e]{0,40}$/);
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
      headerText,
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom("us-east-1", "eu-central-1", "us-gov-west-1"),
      fc.option(fc.stringMatching(/^[A-Za-z0-9+/=]{1,200}$/), { nil: undefined }),
      async (id, value, body, region, sessionToken) => {
        // A path of only dots would be normalised away; no model is called so.
        fc.pre(!/^\.+$/.test(id) && id.isWellFormed());
        await assertSameSignature({
          path: `/model/${encodeUriLabel(id)}/converse`,
          headers: { host: "h", "x-value": value },
          body,
          region,
          credentials: { ...KEYS, sessionToken },
        });
      },
    ),
    { numRuns: 300 },
  );
});
