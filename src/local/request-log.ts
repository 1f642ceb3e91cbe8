// What arrived at the endpoint, kept for tests to look at.

import type { IncomingHttpHeaders } from "node:http";
import type { LocalOperation } from "./routes.ts";

/** One request as it arrived. */
export interface LocalRequest {
  readonly operation: LocalOperation;
  readonly modelId: string;
  /** The parsed JSON; undefined when there was none to parse. */
  readonly body: unknown;
  /** Lower-case names; what authenticates is replaced by `[redacted]`. */
  readonly headers: Readonly<Record<string, string>>;
  /** `1.1` or `2.0`. */
  readonly httpVersion: string;
  readonly receivedAt: Date;
  /** HTTP status of the answer; undefined while there is none. */
  readonly status: number | undefined;
}

const MAX_REQUESTS = 1_000;
const SECRET_HEADERS: ReadonlySet<string> = new Set([
  "authorization",
  "proxy-authorization",
  "x-amz-security-token",
  "cookie",
]);

/** The requests of an endpoint, newest last. */
export class RequestLog {
  readonly requests: LocalRequest[] = [];
  readonly #onRequest: ((request: LocalRequest) => void) | undefined;

  constructor(onRequest?: (request: LocalRequest) => void) {
    this.#onRequest = onRequest;
  }

  /** Keeps a request, at the price of the oldest, and returns how to note its status. */
  add(request: Omit<LocalRequest, "status">): (status: number) => void {
    const kept: { -readonly [Name in keyof LocalRequest]: LocalRequest[Name] } = {
      ...request,
      status: undefined,
    };
    if (this.requests.length === MAX_REQUESTS) this.requests.shift();
    this.requests.push(kept);
    return (status) => {
      kept.status = status;
      this.#onRequest?.(kept);
    };
  }
}

/** Headers as plain texts, without HTTP/2's own and without secrets. */
export function readableHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const readable: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name.startsWith(":")) continue;
    const text = Array.isArray(value) ? value.join(", ") : value;
    readable[name] = SECRET_HEADERS.has(name) ? "[redacted]" : text;
  }
  return readable;
}
