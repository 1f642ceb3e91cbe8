// Sends the requests of one client: connects when the first one needs it, and knows what is under way.

import { PromptHider } from "../converse/hide-prompt.ts";
import { AbortError } from "../core/errors.ts";
import { ResponseBuilder } from "../core/response-builder.ts";
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
  sendStream(
    request: PreparedRequest,
    { channel }: StreamFeed,
    call: RunningCall,
    progress: StreamProgress,
  ): Promise<BegunStream> {
    return this.#connected(call.cancellation, (connection) => {
      const hider = new PromptHider(request.body);
      const receiving = {
        progress,
        channel,
        hider,
        idleMs: request.timeouts.idleMs,
        names: request.names.isNeeded ? request.names : undefined,
      };
      const own = {
        accept: "application/vnd.amazon.eventstream",
        wait: waitFor("first_event", request.timeouts.firstEventMs, request, connection),
        hider,
        receive: receiverOf(receiving),
      } satisfies OwnParts<BegunStream>;
      return connection.transport.send(callOf(request, call, connection, own));
    });
  }

  /** One request, one whole answer, read by `read`. */
  sendWhole<Read>(
    request: PreparedCall,
    call: RunningCall,
    read: (body: Buffer) => Read,
  ): Promise<WholeAnswer<Read>> {
    return this.#connected(call.cancellation, (connection) => {
      // A call with a deadline needs no second one for each attempt.
      const limitMs = Number.isFinite(call.deadlineAt) ? 0 : request.timeouts.responseMs;
      const { endpoint } = connection.transport;
      const own = {
        accept: "application/json",
        wait: waitFor("response", limitMs, request, connection),
        hider: new PromptHider(request.body),
        receive: (response, { head, deadline }) =>
          readBody(response, endpoint, (body) => {
            deadline.clear();
            return { head, read: read(body) };
          }),
      } satisfies OwnParts<WholeAnswer<Read>>;
      return connection.transport.send(callOf(request, call, connection, own));
    });
  }

  /** Connects when this is the first request. A connection that is there is used at once. */
  #connected<Value>(
    cancellation: Cancellation,
    use: (connection: Connection) => Promise<Value>,
  ): Promise<Value> {
    if (this.#connection !== undefined) return use(this.#connection);
    this.#connecting ??= openConnection(this.#settings).catch((error: unknown) => {
      this.#connecting = undefined;
      throw error;
    });
    return cancellation.guard(this.#connecting).then((connection) => {
      this.#connection = connection;
      return use(connection);
    });
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

/** What the two operations do not share. */
type OwnParts<Value> = Pick<Call<Value>, "accept" | "wait" | "receive"> & {
  readonly hider: PromptHider;
};

/** A call with what both operations share. One literal, so that all calls share a shape. */
function callOf<Value>(
  request: PreparedCall,
  running: RunningCall,
  { retry, transport }: Connection,
  own: OwnParts<Value>,
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
