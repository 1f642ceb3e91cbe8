// Sends the requests of one client: connects when the first one needs it, and knows what is under way.

import { PromptHider } from "../converse/hide-prompt.ts";
import { ResponseBuilder } from "../converse/response-builder.ts";
import { AbortError } from "../core/errors.ts";
import type { Cancellation } from "../transport/cancellation.ts";
import { readBody } from "../transport/read-body.ts";
import type { AttemptWait, Call } from "../transport/transport.ts";
import type { ClientSettings } from "./client-options.ts";
import type { StreamProgress, WholeAnswer } from "./complete.ts";
import { type Connection, openConnection } from "./connection.ts";
import type { StreamFeed } from "./converse-stream.ts";
import type { PreparedCall, PreparedRequest } from "./prepare-request.ts";
import { type BegunStream, receiveStream, type StreamReceiving } from "./receive-stream.ts";
import { RunningCall } from "./running-call.ts";

/** The sockets and the running calls of one client. */
export class Sender {
  readonly #settings: ClientSettings;
  readonly #running = new Set<RunningCall>();
  #connecting: Promise<Connection> | undefined;
  #connection: Connection | undefined;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** Starts a call that `close` stops, and so do its signal and its limit; 0 is no limit. */
  begin({ signal, timeouts }: PreparedCall, limitMs: number): RunningCall {
    const call = new RunningCall(signal, limitMs, timeouts.callersMs > 0);
    this.#running.add(call);
    return call;
  }

  /** The call is over. */
  end(call: RunningCall): void {
    call.end();
    this.#running.delete(call);
  }

  /** Aborts what is still running and closes all connections. */
  async close(): Promise<void> {
    for (const { cancellation } of this.#running) {
      cancellation.cancel(new AbortError("The client was closed."));
    }
    const connection = await this.#connecting?.catch(() => undefined);
    connection?.close();
  }

  /** Sends a request and resolves with the first content of its answer, the rest being on its way. */
  async sendStream(
    request: PreparedRequest,
    { channel }: StreamFeed,
    call: RunningCall,
    progress: StreamProgress,
  ): Promise<BegunStream> {
    const connection = await this.#connect(call.cancellation);
    const hider = new PromptHider(request.body);
    const receiving = {
      progress,
      channel,
      hider,
      idleMs: request.timeouts.idleMs,
      names: request.names.isNeeded ? request.names : undefined,
    };
    return await connection.transport.send(
      callOf(request, call, connection, {
        accept: "application/vnd.amazon.eventstream",
        wait: waitFor("first_event", request.timeouts.firstEventMs, request, connection),
        hider,
        receive: receiverOf(receiving),
      }),
    );
  }

  /** One request, one whole answer, read by `read`. */
  async sendWhole<Read>(
    request: PreparedCall,
    call: RunningCall,
    read: (body: Buffer) => Read,
  ): Promise<WholeAnswer<Read>> {
    const connection = await this.#connect(call.cancellation);
    const { endpoint } = connection.transport;
    // A call with a deadline needs no second one for each attempt.
    const limitMs = Number.isFinite(call.deadlineAt) ? 0 : request.timeouts.responseMs;
    return await connection.transport.send(
      callOf(request, call, connection, {
        accept: "application/json",
        wait: waitFor("response", limitMs, request, connection),
        hider: new PromptHider(request.body),
        receive: async (response, { head, deadline }) => {
          const body = await readBody(response, endpoint);
          deadline.clear();
          return { head, read: read(body) };
        },
      }),
    );
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

/** Takes the answer of a stream. It outlives the request, and so is made apart from it. */
function receiverOf(receiving: StreamReceiving): Call<BegunStream>["receive"] {
  return (response, answer) => {
    receiving.progress.builder = new ResponseBuilder();
    receiving.progress.head = answer.head;
    return receiveStream(response, answer, receiving);
  };
}

/** A call with what both operations share. One literal, so that all calls share a shape. */
function callOf<Value>(
  request: PreparedCall,
  running: RunningCall,
  { retry, transport }: Connection,
  own: Pick<Call<Value>, "accept" | "wait" | "receive"> & { readonly hider: PromptHider },
): Call<Value> {
  const { maxAttempts = retry.maxAttempts, mode = retry.mode } = request.retry;
  return {
    path: transport.endpoint.basePath + request.path,
    accept: own.accept,
    body: request.body,
    rateKey: request.model.modelId,
    retry: {
      maxAttempts,
      isLimitGiven: retry.isLimitGiven || request.retry.maxAttempts !== undefined,
      mode,
    },
    ledger: running.ledger,
    deadlineAt: running.deadlineAt,
    isCallersDeadline: running.isCallersDeadline,
    connectMs: request.timeouts.connectMs,
    wait: own.wait,
    cancellation: running.cancellation,
    hidePrompt: (text) => own.hider.hide(text),
    receive: own.receive,
  };
}

function waitFor(
  phase: AttemptWait["phase"],
  limitMs: number,
  request: PreparedCall,
  connection: Connection,
): AttemptWait {
  const attemptMs = request.retry.attemptTimeoutMs ?? connection.attemptTimeoutMs;
  const isResent = attemptMs > 0 && (limitMs === 0 || attemptMs < limitMs);
  return { phase, limitMs: isResent ? attemptMs : limitMs, isResent };
}
