// Expectations of the examples about making clients and choosing models.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bodyOf, type Expectations, FAST, modelsOf, SIMULATED } from "./expectation.ts";

export const CLIENTS: Expectations = {
  "api-key": [
    {
      variables: { AWS_BEARER_TOKEN_BEDROCK: "bedrock-api-key" },
      prints: [SIMULATED],
      // Only a signed request carries its date.
      check: ([request]) => assert.equal(request?.headers["x-amz-date"], undefined),
    },
  ],
  "aws-profile": [
    {
      variables: { AWS_PROFILE: "work" },
      prepare: (folder) =>
        writeFile(
          join(folder, "credentials"),
          "[work]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = example\n",
        ),
      prints: [SIMULATED],
      check: ([request]) => assert.match(request?.headers["x-amz-date"] ?? "", /^\d{8}T\d{6}Z$/),
    },
  ],
  "choose-model": [
    {
      prints: [
        `fast: ${FAST}`,
        /^general: \S+$/m,
        /^complex: \S+$/m,
        "claude-3-5-sonnet-20240620-v1:0 is legacy",
        "us.amazon.nova-lite-v1:0, us.amazon.nova-pro-v1:0",
        SIMULATED,
      ],
    },
  ],
  "client-options": [{ prints: [SIMULATED, "1 attempt"] }],
  "create-client": [{ prints: [SIMULATED, SIMULATED], requests: 2 }],
  "credentials-provider": [
    {
      prints: [SIMULATED, SIMULATED, "asked the vault 1 time(s) for 2 calls"],
      requests: 2,
      check: ([request]) => assert.ok(request?.headers["x-amz-date"]),
    },
  ],
  "cross-region": [
    {
      prints: ["us.amazon.nova-lite-v1:0: (", "\namazon.nova-lite-v1:0: ("],
      requests: 2,
      check: (requests) =>
        assert.deepEqual(modelsOf(requests), ["us.amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"]),
    },
  ],
  "latency-optimized": [
    {
      prints: [SIMULATED, /^latency: \d+ ms$/m],
      check: (requests) =>
        assert.deepEqual(bodyOf(requests).performanceConfig, { latency: "optimized" }),
    },
  ],
  "load-env-file": [
    { prints: ["fast: (simulated)"] },
    {
      prepare: (folder) =>
        writeFile(join(folder, ".env"), "BEDROCK_MODEL_ID=us.amazon.nova-micro-v1:0\n"),
      prints: ["us.amazon.nova-micro-v1:0: (simulated)"],
      check: (requests) => assert.deepEqual(modelsOf(requests), ["us.amazon.nova-micro-v1:0"]),
    },
  ],
  "retry-options": [{ prints: [SIMULATED, SIMULATED], requests: 2 }],
  timeouts: [{ prints: [SIMULATED, SIMULATED], requests: 2 }],
};
