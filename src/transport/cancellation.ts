// The one way to stop a call from outside, at whatever it is doing: waiting for its turn, for
// credentials, between attempts, or on a socket.

import { setMaxListeners } from "node:events";
import { AbortError, type BedrockError } from "../core/errors.ts";

const MAX_INTERVAL_MS = 2 ** 31 - 1;

/** What a call is doing, and can be stopped at. */
export interface Stoppable {
  fail(error: BedrockError): void;
}

/** Belongs to one call, over all its attempts. Call `dispose` when the call has ended. */
export class Cancellation {
  readonly #signal: AbortSignal | undefined;
  #error: BedrockError | undefined;
  #target: Stoppable | undefined;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
    if (signal === undefined) return;
    if (signal.aborted) {
      this.#error = AbortError.from(signal.reason);
      return;
    }
    // One signal for many calls is no leak, which is what Node would warn of; one that is not Node's
    // own cannot be told, and does not warn.
    if (signal instanceof AbortSignal) setMaxListeners(0, signal);
    signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  readonly #onAbort = (): void => {
    this.cancel(AbortError.from(this.#signal?.reason));
  };

  /** Why the call was stopped, once it was. */
  get error(): BedrockError | undefined {
    return this.#error;
  }

  /** Stops the call. Only the first reason counts. */
  cancel(error: BedrockError): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    this.#target?.fail(error);
  }

  /** Names what is to be told; the one before is no longer. Told at once when already stopped. */
  attach(target: Stoppable): void {
    if (this.#error !== undefined) target.fail(this.#error);
    else this.#target = target;
  }

  /** Settles like `promise`, unless the call is stopped first. Keeps the process waiting meanwhile. */
  guard<Value>(promise: Promise<Value>): Promise<Value> {
    const hold = setInterval(() => {}, MAX_INTERVAL_MS);
    return new Promise<Value>((resolve, reject) => {
      this.attach({ fail: reject });
      promise.then(resolve, reject);
    }).finally(() => clearInterval(hold));
  }

  /** Waits; rejects as soon as the call is stopped. */
  sleep(durationMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, durationMs);
      const fail = (error: BedrockError): void => {
        clearTimeout(timer);
        reject(error);
      };
      this.attach({ fail });
    });
  }

  /** Lets go of the caller's signal. */
  dispose(): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#target = undefined;
  }
}
