// The client: options resolved once, then the rooms below wired together. Both kinds of call share
// everything up to the socket.

import type { Operation } from "../converse/converse-options.ts";
import { readConverseResponse, readTokenCount } from "../converse/read-response.ts";
import { restoreNames } from "../converse/restore-names.ts";
import type { ConverseResponse } from "../core/converse-response.ts";
import { type AbortError, BedrockError, showCaller } from "../core/errors.ts";
import { isRecord } from "../core/json.ts";
import type { CallLedger } from "../transport/retrier.ts";
import {
  type BedrockLLMOptions,
  type ClientSettings,
  readClientOptions,
} from "./client-options.ts";
import {
  complete,
  completeError,
  createProgress,
  metadataOf,
  type StreamProgress,
} from "./complete.ts";
import { ConverseStream, type StreamFeed } from "./converse-stream.ts";
import { sendLearning } from "./learning.ts";
import { ModelMemory } from "./model-memory.ts";
import {
  explainRequest,
  type PreparedCall,
  type PreparedRequest,
  prepareCount,
  prepareRequest,
  type RequestExplanation,
} from "./prepare-request.ts";
import type { BegunStream } from "./receive-stream.ts";
import { type CountTokensOptions, type InvokeOptions, keepLists } from "./request-options.ts";
import type { RunningCall } from "./running-call.ts";
import { Sender, type WholeAnswer } from "./sender.ts";
import { toldEvents } from "./told-events.ts";
import { Warner } from "./warner.ts";

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
  readonly #memory: ModelMemory;
  readonly #warner: Warner;
  readonly #sender: Sender;
  #closed = false;

  /** Opens nothing yet. Throws `TypeError` on an option or a variable that cannot be read. */
  constructor(options: BedrockLLMOptions = {}) {
    this.#settings = readClientOptions(options, { ...process.env });
    this.#warner = new Warner(this.#settings.logger);
    this.#memory = new ModelMemory((lesson, model) => this.#warner.tellLesson(lesson, model));
    this.#sender = new Sender(this.#settings);
  }

  /**
   * Asks and waits for the whole answer. Rejects with a `BedrockError`, or with a `TypeError` for a
   * request that is wrong before it is sent.
   */
  async invoke(options: InvokeOptions): Promise<ConverseResponse> {
    const prepare = this.#preparation(options, "converse");
    const first = prepare();
    const call = this.#sender.begin(first, first.timeouts.responseMs);
    try {
      const { request, value } = await this.#sendLearning(first, prepare, (asked) =>
        this.#sender.sendWhole(asked, call, readConverseResponse),
      );
      return this.#complete(request, value, call.ledger);
    } catch (error) {
      if (error instanceof BedrockError) showCaller(error);
      throw error;
    } finally {
      this.#sender.end(call);
    }
  }

  /**
   * Asks the service how many tokens a prompt has, free of charge, for the models that can be asked;
   * the permission is `bedrock:CountTokens`. Rejects like `invoke`.
   * https://docs.aws.amazon.com/bedrock/latest/userguide/count-tokens.html
   */
  async countTokens(options: CountTokensOptions): Promise<{ inputTokens: number }> {
    const settings = this.#open();
    const kept = keepLists(options);
    const prepare = () => prepareCount(kept, settings, this.#memory);
    const first = prepare();
    const call = this.#sender.begin(first, first.timeouts.responseMs);
    try {
      const { value } = await this.#sendLearning(first, prepare, (asked) =>
        this.#sender.sendWhole(asked, call, readTokenCount),
      );
      return { inputTokens: value.read };
    } catch (error) {
      if (error instanceof BedrockError) showCaller(error);
      throw error;
    } finally {
      this.#sender.end(call);
    }
  }

  /**
   * Asks and returns at once; the answer comes as a stream. Throws only the `TypeError` of a request
   * that is wrong before it is sent: every other failure is met where the stream is read.
   */
  invokeStream(options: InvokeOptions): ConverseStream {
    const prepare = this.#preparation(options, "converse-stream");
    const request = prepare();
    const start = (feed: StreamFeed) => {
      const { responseMs, callersMs } = request.timeouts;
      const limitMs = request.operation === "converse" ? responseMs : callersMs;
      const call = this.#sender.begin(request, limitMs);
      const progress = createProgress();
      void this.#finish(
        this.#beginStream(request, prepare, feed, call, progress),
        feed,
        call,
        progress,
      );
      return aborterOf(call, progress);
    };
    return new ConverseStream(start, request.signal);
  }

  /**
   * Tells what `invoke` would send, or `invokeStream` where `operation` says so, and what was changed
   * to make it so; sends nothing. Throws `TypeError` for options that cannot be read.
   */
  explainRequest(options: InvokeOptions, operation: Operation = "converse"): RequestExplanation {
    return explainRequest(options, operation, this.#open(), this.#memory);
  }

  /** Aborts what is still running and closes all connections. Later calls are a `TypeError`. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#sender.close();
  }

  /** Makes the request, and makes it again once more is known of its model. */
  #preparation(options: InvokeOptions, operation: Operation): () => PreparedRequest {
    const settings = this.#open();
    const kept = keepLists(options);
    return () => {
      const request = prepareRequest(kept, operation, settings, this.#memory);
      this.#warner.warnOf(request);
      return request;
    };
  }

  /**
   * Resolves with the first content of a stream. The request ends here: a stream may be open for long,
   * and what was asked may be large.
   */
  async #beginStream(
    first: PreparedRequest,
    prepare: () => PreparedRequest,
    feed: StreamFeed,
    call: RunningCall,
    progress: StreamProgress,
  ): Promise<AnswerUnderWay> {
    const { ledger } = call;
    const { request, value } = await this.#sendLearning(
      first,
      prepare,
      (asked): Promise<BegunStream | WholeAnswer<ConverseResponse>> =>
        asked.operation === "converse"
          ? this.#sender.sendWhole(asked, call, readConverseResponse)
          : this.#sender.sendStream(asked, feed, call, progress),
    );
    if ("read" in value) {
      const response = this.#complete(request, value, ledger);
      for (const event of toldEvents(response)) feed.channel.push(event, 0);
      return { whole: response };
    }
    progress.response = value.response;
    progress.attempts = ledger.attempts;
    const { response, finished } = value;
    return { response, finished, model: request.model, changes: request.changes };
  }

  async #finish(
    beginning: Promise<AnswerUnderWay>,
    feed: StreamFeed,
    call: RunningCall,
    progress: StreamProgress,
  ): Promise<void> {
    try {
      const begun = await beginning;
      if ("whole" in begun) return feed.succeed(begun.whole);
      await begun.finished;
      const response = progress.builder.build();
      this.#memory.noteReasoning(response.output.message.content, begun.model);
      const metadata = metadataOf(call.ledger, begun.response, begun.changes);
      feed.succeed(complete(response, metadata, progress.builder.metered));
    } catch (error) {
      feed.fail(error instanceof BedrockError ? completeError(error, progress) : (error as Error));
    } finally {
      this.#sender.end(call);
    }
  }

  #sendLearning<Request extends PreparedCall, Value>(
    first: Request,
    refit: () => Request,
    send: (request: Request) => Promise<Value>,
  ): Promise<{ request: Request; value: Value }> {
    return sendLearning(first, { memory: this.#memory, refit, send });
  }

  /** What a whole answer is for its caller. */
  #complete(
    { names, model, changes }: PreparedRequest,
    { response, read }: WholeAnswer<ConverseResponse>,
    ledger: CallLedger,
  ): ConverseResponse {
    const { content } = read.output.message;
    if (names.isNeeded) restoreNames(content, names);
    this.#memory.noteReasoning(content, model);
    return complete(read, metadataOf(ledger, response, changes), isRecord(read.usage));
  }

  #open(): ClientSettings {
    if (this.#closed) throw new TypeError("This client was closed; make a new one.");
    return this.#settings;
  }
}

/** An answer that has come whole, or one that is coming, with what of its request is still needed. */
type AnswerUnderWay =
  | { readonly whole: ConverseResponse }
  | (BegunStream & Pick<PreparedRequest, "model" | "changes">);

/** Stops a call; tells the error that it ends with. Apart from the request, which it would hold. */
function aborterOf(
  { cancellation }: RunningCall,
  progress: StreamProgress,
): (error: AbortError) => BedrockError {
  return (error) => {
    cancellation.cancel(error);
    return completeError(cancellation.error ?? error, progress);
  };
}
