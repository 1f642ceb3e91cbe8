// The client: options resolved once, then the rooms below wired together. Both kinds of call share
// everything up to the socket.

import type { Operation } from "../converse/converse-options.ts";
import { readConverseResponse, readTokenCount } from "../converse/read-response.ts";
import type { ConverseResponse } from "../core/converse-response.ts";
import { BedrockError, showCaller } from "../core/errors.ts";
import type { InferOutput, InputSchema } from "../tools/infer-schema.ts";
import type { CallLedger } from "../transport/retrier.ts";
import {
  type BedrockLLMOptions,
  type ClientSettings,
  readClientOptions,
} from "./client-options.ts";
import { completeWhole, type WholeAnswer } from "./complete.ts";
import { ConverseStream, type StreamFeed } from "./converse-stream.ts";
import { sendLearning } from "./learning.ts";
import { ModelMemory, type NamedModel } from "./model-memory.ts";
import { ObjectCall } from "./object/object-call.ts";
import type { InvokeObjectOptions } from "./object/object-options.ts";
import { runObject } from "./object/run-object.ts";
import { ToolRefusals } from "./object/tool-refusals.ts";
import {
  explainRequest,
  type PreparedCall,
  type PreparedRequest,
  prepareCount,
  prepareRequest,
  type RequestExplanation,
} from "./prepare-request.ts";
import { type CountTokensOptions, type InvokeOptions, keepLists } from "./request-options.ts";
import { runStream } from "./run-stream.ts";
import { Sender } from "./sender.ts";
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
  readonly #toolRefusals = new ToolRefusals();
  #closed = false;

  /** Opens nothing yet. Throws `TypeError` on an option or a variable that cannot be read. */
  constructor(options: BedrockLLMOptions = {}) {
    this.#settings = readClientOptions(options, { ...process.env });
    this.#warner = new Warner(this.#settings.logger);
    this.#memory = new ModelMemory((lesson, model) => this.#warner.tellLesson(lesson, model));
    this.#sender = new Sender(this.#settings);
  }

  /** The model that answers where a request names none. */
  get modelId(): string | undefined {
    return this.#settings.modelId;
  }

  /** The region of the options or the environment; undefined where a profile or the default decides. */
  get region(): string | undefined {
    return this.#settings.region?.region;
  }

  /**
   * Asks and waits for the whole answer. Rejects with a `BedrockError`, or with a `TypeError` for a
   * request that is wrong before it is sent.
   */
  async invoke(options: InvokeOptions): Promise<ConverseResponse> {
    const prepare = this.#preparation(options, "converse", "invoke");
    return await this.#ask(prepare, readConverseResponse, (request, answer, ledger) =>
      completeWhole(request, answer, ledger, this.#memory),
    );
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
    return await this.#ask(prepare, readTokenCount, (_request, { read }) => ({
      inputTokens: read,
    }));
  }

  /**
   * Asks and returns at once; the answer comes as a stream. Throws only the `TypeError` of a request
   * that is wrong before it is sent: every other failure is met where the stream is read.
   */
  invokeStream(options: InvokeOptions): ConverseStream {
    return this.#stream(options, "invokeStream");
  }

  /**
   * Asks for a value that fits a schema: `const { object } = await llm.invokeObject({ …, schema })`. The
   * way it is asked for is chosen by the model; the answer is checked here, and the model is told once
   * what is wrong with it. Starts at once, as a stream. Rejects like `invoke`, with a
   * `StructuredOutputError` for an answer that does not fit. Neither `toolChoice` nor
   * `outputConfig.textFormat` can be given; `tools` are there for the history, and are not called.
   */
  invokeObject<const Schema extends InputSchema>(
    options: InvokeObjectOptions<Schema>,
  ): ObjectCall<InferOutput<Schema>> {
    return new ObjectCall((partials) => {
      const parts = {
        client: this.#settings,
        traitsOf: (model: NamedModel) => this.#memory.traitsOf(model),
        toolRefusals: this.#toolRefusals,
        invokeStream: (asked: InvokeOptions) => this.#stream(asked, "invokeObject"),
      };
      return runObject(options, parts, partials);
    });
  }

  #stream(options: InvokeOptions, where: string): ConverseStream {
    const prepare = this.#preparation(options, "converse-stream", where);
    const request = prepare();
    const start = (feed: StreamFeed) =>
      runStream(
        { sender: this.#sender, memory: this.#memory, warner: this.#warner },
        request,
        prepare,
        feed,
      );
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
  #preparation(options: InvokeOptions, operation: Operation, where: string): () => PreparedRequest {
    const settings = this.#open();
    const kept = keepLists(options);
    return () => {
      const request = prepareRequest(kept, operation, settings, this.#memory, where);
      this.#warner.warnOf(request);
      return request;
    };
  }

  /** Asks for one whole answer and resolves with what `finish` makes of it. */
  async #ask<Request extends PreparedCall, Read, Value>(
    prepare: () => Request,
    read: (body: Buffer) => Read,
    finish: (request: Request, answer: WholeAnswer<Read>, ledger: CallLedger) => Value,
  ): Promise<Value> {
    const first = prepare();
    const call = this.#sender.begin(first, first.timeouts.responseMs);
    try {
      const { request, value } = await sendLearning(first, {
        memory: this.#memory,
        refit: prepare,
        send: (asked) => this.#sender.sendWhole(asked, call, read),
      });
      return finish(request, value, call.ledger);
    } catch (error) {
      if (error instanceof BedrockError) showCaller(error);
      throw error;
    } finally {
      this.#sender.end(call);
    }
  }

  #open(): ClientSettings {
    if (this.#closed) throw new TypeError("This client was closed; make a new one.");
    return this.#settings;
  }
}
