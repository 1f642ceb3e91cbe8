// Tools for the model from JSON files.

import type { ToolInput } from "../index.ts";
import { readJsonFile } from "./json-file.ts";

/**
 * The tools of all files in order; a file holds one tool or a list. Their shapes are the client's to
 * judge.
 *
 * @throws CommandError for a file that cannot be read or is no regular file, UsageError for one that
 * is no JSON.
 */
export async function readToolFiles(paths: readonly string[]): Promise<ToolInput[]> {
  const files = await Promise.all(paths.map(readJsonFile));
  return files.flat() as ToolInput[];
}
