// One line for each request that the embedded endpoint has answered; never what was asked.

import type { LocalBedrock, LocalRequest } from "../local/index.ts";

const LOOK_EVERY_MS = 100;

/** Prints on stderr until the function it returns is called. */
export function printRequests(endpoint: LocalBedrock): () => void {
  const printed = new WeakSet<LocalRequest>();
  const print = (): void => {
    for (const request of endpoint.requests) {
      if (request.status === undefined || printed.has(request)) continue;
      printed.add(request);
      process.stderr.write(describeRequest(request));
    }
  };
  // The endpoint keeps a list and tells nobody when it grows.
  const timer = setInterval(print, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    print();
  };
}

function describeRequest({
  receivedAt,
  operation,
  modelId,
  status,
  httpVersion,
}: LocalRequest): string {
  return `${receivedAt.toISOString()} ${operation} ${JSON.stringify(modelId)} ${status} HTTP/${httpVersion}\n`;
}
