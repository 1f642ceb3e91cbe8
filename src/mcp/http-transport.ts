// The MCP library's transport for streamable HTTP, and what it leaves open: an answer that breaks off in
// the middle fails its call at once, and the stream of a call that was cancelled is closed.

import type {
  JSONRPCMessage,
  StreamableHTTPClientTransport,
  Transport,
  TransportSendOptions,
} from "@modelcontextprotocol/client";
import { createGuardedFetch } from "./guarded-fetch.ts";
import type { HttpTarget } from "./mcp-target.ts";

/** The `data` of the error with which a call ends whose answer broke off. Nobody else can send this very object. */
export const ANSWER_LOST: object = {};

/** Saying goodbye to a server that may be gone. */
const GOODBYE_MS = 1000;

type Http = typeof StreamableHTTPClientTransport;

/** One session with a server elsewhere. */
export class HttpTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  /** Told when the stream of the server's own messages is gone for good. */
  onstreamlost?: () => void;
  readonly hasPerRequestStream = true;
  readonly #inner: Transport & { terminateSession(): Promise<void> };
  /** By the id of the request that waits for its answer. */
  readonly #streams = new Map<unknown, AbortController>();

  constructor(target: HttpTarget, Http: Http) {
    this.#inner = new Http(target.url, {
      fetch: createGuardedFetch(target),
      // Else the library follows redirects within the origin by itself.
      requestInit: { redirect: "manual" },
    });
    this.#inner.onclose = () => this.onclose?.();
    this.#inner.onerror = (error) => {
      if (/^Maximum reconnection attempts/.test(error.message)) this.onstreamlost?.();
      this.onerror?.(error);
    };
    this.#inner.onmessage = (message: JSONRPCMessage) => {
      if ("id" in message && !("method" in message)) this.#streams.delete(message.id);
      this.onmessage?.(message);
    };
  }

  get sessionId(): string | undefined {
    return this.#inner.sessionId;
  }

  setProtocolVersion(version: string): void {
    this.#inner.setProtocolVersion?.(version);
  }

  async start(): Promise<void> {
    await this.#inner.start();
  }

  async send(message: JSONRPCMessage, options: TransportSendOptions = {}): Promise<void> {
    const isRequest = "method" in message && "id" in message;
    if (!isRequest || typeof message.id !== "number") {
      await this.#inner.send(message, options);
      if ("method" in message && message.method === "notifications/cancelled") {
        this.#abort(message.params?.["requestId"]);
      }
      return;
    }
    const { id } = message;
    const stream = new AbortController();
    this.#streams.set(id, stream);
    options.requestSignal?.addEventListener("abort", () => this.#abort(id), { once: true });
    try {
      await this.#inner.send(message, {
        ...options,
        requestSignal: stream.signal,
        onRequestStreamEnd: () => this.#loseAnswer(id),
      });
    } catch (error) {
      this.#streams.delete(id);
      throw error;
    }
  }

  /** Ends the session, with a word to the server that waits for no answer longer than a second. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const goodbye = this.#inner.terminateSession().catch(() => {});
    await Promise.race([
      goodbye,
      new Promise((resolve) => {
        timer = setTimeout(resolve, GOODBYE_MS);
      }),
    ]);
    clearTimeout(timer);
    await this.kill();
  }

  /** Ends it without a word. */
  async kill(): Promise<void> {
    this.#streams.clear();
    await this.#inner.close();
  }

  #abort(id: unknown): void {
    this.#streams.get(id)?.abort();
    this.#streams.delete(id);
  }

  #loseAnswer(id: number): void {
    if (!this.#streams.delete(id)) return;
    const error = { code: -32_000, message: "The answer broke off.", data: ANSWER_LOST };
    this.onmessage?.({ jsonrpc: "2.0", id, error });
  }
}
