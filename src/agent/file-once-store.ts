// Claims as files: the file system lets one process create a name, and tells all others that it is there.

import { type FileHandle, mkdir, open, readdir, stat, unlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readString } from "../core/options.ts";
import type { OnceStore } from "./once-store.ts";

const ID = /^[A-Za-z0-9_-]{1,64}$/;
const CLAIM = /^[A-Za-z0-9_-]{1,64}\.claim$/;

/** Clocks differ; what has expired is kept for a while longer. */
const GRACE_MS = 60 * 60 * 1_000;
const SWEEP_EVERY_MS = 10 * 60 * 1_000;

/**
 * Remembers across the processes of one machine, or of all that share the folder, provided that its
 * file system creates a name once (local ones and NFS from version 3 on do). The folder is made when it is
 * first needed, for its owner alone.
 */
export class FileOnceStore implements OnceStore {
  readonly #directory: string;
  #sweptAt = 0;

  /** Throws `TypeError` unless `directory` is a path. */
  constructor(directory: string) {
    const given = readString(directory, "FileOnceStore: directory");
    if (given === undefined) throw new TypeError("FileOnceStore: directory is missing.");
    // Whoever changes the working directory of the process asks the same folder still.
    this.#directory = resolve(given);
  }

  /** Rejects with the error of the file system where it can be neither yes nor no. */
  async claim(id: string, expiresAt: number): Promise<boolean> {
    if (typeof id !== "string" || !ID.test(id)) {
      throw new TypeError("FileOnceStore: an id is 1 to 64 of [A-Za-z0-9_-].");
    }
    // What is no date is written as some date by later versions of Node.
    if (!Number.isFinite(expiresAt)) {
      throw new TypeError("FileOnceStore: expiresAt must be milliseconds since 1970.");
    }
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    await this.#sweep(Date.now());
    const path = join(this.#directory, `${id}.claim`);
    const file = await create(path);
    if (file === undefined) return false;
    try {
      // The time of a file is what is looked at later: a name alone is enough to have claimed.
      await file.utimes(new Date(), new Date(expiresAt));
      await file.sync();
      await this.#syncDirectory();
    } catch (error) {
      // It was neither yes nor no: whoever asks again is to be told yes.
      await unlink(path).catch(() => {});
      throw error;
    } finally {
      await file.close();
    }
    return true;
  }

  /** So that the name is there after a loss of power too. */
  async #syncDirectory(): Promise<void> {
    // Windows opens no folders, and keeps names by itself.
    if (process.platform === "win32") return;
    const directory = await open(this.#directory, "r");
    await directory.sync().finally(() => directory.close());
  }

  async #sweep(now: number): Promise<void> {
    if (now - this.#sweptAt < SWEEP_EVERY_MS) return;
    this.#sweptAt = now;
    for (const name of await readdir(this.#directory)) {
      if (!CLAIM.test(name)) continue;
      const path = join(this.#directory, name);
      // Another process may sweep as well.
      const modifiedAt = await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => now,
      );
      if (modifiedAt + GRACE_MS < now) await unlink(path).catch(() => {});
    }
  }
}

/** Undefined where somebody else has created it. */
async function create(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
    throw error;
  }
}
