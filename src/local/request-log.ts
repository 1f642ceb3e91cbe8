// What arrived at the endpoint, kept for tests to look at.

import type { IncomingHttpHeaders } from "node:http";
import type { LocalOperation } from "./routes.ts";

/** One request as it arrived. */
export interface LocalRequest {
  readonly operation: LocalOperation;
  readonly modelId: string;
  /** The parsed JSON; undefined when there was none to parse or the request was refused unread. */
  readonly body: unknown;
  /** Lower-case names; what authenticates is replaced by `[redacted]`. */
  readonly headers: Readonly<Record<string, string>>;
  /** `1.1` or `2.0`. */
  readonly httpVersion: string;
  readonly receivedAt: Date;
  /** HTTP status of the answer; undefined while there is none, or when a fault kept it back. */
  readonly status: number | undefined;
  /** The faults chosen for its answer, as texts; complete when the answer begins. */
  readonly faults: readonly string[];
}

const MAX_REQUESTS = 1_000;

/** What the bodies of all kept requests may have measured on the wire. */
const MAX_BODIES_BYTES = 64 * 1024 * 1024;

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

  readonly #maxBytes: number;
  /** Of each request. */
  readonly #bodyBytes: number[] = [];
  #totalBytes = 0;

  constructor(onRequest?: (request: LocalRequest) => void, maxBytes: number = MAX_BODIES_BYTES) {
    this.#onRequest = onRequest;
    this.#maxBytes = maxBytes;
  }

  /**
   * Keeps a request, at the price of the oldest, and returns how to note its status. A body of more
   * bytes than all may have together is not kept.
   */
  add(
    request: Omit<LocalRequest, "status">,
    bodyBytes: number,
  ): (status: number | undefined) => void {
    const isKeepable = bodyBytes <= this.#maxBytes;
    const kept: { -readonly [Name in keyof LocalRequest]: LocalRequest[Name] } = {
      ...request,
      body: isKeepable ? request.body : undefined,
      status: undefined,
    };
    this.requests.push(kept);
    this.#bodyBytes.push(isKeepable ? bodyBytes : 0);
    this.#totalBytes += this.#bodyBytes.at(-1) ?? 0;
    while (this.requests.length > MAX_REQUESTS || this.#totalBytes > this.#maxBytes) {
      this.requests.shift();
      this.#totalBytes -= this.#bodyBytes.shift() ?? 0;
    }
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
