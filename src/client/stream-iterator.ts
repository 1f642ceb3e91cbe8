// One reader of a stream, as `for await` wants him. An async generator would say the same in fewer
// lines, and make several promises more for each event.

import type { EventChannel, Select } from "./event-channel.ts";

/** What a reader does to the stream he reads. */
export interface StreamReading {
  /** He comes. Throws when there is nothing for him to read. */
  begin(): void;
  /** He asks for more. */
  heedSignal(): void;
  /** He will not come back. */
  leave(): void;
}

/** Hands out what `select` makes of the events. Begins to read when first asked. */
export class StreamIterator<Value> implements AsyncGenerator<Value, undefined, undefined> {
  readonly #channel: EventChannel;
  readonly #select: Select<Value>;
  readonly #reading: StreamReading;
  #hasBegun = false;
  #isOver = false;

  constructor(channel: EventChannel, select: Select<Value>, reading: StreamReading) {
    this.#channel = channel;
    this.#select = select;
    this.#reading = reading;
  }

  /** Begins to read now. Throws when there is nothing to read. */
  begin(): void {
    this.#reading.begin();
    this.#hasBegun = true;
  }

  next(): Promise<IteratorResult<Value, undefined>> {
    if (this.#isOver) return Promise.resolve({ done: true, value: undefined });
    if (!this.#hasBegun) {
      try {
        this.begin();
      } catch (error) {
        this.#isOver = true;
        return Promise.reject(error);
      }
    }
    this.#reading.heedSignal();
    return this.#channel.next(this.#select);
  }

  return(): Promise<IteratorResult<Value, undefined>> {
    if (this.#hasBegun) this.#reading.leave();
    this.#isOver = true;
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Leaves, and rejects with `error`. */
  async throw(error: unknown): Promise<IteratorResult<Value, undefined>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
