// How the calls of one turn share the time: side by side up to a limit, and those that ask for it alone.

/** Something to be run. It never rejects. */
export interface Task {
  /** After all before it, before all after it. */
  readonly isAlone: boolean;
  readonly run: () => Promise<void>;
}

/** Runs all tasks, begun in order, at most `limit` at a time. Resolves when all have ended. */
export async function runTasks(tasks: readonly Task[], limit: number): Promise<void> {
  const running = new Set<Promise<void>>();
  for (const { isAlone, run } of tasks) {
    while (running.size >= limit || (isAlone && running.size > 0)) await Promise.race(running);
    const ended: Promise<void> = run().then(() => {
      running.delete(ended);
    });
    running.add(ended);
    if (isAlone) await ended;
  }
  await Promise.all(running);
}
