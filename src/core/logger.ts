// Where the client writes about itself: failed attempts and how long it waits before the next, what a
// model does not take, what a refusal has taught. Never prompts, never credentials.

/** Any of `console`, pino, winston and the like. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

const LEVELS = ["debug", "info", "warn", "error"] as const;

/** Reads an optional logger; throws `TypeError` for one that lacks a level. */
export function readLogger(value: unknown): Logger | undefined {
  if (value === undefined) return undefined;
  const candidate = value as Partial<Logger> | null;
  if (LEVELS.every((level) => typeof candidate?.[level] === "function")) return value as Logger;
  throw new TypeError("logger must have the methods debug, info, warn and error.");
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
