// Claims as files: the file system lets one process create a name, and tells all others that it is there.

import { mkdir, open, readdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
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
    this.#directory = given;
  }

  /** Rejects with the error of the file system where it can be neither yes nor no. */
  async claim(id: string, expiresAt: number): Promise<boolean> {
    if (!ID.test(id)) throw new TypeError("FileOnceStore: an id is 1 to 64 of [A-Za-z0-9_-].");
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    await this.#sweep(Date.now());
    try {
      const file = await open(join(this.#directory, `${id}.claim`), "wx", 0o600);
      try {
        // The time of a file is what is looked at later: a name alone is enough to have claimed.
        await file.utimes(new Date(), new Date(expiresAt));
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
    return true;
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
