// Replacing a file in one step: whoever reads it, or finds it after a crash, sees the old bytes or the
// new ones. A library was tried and set aside: `write-file-atomic` 7 ignores short writes, so on a full
// disk it puts a cut file in place, and it turns a link to a file not yet made into a file.

import { randomBytes } from "node:crypto";
import type { Stats } from "node:fs";
import { type FileHandle, lstat, open, readlink, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { readRegularFile } from "../regular-file.ts";

const NEW_FILE_MODE = 0o600;
const PERMISSION_BITS = 0o7777;

/** Links the kernel follows before it calls them a loop, https://man7.org/linux/man-pages/man7/path_resolution.7.html. */
const MAXIMUM_LINKS = 40;

/** The file was changed by someone else between reading and replacing it. */
export class FileChangedError extends Error {
  override name = "FileChangedError";
}

/**
 * The bytes of a regular file, or `undefined` where there is none.
 *
 * @throws CommandError for a folder, a pipe or a device: what is no file cannot be replaced as one.
 */
export async function readIfPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await readRegularFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * Puts `bytes` in the place of `expected`, which is what the file held when it was read (`undefined`:
 * no file). Mode and owner stay, a new file gets mode 0600, and where the path is a symbolic link the
 * file it points to is replaced. Bytes and name are on the disk when the promise resolves.
 *
 * @throws FileChangedError if the file holds something else by now; it is then left alone.
 */
export async function replaceFile(
  path: string,
  bytes: Uint8Array,
  expected: Uint8Array | undefined,
): Promise<void> {
  const target = await followLinks(path);
  const existing = await statIfPresent(target);
  const suffix = randomBytes(6).toString("hex");
  const temporary = join(dirname(target), `${basename(target)}.${suffix}.tmp`);
  const handle = await open(temporary, "wx", NEW_FILE_MODE);
  try {
    try {
      await handle.writeFile(bytes);
      if (existing !== undefined) await takeOver(handle, existing);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (!isSame(await readIfPresent(target), expected)) throw new FileChangedError(path);
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(target));
}

/** Where the path leads in the end, which need not exist. */
async function followLinks(path: string): Promise<string> {
  let target = resolve(path);
  for (let links = 0; links <= MAXIMUM_LINKS; links++) {
    const link = await readlink(target).catch(() => undefined);
    if (link === undefined) return target;
    target = resolve(dirname(target), link);
  }
  // The kernel's own refusal of the loop.
  await stat(path);
  return target;
}

async function statIfPresent(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function takeOver(handle: FileHandle, existing: Stats): Promise<void> {
  const created = await handle.stat();
  if (created.uid !== existing.uid || created.gid !== existing.gid) {
    await handle.chown(existing.uid, existing.gid);
  }
  // Last, because a change of owner clears some of the bits.
  await handle.chmod(existing.mode & PERMISSION_BITS);
}

/** Makes the new name last through a power cut; not every system can, and the file is whole anyway. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r").catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}

function isSame(actual: Uint8Array | undefined, expected: Uint8Array | undefined): boolean {
  if (actual === undefined || expected === undefined) return actual === expected;
  return Buffer.compare(actual, expected) === 0;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
