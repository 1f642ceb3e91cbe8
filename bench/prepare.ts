// What a run needs beforehand: the other clients, our package as a user gets it, compiled programs.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of this run, with our package installed in it. */
export interface Prepared {
  readonly folder: string;
  readonly dcafFolder: string;
  readonly version: string;
  remove(): void;
}

/** Prepares everything; the current folder is that of the project. */
export function prepare(): Prepared {
  if (!existsSync("bench/node_modules")) {
    say("installing the other clients");
    // Some declare a later Node than they need.
    run("bench", "npm", "ci", "--no-engine-strict", "--no-audit", "--no-fund");
  }
  say("building and packing dcaf");
  run(".", "npm", "run", "--silent", "build");
  const folder = mkdtempSync(join(tmpdir(), "dcaf-bench-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const own = join(folder, "dcaf");
    const tarball = run(".", "npm", "pack", "--silent", "--pack-destination", folder).trim();
    mkdirSync(own);
    writeFileSync(join(own, "package.json"), '{ "private": true, "type": "module" }\n');
    const options = ["--omit=dev", "--prefer-offline", "--no-audit", "--no-fund"];
    run(own, "npm", "install", ...options, join(folder, tarball));
    say("compiling the programs");
    run(".", "npx", "--no-install", "tsc", "-p", "bench/tsconfig.json");
    const dcafFolder = join(own, "node_modules", "dcaf");
    const { version } = JSON.parse(readFileSync(join(dcafFolder, "package.json"), "utf8")) as {
      version: string;
    };
    return { folder, dcafFolder, version, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function run(cwd: string, command: string, ...args: string[]): string {
  return execFileSync(command, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
