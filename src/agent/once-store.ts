// What may happen once. A store is asked before it happens, and says yes to the first who asks.

/** Remembers what was claimed. Two who ask at the same time must not both be told yes. */
export interface OnceStore {
  /**
   * Whether `id` had not been claimed yet; it is from then on. Ids are 1 to 64 of `[A-Za-z0-9_-]`. After
   * `expiresAt` (milliseconds since 1970) nobody asks again. Where it cannot be told it throws, which ends
   * the run; the call can be begun later.
   */
  claim(id: string, expiresAt: number): boolean | Promise<boolean>;
}

/** Claims between two looks for what has expired. */
const SWEEP_EVERY = 1_000;

/** Remembers for as long as the process lives. The default. */
export class MemoryOnceStore implements OnceStore {
  readonly #expiries = new Map<string, number>();
  #claims = 0;

  claim(id: string, expiresAt: number): boolean {
    this.#claims += 1;
    if (this.#claims % SWEEP_EVERY === 0) this.#sweep(Date.now());
    if (this.#expiries.has(id)) return false;
    this.#expiries.set(id, expiresAt);
    return true;
  }

  #sweep(now: number): void {
    for (const [id, expiresAt] of this.#expiries) {
      if (expiresAt < now) this.#expiries.delete(id);
    }
  }
}
