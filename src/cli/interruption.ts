// Ctrl-C and the signals that end a process, as one `AbortSignal` for the work at hand.

const EXIT_STATUSES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** The work was ended by a signal; the process leaves with the status shells know for it. */
export class InterruptedError extends Error {
  override name = "InterruptedError";
  readonly exitStatus: number;

  constructor(exitStatus: number = EXIT_STATUSES.SIGINT) {
    super("Interrupted.");
    this.exitStatus = exitStatus;
  }
}

/**
 * Runs `work` with a signal that fires on the first SIGINT, SIGTERM or SIGHUP. When it fired, whatever
 * `work` throws becomes an `InterruptedError`; a result still counts. A second one ends the process.
 */
export async function runInterruptibly<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const interrupt = (name: NodeJS.Signals): void => {
    const status = EXIT_STATUSES[name as keyof typeof EXIT_STATUSES];
    if (controller.signal.aborted) process.exit(status);
    controller.abort(new InterruptedError(status));
  };
  const names = Object.keys(EXIT_STATUSES) as (keyof typeof EXIT_STATUSES)[];
  for (const name of names) process.on(name, interrupt);
  try {
    return await work(controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    for (const name of names) process.off(name, interrupt);
  }
}
