// The command line at a terminal: util-linux's `script` gives it one and hands us both ends.

import { spawnSync } from "node:child_process";
import { DCAF, type Run, type RunOptions, startProcess } from "./command-line.ts";

const isLinuxScript = spawnSync("script", ["-qefc", "exit 7", "/dev/null"]).status === 7;

/** For the `skip` of tests that need a terminal. */
export const withoutTerminal: string | false =
  !isLinuxScript && "util-linux's script is not installed";

export const CTRL_C = "\x03";
export const CTRL_D = "\x04";
export const ENTER = "\r";

/** Starts `dcaf` at a terminal; what the terminal shows comes on stdout. */
export function startAtTerminal(args: readonly string[], options: RunOptions): Run {
  const command = [...DCAF, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const environment = { TERM: "xterm", SHELL: "/bin/sh", ...options.environment };
  return startProcess(["script", "-qefc", command, "/dev/null"], { ...options, environment });
}
