// The service's time, as far as it is known: signatures are refused when the two clocks disagree.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html#signature-v4-troubleshooting-credential-scope

/** A smaller difference is no reason for a refusal, which AWS gives from five minutes on. */
const MIN_CORRECTION_MS = 4 * 60_000;

/** This machine's clock, corrected once the service has shown that it is wrong. */
export class ServiceClock {
  readonly #localNow: () => number;
  #offsetMs = 0;

  constructor(localNow: () => number = Date.now) {
    this.#localNow = localNow;
  }

  /** Milliseconds since 1970 by the service's clock. */
  now(): number {
    return this.#localNow() + this.#offsetMs;
  }

  /** How far this machine is known to be behind; negative when it is ahead. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /**
   * Learns from the `date` header of an answer to a request that was signed with `usedOffsetMs`.
   * True when that was so far off that the request may be accepted with the time known now.
   */
  correct(date: string | undefined, usedOffsetMs: number): boolean {
    const serviceNow = date === undefined ? Number.NaN : Date.parse(date);
    if (Number.isNaN(serviceNow)) return false;
    const offsetMs = serviceNow - this.#localNow();
    if (Math.abs(offsetMs - usedOffsetMs) < MIN_CORRECTION_MS) return false;
    this.#offsetMs = offsetMs;
    return true;
  }
}
