// Reading files that a user names or that lie where the program is started.

import { readFile, stat } from "node:fs/promises";
import { CommandError } from "./failures.ts";

/**
 * The bytes of a regular file. A pipe or a device is refused before it is opened, since nothing could
 * end the wait for a pipe that nobody writes to.
 *
 * @throws CommandError for what is no regular file; the system's error if it cannot be read.
 */
export async function readRegularFile(path: string): Promise<Buffer> {
  if (!(await stat(path)).isFile()) throw new CommandError(`${path} is not a regular file.`);
  return await readFile(path);
}
