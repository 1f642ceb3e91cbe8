// The command line as a process of its own, from source, in an environment that holds nothing of the
// machine's: no home, no AWS settings, no programs but Node and what a test puts on PATH.

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** Ends a run that hangs; nothing waits for it otherwise. */
const DEADLINE_MS = 60_000;

/** Program and first arguments that start `dcaf`, from any folder. */
export const DCAF: readonly string[] = [
  process.execPath,
  "--import",
  import.meta.resolve("tsx"),
  MAIN,
];

export interface RunOptions {
  /** The current folder of the run; its `.env` is read. */
  readonly folder: string;
  readonly environment?: Record<string, string>;
  /** What is sent to stdin, which is then closed; without it stdin is empty. */
  readonly input?: string;
}

export interface RunResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run that is still going on. */
export interface Run {
  readonly process: ChildProcessWithoutNullStreams;
  /**
   * Resolves when the stream shows `text` behind what was awaited before; rejects when the run ends
   * without it.
   */
  showsNext(stream: "stdout" | "stderr", text: string): Promise<void>;
  /** What the stream has shown up to now. */
  shown(stream: "stdout" | "stderr"): string;
  /** Resolves when the process has ended and all its output is here. */
  readonly result: Promise<RunResult>;
}

/** Runs `dcaf` to its end. */
export async function runCommandLine(
  args: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  const run = startCommandLine(args, options);
  run.process.stdin.end(options.input ?? "");
  return await run.result;
}

/** Starts `dcaf`; its stdin stays open. */
export function startCommandLine(args: readonly string[], options: RunOptions): Run {
  return startProcess([...DCAF, ...args], options);
}

/** Starts any program in the same bare environment. */
export function startProcess(command: readonly string[], options: RunOptions): Run {
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    cwd: options.folder,
    env: bareEnvironment(options),
    timeout: DEADLINE_MS,
    killSignal: "SIGKILL",
  });
  const output = { stdout: "", stderr: "" };
  const seen = { stdout: 0, stderr: 0 };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  // A process may end before it has read all that a test sends.
  child.stdin.on("error", () => {});
  const result = once(child, "close").then(([status]) => ({ status, ...output }));
  return {
    process: child,
    result,
    shown: (name) => output[name],
    showsNext: (name, text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const position = output[name].indexOf(text, seen[name]);
          if (position === -1) return;
          seen[name] = position + text.length;
          child[name].off("data", look);
          resolve();
        };
        child[name].on("data", look);
        look();
        result.then(() => reject(new Error(`It ended without ${text}: ${JSON.stringify(output)}`)));
      }),
  };
}

function bareEnvironment({ folder, environment = {} }: RunOptions): Record<string, string> {
  const home = join(folder, "home");
  mkdirSync(home, { recursive: true });
  return {
    HOME: home,
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
    AWS_EC2_METADATA_DISABLED: "true",
    ...environment,
  };
}
