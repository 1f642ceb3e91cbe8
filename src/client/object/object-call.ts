// An object that was asked for, in the caller's hands: await it, or watch it grow.

import { AbortError, BedrockError, showCaller } from "../../core/errors.ts";
import type { ObjectResult } from "./object-options.ts";
import type { PartialObject } from "./partial-object.ts";
import { PartialObjects } from "./partial-objects.ts";
import type { RunningObject } from "./run-object.ts";

/**
 * An object that is under way when you get this: `await` it for `{ object, response, usage }`. A failure
 * is thrown to whoever awaits or reads, and never as an unhandled rejection.
 */
export class ObjectCall<Value> implements Promise<ObjectResult<Value>> {
  readonly #result: Promise<ObjectResult<Value>>;
  readonly #partials = new PartialObjects();
  readonly #abort: RunningObject["abort"];

  /** Made by `invokeObject`: `start` begins the run, at once. */
  constructor(start: (partials: PartialObjects) => RunningObject) {
    const partials = this.#partials;
    const origin: { stack?: string } = {};
    Error.captureStackTrace(origin);
    const { result, abort } = start(partials);
    this.#abort = abort;
    // What the schema has checked is what the schema says.
    this.#result = (result as Promise<ObjectResult<Value>>).then(
      (result) => {
        partials.end({ object: result.object });
        return result;
      },
      (error: Error) => {
        if (error instanceof BedrockError) showCaller(error, origin);
        partials.end({ error });
        throw error;
      },
    );
    // Whoever awaits gets the error; nobody has to.
    this.#result.catch(() => {});
  }

  /**
   * The object as it grows: each time something of it is new, all that there is, frozen. Last comes the
   * very `object` that the call resolves with, checked; those before are not checked, and not transformed.
   * When the model has to answer anew, for a broken connection or for a repair turn, they begin anew.
   * Read once; leaving the loop early aborts the call. Throws what the call rejects with.
   */
  get stream(): AsyncIterable<PartialObject<Value>> {
    const leave = (): void => this.#abort(new AbortError("The stream was left before its end."));
    return {
      [Symbol.asyncIterator]: () =>
        this.#partials.read(leave) as AsyncGenerator<PartialObject<Value>, undefined, undefined>,
    };
  }

  get [Symbol.toStringTag](): string {
    return "ObjectCall";
  }

  /** Stops the call, which rejects with an `AbortError` whose cause is `reason`. */
  abort(reason?: unknown): void {
    this.#abort(AbortError.from(reason));
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise, and says so.
  then<Fulfilled = ObjectResult<Value>, Rejected = never>(
    onFulfilled?: ((result: ObjectResult<Value>) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    return this.#result.then(onFulfilled, onRejected);
  }

  catch<Rejected = never>(
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<ObjectResult<Value> | Rejected> {
    return this.#result.catch(onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<ObjectResult<Value>> {
    return this.#result.finally(onFinally);
  }
}
