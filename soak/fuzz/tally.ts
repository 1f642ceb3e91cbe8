// Counts of what happened, by what it was.

/** Counters that begin at 0. */
export class Tally {
  readonly #counts = new Map<string, number>();

  count(what: string): void {
    this.#counts.set(what, this.of(what) + 1);
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  /** What begins so, without its beginning, and how often; the most frequent first. */
  below(beginning: string): [what: string, count: number][] {
    return [...this.#counts]
      .filter(([what]) => what.startsWith(beginning))
      .map(([what, count]): [string, number] => [what.slice(beginning.length), count])
      .sort(([, one], [, other]) => other - one);
  }
}
