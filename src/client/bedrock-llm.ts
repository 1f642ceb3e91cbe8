// The client: options resolved once, then the rooms below wired together. Both kinds of call share
// everything up to the socket.

import type { IncomingMessage } from "node:http";
import { readConverseResponse, readTokenCount } from "../converse/read-response.ts";
import { ResponseBuilder } from "../converse/response-builder.ts";
import type { ConverseResponse, ResponseMetadata } from "../core/converse-response.ts";
import { AbortError, attachPartial, BedrockError, showCaller } from "../core/errors.ts";
import { Cancellation } from "../transport/cancellation.ts";
import { Deadline } from "../transport/deadline.ts";
import { requestIdOf } from "../transport/error-response.ts";
import { readBody } from "../transport/read-body.ts";
import type { Answer, Call } from "../transport/transport.ts";
import {
  type BedrockLLMOptions,
  type ClientSettings,
  readClientOptions,
} from "./client-options.ts";
import { type Connection, openConnection } from "./connection.ts";
import { ConverseStream, type StreamFeed } from "./converse-stream.ts";
import { receiveStream } from "./receive-stream.ts";
import {
  type CountTokensOptions,
  type InvokeOptions,
  type PreparedRequest,
  prepareCount,
  prepareRequest,
} from "./request-options.ts";

/**
 * A client of Amazon Bedrock's Converse API. Make one and keep it: it holds the connections, the
 * credentials and what it has learnt about the service's patience. Safe for any number of
 * concurrent calls.
 *
 * @example
 * const llm = new BedrockLLM({ region: "us-east-1" });
 * const response = await llm.invoke({ modelId: "fast", messages: "What is the capital of France?" });
 * console.log(textOf(response));
 */
export class BedrockLLM {
  readonly #settings: ClientSettings;
  readonly #running = new Set<Cancellation>();
  #connecting: Promise<Connection> | undefined;
  #connection: Connection | undefined;
  #closed = false;

  /** Opens nothing yet. Throws `TypeError` on an option or a variable that cannot be read. */
  constructor(options: BedrockLLMOptions = {}) {
    this.#settings = readClientOptions(options, { ...process.env });
  }

  /**
   * Asks and waits for the whole answer. Rejects with a `BedrockError`, or with a `TypeError` for a
   * request that is wrong before it is sent.
   */
  async invoke(options: InvokeOptions): Promise<ConverseResponse> {
    const request = prepareRequest(options, "converse", this.#open());
    const { answer, metadata } = await this.#call(request, readConverseResponse);
    return complete(answer, metadata, "usage" in answer);
  }

  /**
   * Asks the service how many tokens a prompt has, free of charge, for the models that can be asked;
   * the permission is `bedrock:CountTokens`. Rejects like `invoke`.
   * https://docs.aws.amazon.com/bedrock/latest/userguide/count-tokens.html
   */
  async countTokens(options: CountTokensOptions): Promise<{ inputTokens: number }> {
    const request = prepareCount(options, this.#open());
    const { answer } = await this.#call(request, readTokenCount);
    return { inputTokens: answer };
  }

  /**
   * Asks and returns at once; the answer comes as a stream. Throws only the `TypeError` of a request
   * that is wrong before it is sent: every other failure is met where the stream is read.
   */
  invokeStream(options: InvokeOptions): ConverseStream {
    const request = prepareRequest(options, "converse-stream", this.#open());
    const start = (feed: StreamFeed) => {
      const cancellation = this.#begin(request.signal);
      const progress: StreamProgress = { builder: new ResponseBuilder() };
      void this.#stream(request, feed, cancellation, progress);
      return (error: AbortError) => {
        cancellation.cancel(error);
        return completeError(cancellation.error ?? error, progress);
      };
    };
    return new ConverseStream(start, request.signal);
  }

  /** Aborts what is still running and closes all connections. Later calls are a `TypeError`. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const cancellation of this.#running) {
      cancellation.cancel(new AbortError("The client was closed."));
    }
    const connection = await this.#connecting?.catch(() => undefined);
    connection?.close();
  }

  async #stream(
    request: PreparedRequest,
    feed: StreamFeed,
    cancellation: Cancellation,
    progress: StreamProgress,
  ): Promise<void> {
    const { timeouts } = request;
    const whole = new Deadline((error) => cancellation.cancel(error));
    whole.arm("response", timeouts.streamMs);
    try {
      const { transport, retry } = await this.#connect(cancellation);
      const answer = await transport.send({
        ...callOf(request, retry, transport.endpoint.basePath),
        accept: "application/vnd.amazon.eventstream",
        wait: { phase: "first_event", limitMs: timeouts.firstEventMs },
        cancellation,
        receive: (response, deadline, redact) => {
          const builder = new ResponseBuilder();
          progress.builder = builder;
          const { channel } = feed;
          const { idleMs } = timeouts;
          return receiveStream(response, deadline, { builder, channel, idleMs, redact });
        },
      });
      progress.begun = { ...answer.value, attempts: answer.attempts };
      await progress.begun.finished;
      const metadata = metadataOf(answer, progress.begun.response);
      feed.succeed(complete(progress.builder.build(), metadata, progress.builder.metered));
    } catch (error) {
      feed.fail(error instanceof BedrockError ? completeError(error, progress) : (error as Error));
    } finally {
      whole.clear();
      this.#end(cancellation);
    }
  }

  /** One request, one whole answer, read by `read`. */
  async #call<Read>(
    request: PreparedRequest,
    read: (body: Buffer) => Read,
  ): Promise<{ answer: Read; metadata: ResponseMetadata }> {
    const cancellation = this.#begin(request.signal);
    try {
      const { transport, retry } = await this.#connect(cancellation);
      const sent = await transport.send({
        ...callOf(request, retry, transport.endpoint.basePath),
        accept: "application/json",
        wait: { phase: "response", limitMs: request.timeouts.responseMs },
        cancellation,
        receive: async (response, deadline) => {
          const body = await readBody(response, transport.endpoint);
          deadline.clear();
          return { response, answer: read(body) };
        },
      });
      const { response, answer } = sent.value;
      return { answer, metadata: metadataOf(sent, response) };
    } catch (error) {
      if (error instanceof BedrockError) showCaller(error);
      throw error;
    } finally {
      this.#end(cancellation);
    }
  }

  #open(): ClientSettings {
    if (this.#closed) throw new TypeError("This client was closed; make a new one.");
    return this.#settings;
  }

  #begin(signal: AbortSignal | undefined): Cancellation {
    const cancellation = new Cancellation(signal);
    this.#running.add(cancellation);
    return cancellation;
  }

  #end(cancellation: Cancellation): void {
    cancellation.dispose();
    this.#running.delete(cancellation);
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

const NO_USAGE = { inputTokens: 0, outputTokens: 0, totalTokens: 0 };
const NO_METRICS = { latencyMs: 0 };

/** The part of a call that both operations share. */
function callOf(request: PreparedRequest, retry: Connection["retry"], basePath: string) {
  const { maxAttempts = retry.maxAttempts, mode = retry.mode } = request.retry;
  return {
    path: basePath + request.path,
    body: request.body,
    rateKey: request.modelId,
    retry: { maxAttempts, mode },
    connectMs: request.timeouts.connectMs,
  } satisfies Partial<Call<unknown>>;
}

function metadataOf(answer: Answer<unknown>, response: IncomingMessage): ResponseMetadata {
  return {
    httpStatusCode: response.statusCode,
    requestId: requestIdOf(response),
    attempts: answer.attempts,
    totalRetryDelay: answer.totalRetryDelayMs,
  };
}

/** A response with what is known of its call, and with zeros where the service gave no counts. */
function complete(
  response: ConverseResponse,
  metadata: ResponseMetadata,
  metered: boolean,
): ConverseResponse {
  const $metadata = metered ? metadata : { ...metadata, usageMissing: true };
  const { usage = { ...NO_USAGE }, metrics = { ...NO_METRICS } } =
    response as Partial<ConverseResponse>;
  return { ...response, usage, metrics, $metadata };
}

/** How far a stream has come. */
interface StreamProgress {
  /** Of the attempt that is running, or ran last. */
  builder: ResponseBuilder;
  begun?: { response: IncomingMessage; finished: Promise<void>; attempts: number };
}

/** Tells an error of a stream what only its caller knows: what had arrived, in which answer. */
function completeError(error: BedrockError, { builder, begun }: StreamProgress): BedrockError {
  if (begun === undefined) return error;
  attachPartial(error, () => builder.build());
  error.attempts = begun.attempts;
  error.status ??= begun.response.statusCode;
  error.requestId ??= requestIdOf(begun.response);
  return error;
}
