// The client under test, as a user makes it.

import { BedrockLLM, type BedrockLLMOptions } from "../src/index.ts";

/** Placeholder keys: nothing here leaves the machine. */
export const SOAK_CREDENTIALS = {
  accessKeyId: "AKIDSOAK",
  secretAccessKey: "soak-secret-key",
  sessionToken: "soak-session-token",
};

/** Makes a client for `endpoint`. */
export function soakClient(endpoint: string, options: BedrockLLMOptions = {}): BedrockLLM {
  return new BedrockLLM({
    endpoint,
    region: "us-east-1",
    credentials: SOAK_CREDENTIALS,
    ...options,
  });
}

/** The model id that makes the server behave so. */
export function modelFor(behaviour: string): string {
  return `soak.${behaviour}-v1:0`;
}
