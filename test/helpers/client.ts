// A client for tests, pointed at a server of theirs and closed with them.

import type { TestContext } from "node:test";
import { BedrockLLM, type BedrockLLMOptions } from "../../src/index.ts";

/** Placeholder keys with a canary, so that a test can look for it where it must not be. */
export const TEST_CREDENTIALS = {
  accessKeyId: "AKIDTEST",
  secretAccessKey: "canary-secret-key",
  sessionToken: "canary-session-token",
};

/** Makes a client for `endpoint`. */
export function testClient(
  context: TestContext,
  endpoint: string,
  options: BedrockLLMOptions = {},
): BedrockLLM {
  const credentials = options.apiKey === undefined ? { credentials: TEST_CREDENTIALS } : {};
  const llm = new BedrockLLM({
    endpoint,
    region: "us-east-1",
    modelId: "us.test.model-v1:0",
    ...credentials,
    ...options,
  });
  context.after(() => llm.close());
  return llm;
}
