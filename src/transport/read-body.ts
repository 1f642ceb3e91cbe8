// A whole body in memory, and not more of it than an answer can be.

import type { IncomingMessage } from "node:http";
import type { Endpoint } from "../aws/endpoint.ts";
import { StreamError } from "../core/errors.ts";
import { whenBroken } from "../core/when-broken.ts";
import { brokenBodyError } from "./connection-error.ts";

/** Far above the 25 MB that Bedrock's own answers are bounded by. */
const MAX_BODY_BYTES = 128 * 1024 * 1024;

/**
 * Reads to the end, and resolves with what `read` makes of it. Rejects with what that throws, with what
 * the exchange was failed with, else with a `ConnectionError`.
 */
export function readBody<Value>(
  response: IncomingMessage,
  endpoint: Endpoint,
  read: (body: Buffer) => Value,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    whenBroken(response, (error) => reject(brokenBodyError(error, endpoint)));
    response.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) response.destroy(tooLarge());
    });
    response.on("end", () => {
      const [only] = chunks;
      const isWhole = chunks.length === 1 && only !== undefined;
      try {
        resolve(read(isWhole ? only : Buffer.concat(chunks, bytes)));
      } catch (error) {
        reject(error);
      }
    });
  });
}

function tooLarge(): StreamError {
  return new StreamError(`The answer is larger than ${MAX_BODY_BYTES} bytes.`, {
    reason: "protocol",
    hint: "No model answers at such length: check that the endpoint is that of bedrock-runtime.",
  });
}
