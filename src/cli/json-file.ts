// JSON from a file that the user named.

import { UsageError } from "./failures.ts";
import { describeFileFault } from "./file-fault.ts";
import { readRegularFile } from "./regular-file.ts";

/**
 * @throws CommandError for a file that cannot be read or is no regular file, UsageError for one that
 * is no JSON.
 */
export async function readJsonFile(path: string): Promise<unknown> {
  const bytes = await readRegularFile(path).catch((error: unknown) => {
    throw describeFileFault("read", path, error);
  });
  try {
    return JSON.parse(bytes.toString("utf8").replace(/^\ufeff/, ""));
  } catch (error) {
    // The rest of the parser's message quotes what it met, which may be a prompt.
    const place = / at position \d+/.exec((error as Error).message)?.[0] ?? "";
    throw new UsageError(`${path} is not JSON${place && `: look${place}`}.`);
  }
}
