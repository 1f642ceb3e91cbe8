#!/usr/bin/env node
// The `dcaf` program: runs the command line and leaves with its exit status.

import { createProgram } from "./program.ts";
import { EXIT_STATUS, reportFailure } from "./report.ts";

for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // Nobody reads any more, as with `dcaf … | head -1`: there is nothing left to do or to say.
    process.exit(error.code === "EPIPE" ? EXIT_STATUS.done : EXIT_STATUS.failed);
  });
}

const status = await createProgram()
  .parseAsync()
  .then(() => EXIT_STATUS.done, reportFailure);

// Pipes may still hold what was written; an input left open must not hold the process.
process.stdout.write("", () => process.exit(status));
