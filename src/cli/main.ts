#!/usr/bin/env node
// The `dcaf` program: runs the command line and leaves with its exit status.

import { createProgram } from "./program.ts";
import { EXIT_STATUS, reportFailure } from "./report.ts";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // Nobody reads any more, as with `dcaf … | head -1`: there is nothing left to do or to say.
  process.exit(error.code === "EPIPE" ? EXIT_STATUS.done : reportFailure(error));
});
// A result is worth having without the remarks.
process.stderr.on("error", () => {});

const status = await createProgram()
  .parseAsync()
  .then(() => EXIT_STATUS.done, reportFailure);

// Pipes may still hold what was written; an input left open must not hold the process.
process.stdout.write("", () => process.exit(status));
