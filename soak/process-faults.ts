// What a process reports besides its results: warnings, and rejections and errors nobody handled.

/** Collects from now on; one process has one. */
export function watchProcess(): { warnings: string[]; unhandled: string[] } {
  const warnings: string[] = [];
  const unhandled: string[] = [];
  process.on("warning", (warning) => warnings.push(String(warning)));
  process.on("unhandledRejection", (reason) => unhandled.push(String(reason)));
  process.on("uncaughtException", (error) => unhandled.push(String(error)));
  return { warnings, unhandled };
}
