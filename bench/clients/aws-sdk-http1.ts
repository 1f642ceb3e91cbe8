// The AWS SDK as those set it up who look for speed: HTTP/1.1 over kept-alive sockets.

import { BedrockRuntimeClient, type Message } from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { BenchClient, Target } from "./client.ts";
import { createConverse } from "./converse.ts";

/** Makes a client that lets 512 sockets be open: the default of 50 would hold some rows up. */
export function create({ url, modelId, region, credentials }: Target): BenchClient<Message[]> {
  const requestHandler = new NodeHttpHandler({
    httpAgent: { keepAlive: true, maxSockets: 512 },
    httpsAgent: { keepAlive: true, maxSockets: 512 },
  });
  const client = new BedrockRuntimeClient({ endpoint: url, region, credentials, requestHandler });
  return createConverse(client, modelId);
}
