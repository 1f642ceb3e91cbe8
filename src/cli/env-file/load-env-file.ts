// The `.env` of the current folder as a source of environment variables.

import { describeFileFault } from "../file-fault.ts";
import { readRegularFile } from "../regular-file.ts";

/** How a file is loaded into an environment. */
export interface LoadEnvFileOptions {
  readonly path: string;
  /** Whether a missing file is an error. */
  readonly required: boolean;
  /** Whether the file wins over variables that are set already. */
  readonly override: boolean;
}

/**
 * Sets in `environment` what the file sets. A variable that is there and not empty stays, unless
 * `override`.
 *
 * @throws CommandError if the file cannot be read, or is a folder, a pipe or a device.
 */
export async function loadEnvFile(
  environment: NodeJS.ProcessEnv,
  { path, required, override }: LoadEnvFileOptions,
): Promise<void> {
  const bytes = await readRegularFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" && !required) return undefined;
    throw describeFileFault("read", path, error);
  });
  if (bytes === undefined) return;
  const { parse } = await import("dotenv");
  for (const [name, value] of Object.entries(parse(bytes))) {
    // An empty variable counts as unset everywhere else, so it does here.
    if (override || !environment[name]) environment[name] = value;
  }
}
