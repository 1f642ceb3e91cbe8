// Ctrl-C and the signals that end a process, as one `AbortSignal` for the work at hand.

const EXIT_STATUSES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

type InterruptingSignal = keyof typeof EXIT_STATUSES;

/** The work was ended by a signal; the process leaves with the status shells know for it. */
export class InterruptedError extends Error {
  override name = "InterruptedError";
  readonly signalName: InterruptingSignal;
  readonly exitStatus: number;

  constructor(signalName: InterruptingSignal = "SIGINT") {
    super("Interrupted.");
    this.signalName = signalName;
    this.exitStatus = EXIT_STATUSES[signalName];
  }
}

/**
 * Runs `work` with a signal that fires on the first SIGINT, SIGTERM or SIGHUP. When it fired, whatever
 * `work` throws becomes an `InterruptedError`; a result still counts. A second one ends the process.
 */
export async function runInterruptibly<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const interrupt = (name: NodeJS.Signals): void => {
    const reason = new InterruptedError(name as InterruptingSignal);
    if (controller.signal.aborted) process.exit(reason.exitStatus);
    controller.abort(reason);
  };
  const names = Object.keys(EXIT_STATUSES) as InterruptingSignal[];
  for (const name of names) process.on(name, interrupt);
  try {
    return await work(controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    for (const name of names) process.off(name, interrupt);
  }
}
