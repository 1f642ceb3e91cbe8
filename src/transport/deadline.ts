// One timer for the successive limits of a call: connecting, then waiting for bytes.

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

/** Calls back with a `TimeoutError` when the phase last armed has lasted too long. */
export class Deadline {
  readonly #onExpired: (error: TimeoutError) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(onExpired: (error: TimeoutError) => void) {
    this.#onExpired = onExpired;
  }

  /** Starts a phase; the one before is over. A limit of 0 means none. */
  arm(phase: TimeoutPhase, limitMs: number): void {
    this.clear();
    if (limitMs === 0) return;
    this.#timer = setTimeout(() => {
      const message = `Waited ${limitMs} ms for ${WAITED_FOR[phase]}.`;
      this.#onExpired(
        new TimeoutError(message, {
          phase,
          elapsedMs: limitMs,
          retryable: phase === "connect",
          hint: ADVICE[phase],
        }),
      );
    }, limitMs);
  }

  /** Starts the same phase anew: something arrived. */
  refresh(): void {
    this.#timer?.refresh();
  }

  /** Ends the phase. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
