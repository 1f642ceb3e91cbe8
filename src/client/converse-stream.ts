// A streamed answer in the caller's hands: read it event by event, as text, or await it whole.

import type { ConverseStreamEvent } from "../core/converse-events.ts";
import type { ConverseResponse } from "../core/converse-response.ts";
import { AbortError, type BedrockError, showCaller } from "../core/errors.ts";
import { EventChannel } from "./event-channel.ts";
import { StreamIterator, type StreamReading } from "./stream-iterator.ts";

/** What the client feeds a stream with. */
export interface StreamFeed {
  readonly channel: EventChannel;
  /** The answer is complete. */
  succeed(response: ConverseResponse): void;
  /** The answer will not be complete. */
  fail(error: Error): void;
}

/**
 * An answer as it comes. The request is under way when you get this, and goes on whether you read
 * or not, up to a small buffer. A failure is thrown wherever you next look, by iteration, `text()`
 * and `response()` alike, and never as an unhandled rejection. Leaving a loop early aborts.
 */
export class ConverseStream implements AsyncIterable<ConverseStreamEvent> {
  readonly #channel = new EventChannel();
  readonly #abort: (error: AbortError) => BedrockError;
  readonly #finished: Promise<ConverseResponse>;
  readonly #signal: AbortSignal | undefined;
  #isRead = false;
  #over = false;

  /**
   * Made by `invokeStream`: `start` begins the call and returns what aborts it, which tells the error
   * that the call ends with: the first one.
   */
  constructor(
    start: (feed: StreamFeed) => (error: AbortError) => BedrockError,
    signal: AbortSignal | undefined,
  ) {
    this.#signal = signal;
    const origin: { stack?: string } = {};
    Error.captureStackTrace(origin);
    let succeed: (response: ConverseResponse) => void = () => {};
    let fail: (error: Error) => void = () => {};
    this.#finished = new Promise((resolve, reject) => {
      succeed = resolve;
      fail = reject;
    });
    // Whoever reads gets the error; nobody has to.
    this.#finished.catch(() => {});
    this.#abort = start({
      channel: this.#channel,
      succeed: (response) => {
        this.#over = true;
        succeed(response);
        this.#channel.close();
      },
      fail: (error) => {
        this.#over = true;
        showCaller(error, origin);
        fail(error);
        this.#channel.close(error);
      },
    });
  }

  /**
   * Events in wire order. A stream is read once: a second reader is a `TypeError`, and so is one who
   * comes after `response()` has let events go by.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<ConverseStreamEvent, undefined> {
    const iterator = new StreamIterator(this.#channel, everyEvent, this.#reading);
    iterator.begin();
    return iterator;
  }

  /** The pieces of text as they come; everything else is passed over. Counts as reading. */
  text(): AsyncGenerator<string, undefined, undefined> {
    return new StreamIterator(this.#channel, textIn, this.#reading);
  }

  /**
   * The whole answer, in the shape of `invoke`. Waits for the end, whatever was read before; what
   * nobody reads is let go. Rejects with the error of the stream.
   */
  response(): Promise<ConverseResponse> {
    this.#channel.drain(this.#isRead);
    return this.#finished;
  }

  /**
   * Closes the connection. The reader gets an `AbortError` whose cause is `reason`, before anything
   * that has arrived but was not read. Changes nothing for who has read to the end.
   */
  abort(reason?: unknown): void {
    const error = AbortError.from(reason);
    this.#channel.interrupt(this.#over ? error : this.#abort(error));
  }

  /** One for the stream, however it is read: it is read once. */
  readonly #reading: StreamReading = {
    begin: () => {
      if (this.#isRead) {
        throw new TypeError("This stream is being read already; await response() for the whole.");
      }
      if (!this.#channel.begin()) {
        throw new TypeError("response() was asked for first, and events have gone by unread.");
      }
      this.#isRead = true;
    },
    // What has arrived may still wait to be read when the call itself is over.
    heedSignal: () => {
      if (this.#signal?.aborted) this.abort(this.#signal.reason);
    },
    leave: () => {
      if (!this.#over) this.#abort(new AbortError("The stream was left before its end."));
      this.#channel.leave();
    },
  };
}

function everyEvent(event: ConverseStreamEvent): ConverseStreamEvent {
  return event;
}

/** Undefined where there is nothing to show. */
function textIn({ contentBlockDelta }: ConverseStreamEvent): string | undefined {
  const text = contentBlockDelta?.delta.text;
  return text === "" ? undefined : text;
}
