// Where the client writes about itself: failed attempts and how long it waits before the next, what a
// model does not take, what a refusal has taught. Never prompts, never credentials.

/** Any of `console`, pino, winston and the like. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Writes a line, where there is a logger. One that fails, now or later, takes no call with it. */
export function tellLogger(logger: Logger | undefined, level: keyof Logger, message: string): void {
  try {
    const told: unknown = logger?.[level](message);
    if (told instanceof Promise) told.catch(() => {});
  } catch {
    // There is nobody else to tell.
  }
}
