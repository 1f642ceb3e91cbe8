// One timer for the successive limits of a call: connecting, then waiting for what was asked.

import { TimeoutError, type TimeoutPhase } from "../core/errors.ts";

const ADVICE: Record<TimeoutPhase, string> = {
  connect: "No connection was made in time: check the network, the proxy and `timeouts.connectMs`.",
  first_event:
    "Nothing came back in time: raise `timeouts.firstEventMs` for slow or thinking models.",
  idle: "The stream fell silent: raise `timeouts.idleMs` if the model may pause for longer.",
  response:
    "The answer did not come in time: raise `timeouts.responseMs` or ask for less; a stream without that option may talk for as long as it likes.",
};

const WAITED_FOR: Record<TimeoutPhase, string> = {
  connect: "a connection",
  first_event: "the first event",
  idle: "the next event",
  response: "the complete answer",
};

/** What a phase that runs out means for another attempt. */
export interface AttemptAdvice {
  readonly isRetryable: boolean;
  readonly hint?: string;
}

const NO_ATTEMPT: AttemptAdvice = { isRetryable: false };

/** A phase that is under way. */
interface Phase {
  readonly name: TimeoutPhase;
  readonly limitMs: number;
  readonly attempt: AttemptAdvice;
}

/** Calls back with a `TimeoutError` when the phase last armed has lasted too long. */
export class Deadline {
  readonly #onExpired: (error: TimeoutError) => void;
  #timer: NodeJS.Timeout | undefined;
  /** When the phase began or was last refreshed, on `performance`'s clock. */
  #since = 0;
  /** Whether that was after the timer was set, which does not know of it. */
  #isRefreshed = false;

  constructor(onExpired: (error: TimeoutError) => void) {
    this.#onExpired = onExpired;
  }

  /**
   * Starts a phase; the one before is over. A limit of 0 means none. `attempt` is what the error will
   * say of another attempt: that there may be one, and what to do where the phase's own advice is not.
   */
  arm(name: TimeoutPhase, limitMs: number, attempt: AttemptAdvice = NO_ATTEMPT): void {
    this.clear();
    if (limitMs === 0) return;
    this.#since = performance.now();
    this.#wait({ name, limitMs, attempt }, limitMs);
  }

  /** Starts the same phase anew: something arrived. The timer runs on, and learns of it at its end. */
  refresh(): void {
    if (this.#timer === undefined) return;
    this.#since = performance.now();
    this.#isRefreshed = true;
  }

  /** Ends the phase. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(phase: Phase, durationMs: number): void {
    this.#isRefreshed = false;
    this.#timer = setTimeout(() => this.#runOut(phase), durationMs);
  }

  /**
   * A process that was frozen, or busy for as long, finds its timers run out and the answer in its
   * sockets: those are read once before the answer is given up.
   */
  #runOut(phase: Phase): void {
    const timer = this.#timer;
    setImmediate(() => {
      if (this.#timer !== timer) return;
      if (this.#isRefreshed) {
        this.#waitOn(phase);
      } else {
        this.clear();
        this.#onExpired(this.#errorOf(phase));
      }
    });
  }

  /** Waits for what is left since the last refresh. */
  #waitOn(phase: Phase): void {
    const remainingMs = this.#since + phase.limitMs - performance.now();
    this.#wait(phase, Math.max(1, Math.ceil(remainingMs)));
  }

  #errorOf({ name, limitMs, attempt }: Phase): TimeoutError {
    return new TimeoutError(`Waited ${limitMs} ms for ${WAITED_FOR[name]}.`, {
      phase: name,
      elapsedMs: Math.round(performance.now() - this.#since),
      retryable: attempt.isRetryable,
      hint: attempt.hint ?? ADVICE[name],
    });
  }
}
