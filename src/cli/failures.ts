// What can go wrong in a command, apart from what the client reports.

/** A command could not do its work: exit status 1. The message is one sentence without secrets. */
export class CommandError extends Error {
  override name = "CommandError";
  /** What to do next, in one sentence. */
  readonly hint?: string;

  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    if (options.hint !== undefined) this.hint = options.hint;
  }
}

/** The command line itself is wrong: exit status 2. */
export class UsageError extends CommandError {
  override name = "UsageError";
}
