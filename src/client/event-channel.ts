// Between the socket, which delivers when it likes, and one reader, who asks when he likes. Keeps
// events in order and tells the socket to wait when the reader falls behind.

import type { ConverseStreamEvent } from "../core/converse-events.ts";
import type { BedrockError } from "../core/errors.ts";

/** Beyond this many undelivered bytes the socket is told to wait. */
const HIGH_WATER_BYTES = 64 * 1024;

/** What can be told to wait; an `IncomingMessage` fits. */
export interface PausableSource {
  pause(): void;
  resume(): void;
}

interface Waiter {
  resolve(result: IteratorResult<ConverseStreamEvent, undefined>): void;
  reject(error: BedrockError): void;
}

/** A queue of events with one writer and one reader. */
export class EventChannel {
  #source: PausableSource | undefined;
  #queue: { event: ConverseStreamEvent; bytes: number }[] = [];
  #head = 0;
  #queuedBytes = 0;
  #paused = false;
  #mode: "bounded" | "unbounded" | "discarding" = "bounded";
  #waiter: Waiter | undefined;
  #over = false;
  #error: BedrockError | undefined;

  /** Names the source of the events; a retry names another one. */
  set source(source: PausableSource) {
    this.#source = source;
    this.#paused = false;
  }

  push(event: ConverseStreamEvent, bytes: number): void {
    if (this.#over) return;
    const waiter = this.#waiter;
    if (waiter !== undefined) {
      this.#waiter = undefined;
      waiter.resolve({ done: false, value: event });
      return;
    }
    if (this.#mode === "discarding") return;
    this.#queue.push({ event, bytes });
    this.#queuedBytes += bytes;
    if (this.#queuedBytes > HIGH_WATER_BYTES && this.#mode === "bounded" && !this.#paused) {
      this.#paused = true;
      this.#source?.pause();
    }
  }

  /** No more events: the reader gets what is queued, then the error if there is one. */
  close(error?: BedrockError): void {
    if (this.#over) return;
    this.#over = true;
    this.#error = error;
    const waiter = this.#waiter;
    this.#waiter = undefined;
    if (waiter === undefined) return;
    if (error === undefined) waiter.resolve({ done: true, value: undefined });
    else waiter.reject(error);
  }

  /** The next event. One call at a time. */
  next(): Promise<IteratorResult<ConverseStreamEvent, undefined>> {
    const queued = this.#queue[this.#head];
    if (queued !== undefined) {
      this.#take(queued.bytes);
      return Promise.resolve({ done: false, value: queued.event });
    }
    if (this.#error !== undefined) {
      const error = this.#error;
      this.#error = undefined;
      return Promise.reject(error);
    }
    if (this.#over) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject };
    });
  }

  /** Lets everything arrive: into the queue for a reader who has begun, else nowhere. */
  drain(hasReader: boolean): void {
    if (this.#mode === "discarding") return;
    this.#mode = hasReader ? "unbounded" : "discarding";
    if (!hasReader) this.#queue = [];
    if (!hasReader) this.#head = 0;
    this.#flow();
  }

  #take(bytes: number): void {
    this.#head += 1;
    this.#queuedBytes -= bytes;
    if (this.#head === this.#queue.length) {
      this.#queue = [];
      this.#head = 0;
    }
    if (this.#queuedBytes <= HIGH_WATER_BYTES / 2) this.#flow();
  }

  #flow(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#source?.resume();
  }
}
