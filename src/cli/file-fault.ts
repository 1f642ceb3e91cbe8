// System errors about a file, told in terms of the file the user knows.

import { getSystemErrorMap } from "node:util";
import { CommandError } from "./failures.ts";

/** An error that names `path` and the system's reason; errors of other kinds come back as they are. */
export function describeFileFault(action: "read" | "write", path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !("errno" in error) || typeof error.errno !== "number") {
    return error;
  }
  const [code, reason] = getSystemErrorMap().get(error.errno) ?? ["unknown", error.message];
  return new CommandError(`Cannot ${action} ${path}: ${reason} (${code}).`, { cause: error });
}
