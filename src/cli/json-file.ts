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
  return parseJson(bytes.toString("utf8"), path);
}

/** Reads JSON text, with a byte order mark or without. Throws `UsageError` that names `source`. */
export function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    // The rest of the parser's message quotes what it met, which may be a prompt.
    const place = / at position \d+/.exec((error as Error).message)?.[0] ?? "";
    throw new UsageError(`${source} is not JSON${place && `: look${place}`}.`);
  }
}
