// Between the socket, which delivers when it likes, and one reader, who asks when he likes. Keeps
// events in order and tells the socket to wait when the reader falls behind.

import type { ConverseStreamEvent } from "../core/converse-events.ts";

/** Beyond this many undelivered bytes the socket is told to wait. */
const HIGH_WATER_BYTES = 64 * 1024;

/** So many places of events that were taken are kept, so that taking one does not move the others. */
const MAX_TAKEN = 1024;

/** What can be told to wait. */
export interface PausableSource {
  pause(): void;
  resume(): void;
}

/** What a reader makes of an event; undefined for one that he passes over. */
export type Select<Value> = (event: ConverseStreamEvent) => Value | undefined;

interface Waiter {
  readonly select: Select<unknown>;
  // The reader's own, who knows what his `select` returns.
  readonly resolve: (result: IteratorResult<never, undefined>) => void;
  readonly reject: (error: Error) => void;
}

/** A queue of events with one writer and one reader. */
export class EventChannel {
  #source: PausableSource | undefined;
  #queue: ({ event: ConverseStreamEvent; bytes: number } | undefined)[] = [];
  #head = 0;
  #queuedBytes = 0;
  #paused = false;
  /** Whether everything may arrive at once, and whether it is kept for a reader. */
  #bounded = true;
  #kept = true;
  #dropped = false;
  /** Who has asked before there was anything, first come first served. */
  #waiters: Waiter[] = [];
  /** Whether the writer has closed, with what, and whether the reader knows. */
  #closed = false;
  #error: Error | undefined;
  #ended = false;

  /** Names the source of the events; another attempt names another one. */
  set source(source: PausableSource) {
    this.#source = source;
    this.#paused = false;
  }

  push(event: ConverseStreamEvent, bytes: number): void {
    if (this.#closed) return;
    const [waiter] = this.#waiters;
    if (waiter !== undefined) {
      const value = waiter.select(event);
      if (value === undefined) return;
      this.#waiters.shift();
      waiter.resolve({ done: false, value: value as never });
      return;
    }
    if (!this.#kept) {
      this.#dropped = true;
      this.#empty();
      return;
    }
    this.#queue.push({ event, bytes });
    this.#queuedBytes += bytes;
    if (this.#queuedBytes > HIGH_WATER_BYTES && this.#bounded && !this.#paused) {
      this.#paused = true;
      this.#source?.pause();
    }
  }

  /** No more events: the reader gets what is queued, then the error if there is one. */
  close(error?: Error): void {
    if (this.#closed) return;
    this.#end(error);
    this.#tellWaiters();
  }

  /** Like `close`, but the reader is told at once, whatever is queued or was closed before. */
  interrupt(error: Error): void {
    if (this.#ended) return;
    this.#end(error);
    this.#empty();
    this.#tellWaiters();
  }

  /** The reader will not come back: nothing is kept for him, and he is at the end. */
  leave(): void {
    this.#end();
    this.#ended = true;
    this.#empty();
    this.#tellWaiters();
  }

  /** A reader has come: everything is kept for him. False, and nothing is, when he missed something. */
  begin(): boolean {
    this.#kept = !this.#dropped;
    return this.#kept;
  }

  /**
   * What `select` makes of the next event of which it makes anything. May be asked ahead; answers come
   * in the order of the questions.
   */
  next<Value>(select: Select<Value>): Promise<IteratorResult<Value, undefined>> {
    for (let queued = this.#queue[this.#head]; queued; queued = this.#queue[this.#head]) {
      this.#take(queued.bytes);
      const value = select(queued.event);
      if (value !== undefined) return Promise.resolve({ done: false, value });
    }
    return new Promise((resolve, reject) => {
      this.#waiters.push({ select, resolve, reject });
      if (this.#closed) this.#tellWaiters();
    });
  }

  /** Lets everything arrive, whether the reader keeps up or not; kept only where there is one. */
  drain(hasReader: boolean): void {
    this.#bounded = false;
    this.#kept = hasReader;
    this.#flow();
  }

  /** The source holds a socket, which a stream that is kept must not. */
  #end(error?: Error): void {
    this.#closed = true;
    this.#error = error;
    this.#source = undefined;
  }

  /** An error is told once; who asks again is at the end. */
  #tellWaiters(): void {
    for (const waiter of this.#waiters.splice(0)) {
      const error = this.#ended ? undefined : this.#error;
      this.#ended = true;
      if (error === undefined) waiter.resolve({ done: true, value: undefined });
      else waiter.reject(error);
    }
  }

  #take(bytes: number): void {
    this.#queue[this.#head] = undefined;
    this.#head += 1;
    if (this.#head === MAX_TAKEN) {
      this.#queue.splice(0, this.#head);
      this.#head = 0;
    }
    this.#queuedBytes -= bytes;
    if (this.#head === this.#queue.length) this.#empty();
    if (this.#queuedBytes <= HIGH_WATER_BYTES / 2) this.#flow();
  }

  #empty(): void {
    this.#queue = [];
    this.#head = 0;
    this.#queuedBytes = 0;
  }

  #flow(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#source?.resume();
  }
}
