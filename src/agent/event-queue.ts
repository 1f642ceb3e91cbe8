// Where calls that run side by side leave what they have to tell, for the one who reads it in order.

/** Told progress that nobody has read yet; more is left out. */
const MAX_WAITING_EVENTS = 1_000;

/** Filled by many, read by one. */
export class EventQueue<Event> {
  #events: Event[] = [];
  #wake: (() => void) | undefined;
  #ended = false;

  push(event: Event): void {
    this.#events.push(event);
    this.#wake?.();
  }

  /** The same for what may be left out: where too much waits to be read, it is. */
  offer(event: Event): void {
    if (this.#events.length < MAX_WAITING_EVENTS) this.push(event);
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
