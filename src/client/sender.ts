// Sends the requests of one client: connects when the first one needs it, and knows what is under way.

import type { IncomingMessage } from "node:http";
import { ResponseBuilder } from "../converse/response-builder.ts";
import { AbortError } from "../core/errors.ts";
import { Cancellation } from "../transport/cancellation.ts";
import { readBody } from "../transport/read-body.ts";
import type { Call, CallLedger } from "../transport/transport.ts";
import type { ClientSettings } from "./client-options.ts";
import type { StreamProgress } from "./complete.ts";
import { type Connection, openConnection } from "./connection.ts";
import type { StreamFeed } from "./converse-stream.ts";
import type { PreparedCall, PreparedRequest } from "./prepare-request.ts";
import { type BegunStream, receiveStream } from "./receive-stream.ts";

/** An answer that came as one body. */
export interface WholeAnswer<Read> {
  readonly response: IncomingMessage;
  readonly read: Read;
}

/** The sockets and the running calls of one client. */
export class Sender {
  readonly #settings: ClientSettings;
  readonly #running = new Set<Cancellation>();
  #connecting: Promise<Connection> | undefined;
  #connection: Connection | undefined;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** Starts a call that `close` stops, and so does its signal. */
  begin(signal: AbortSignal | undefined): Cancellation {
    const cancellation = new Cancellation(signal);
    this.#running.add(cancellation);
    return cancellation;
  }

  /** The call is over. */
  end(cancellation: Cancellation): void {
    cancellation.dispose();
    this.#running.delete(cancellation);
  }

  /** Aborts what is still running and closes all connections. */
  async close(): Promise<void> {
    for (const cancellation of this.#running) {
      cancellation.cancel(new AbortError("The client was closed."));
    }
    const connection = await this.#connecting?.catch(() => undefined);
    connection?.close();
  }

  /** Sends a request and resolves with the first event of its answer, the rest being on its way. */
  async sendStream(
    request: PreparedRequest,
    { channel }: StreamFeed,
    cancellation: Cancellation,
    ledger: CallLedger,
    progress: StreamProgress,
  ): Promise<BegunStream> {
    const { timeouts, names } = request;
    const { transport, retry } = await this.#connect(cancellation);
    return await transport.send({
      ...callOf(request, retry, transport.endpoint.basePath),
      accept: "application/vnd.amazon.eventstream",
      wait: { phase: "first_event", limitMs: timeouts.firstEventMs },
      cancellation,
      ledger,
      receive: (response, deadline, redact) => {
        const builder = new ResponseBuilder();
        progress.builder = builder;
        const { idleMs } = timeouts;
        return receiveStream(response, deadline, { builder, names, redact, channel, idleMs });
      },
    });
  }

  /** One request, one whole answer, read by `read`. */
  async sendWhole<Read>(
    request: PreparedCall,
    cancellation: Cancellation,
    ledger: CallLedger,
    read: (body: Buffer) => Read,
  ): Promise<WholeAnswer<Read>> {
    const { transport, retry } = await this.#connect(cancellation);
    return await transport.send({
      ...callOf(request, retry, transport.endpoint.basePath),
      accept: "application/json",
      wait: { phase: "response", limitMs: request.timeouts.responseMs },
      cancellation,
      ledger,
      receive: async (response, deadline) => {
        const body = await readBody(response, transport.endpoint);
        deadline.clear();
        return { response, read: read(body) };
      },
    });
  }

  async #connect(cancellation: Cancellation): Promise<Connection> {
    if (this.#connection !== undefined) return this.#connection;
    this.#connecting ??= openConnection(this.#settings).catch((error: unknown) => {
      this.#connecting = undefined;
      throw error;
    });
    this.#connection = await cancellation.guard(this.#connecting);
    return this.#connection;
  }
}

/** The part of a call that both operations share. */
function callOf(request: PreparedCall, retry: Connection["retry"], basePath: string) {
  const { maxAttempts = retry.maxAttempts, mode = retry.mode } = request.retry;
  return {
    path: basePath + request.path,
    body: request.body,
    rateKey: request.model.modelId,
    retry: { maxAttempts, mode },
    connectMs: request.timeouts.connectMs,
  } satisfies Partial<Call<unknown>>;
}
