// Reading the body of a request within bounds of size and time.

import type { IncomingMessage } from "node:http";

const MAX_BODY_BYTES = 25 * 1024 * 1024;
const BODY_TIMEOUT_MS = 60_000;

/**
 * Reads a body to its end; undefined when it is too large. What exceeds the limit is read and
 * dropped, so that the client gets to see the refusal instead of a broken connection.
 */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const timer = setTimeout(() => request.destroy(), BODY_TIMEOUT_MS);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      else chunks.length = 0;
    }
  } finally {
    clearTimeout(timer);
  }
  return bytes > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks);
}
