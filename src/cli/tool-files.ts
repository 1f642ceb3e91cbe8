// Tools for the model from JSON files.

import type { ToolInput } from "../index.ts";
import { UsageError } from "./failures.ts";
import { describeFileFault } from "./file-fault.ts";
import { readRegularFile } from "./regular-file.ts";

/**
 * The tools of all files in order; a file holds one tool or a list. Their shapes are the client's to
 * judge.
 *
 * @throws CommandError for a file that cannot be read or is no regular file, UsageError for one that
 * is no JSON.
 */
export async function readToolFiles(paths: readonly string[]): Promise<ToolInput[]> {
  const files = await Promise.all(paths.map(readToolFile));
  return files.flat();
}

async function readToolFile(path: string): Promise<ToolInput[]> {
  const bytes = await readRegularFile(path).catch((error: unknown) => {
    throw describeFileFault("read", path, error);
  });
  const text = bytes.toString("utf8").replace(/^\ufeff/, "");
  try {
    return [JSON.parse(text)].flat() as ToolInput[];
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}
