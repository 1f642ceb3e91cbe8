// The AWS SDK with its defaults, which are HTTP/2.

import { BedrockRuntimeClient, type Message } from "@aws-sdk/client-bedrock-runtime";
import type { BenchClient, Target } from "./client.ts";
import { createConverse } from "./converse.ts";

/** Makes a client with the defaults of the package. */
export function create({ url, modelId, region, credentials }: Target): BenchClient<Message[]> {
  return createConverse(new BedrockRuntimeClient({ endpoint: url, region, credentials }), modelId);
}
