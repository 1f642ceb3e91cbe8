// One call from its beginning to its end, over all attempts: what stops it, and what it has cost.

import { Cancellation } from "../transport/cancellation.ts";
import { Deadline } from "../transport/deadline.ts";
import { type CallLedger, createLedger } from "../transport/retrier.ts";

/** Belongs to one call. Call `end` when that has ended. */
export class RunningCall {
  readonly cancellation: Cancellation;
  readonly ledger: CallLedger = createLedger();
  /** When the call is given up, on `performance`'s clock; Infinity for never. */
  readonly deadlineAt: number;
  /** Whether the caller has set that deadline himself. */
  readonly isCallersDeadline: boolean;
  readonly #deadline: Deadline;

  /** `limitMs` bounds the whole call; 0 does not. */
  constructor(signal: AbortSignal | undefined, limitMs: number, isCallersDeadline: boolean) {
    this.cancellation = new Cancellation(signal);
    this.isCallersDeadline = isCallersDeadline;
    this.deadlineAt = limitMs === 0 ? Number.POSITIVE_INFINITY : performance.now() + limitMs;
    this.#deadline = new Deadline((error) => this.cancellation.cancel(error));
    this.#deadline.arm("response", limitMs);
  }

  /** Lets go of timer and signal. */
  end(): void {
    this.#deadline.clear();
    this.cancellation.dispose();
  }
}
