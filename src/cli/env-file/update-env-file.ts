// Reading, editing and replacing an `.env` file as one step.

import { CommandError } from "../failures.ts";
import { describeFileFault } from "../file-fault.ts";
import { decodeBytes, encodeText } from "./byte-text.ts";
import { FileChangedError, readIfPresent, replaceFile } from "./replace-file.ts";
import { setValues } from "./set-values.ts";

/** Edits begun again because another program wrote meanwhile. */
const MAXIMUM_ATTEMPTS = 5;

/**
 * Sets the values in the file, making it if it is missing; see `setValues` for what stays and
 * `replaceFile` for how it is written. A file that has the values already is not written.
 *
 * @throws CommandError if the file cannot be read, edited or written; it is then as it was.
 */
export async function updateEnvFile(
  path: string,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  for (let attempt = 1; attempt <= MAXIMUM_ATTEMPTS; attempt++) {
    if (await editOnce(path, values)) return;
  }
  throw new CommandError(`Cannot write ${path}: another program keeps changing it.`);
}

/** Whether the file has the values now; `false` when it changed under the edit. */
async function editOnce(path: string, values: Readonly<Record<string, string>>): Promise<boolean> {
  try {
    const before = await readIfPresent(path);
    const text = decodeBytes(before ?? new Uint8Array());
    const edited = setValues(text, values);
    if (edited !== text) await replaceFile(path, encodeText(edited), before);
    return true;
  } catch (error) {
    if (error instanceof FileChangedError) return false;
    throw describeFileFault("write", path, error);
  }
}
