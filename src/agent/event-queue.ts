// Where calls that run side by side leave what they have to tell, for the one who reads it in order.

/** Filled by many, read by one. */
export class EventQueue<Event> {
  #events: Event[] = [];
  #wake: (() => void) | undefined;
  #ended = false;

  /** How many wait to be read. */
  get size(): number {
    return this.#events.length;
  }

  push(event: Event): void {
    this.#events.push(event);
    this.#wake?.();
  }

  /** Nothing comes after what was pushed. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** Everything that is pushed, until the end. */
  async *read(): AsyncGenerator<Event, void> {
    for (;;) {
      const events = this.#events;
      this.#events = [];
      yield* events;
      if (this.#events.length > 0) continue;
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}
