// A server's process and everything it starts. On POSIX they are a process group of their own, so that
// what `npx` or a shell has begun ends with it; none outlives `stop()`, nor the end of this process.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { basename } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { environmentOfServer } from "./environment.ts";
import { McpError } from "./mcp-error.ts";
import type { StdioTarget } from "./mcp-target.ts";

/** What is left of a group when its leader has gone may clean up so long. */
const SWEEP_MS = 1000;
const POLL_MS = 20;

const HAS_GROUPS = process.platform !== "win32";

/** Killed when this process exits, for then nobody is left to ask them politely. */
const running = new Set<ServerProcess>();

function killAll(): void {
  for (const server of running) server.kill();
}

/** Starts a server. Rejects with `McpError` where the system cannot, naming the command without its arguments. */
export async function startProcess(target: StdioTarget, name: string): Promise<ServerProcess> {
  const child = spawn(target.command, target.args, {
    cwd: target.cwd,
    env: environmentOfServer(process.env, target.env, process.platform),
    stdio: ["pipe", "pipe", target.stderr],
    detached: HAS_GROUPS,
    windowsHide: true,
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.on("error", (error: NodeJS.ErrnoException) => {
      // The error itself holds the arguments.
      reject(startError(error.code, target, name));
    });
  });
  return new ServerProcess(child);
}

function startError(
  code: string | undefined,
  { command, cwd }: StdioTarget,
  name: string,
): McpError {
  const shown = basename(command);
  const of = `The MCP server “${name}” could not be started:`;
  if (cwd !== undefined && !existsSync(cwd)) {
    return new McpError("start_failed", name, `${of} there is no such folder as its cwd.`);
  }
  if (code === "ENOENT") {
    const advice = "Check that it is installed and that PATH leads to it.";
    return new McpError("not_found", name, `${of} there is no command “${shown}”. ${advice}`);
  }
  if (code === "EACCES") {
    return new McpError("start_failed", name, `${of} “${shown}” may not be executed.`);
  }
  return new McpError("start_failed", name, `${of} “${shown}” failed with ${code ?? "an error"}.`);
}

/** A process that was started. */
export class ServerProcess {
  readonly #child: ChildProcess & { stdin: Writable; stdout: Readable };
  /** When the process has gone; what it started may still be there. */
  readonly exited: Promise<void>;
  /** When all it started has gone as well. */
  readonly #swept: Promise<void>;
  #stopping: Promise<void> | undefined;

  constructor(child: ChildProcess) {
    if (child.stdin === null || child.stdout === null) throw new TypeError("no pipes");
    this.#child = child as ChildProcess & { stdin: Writable; stdout: Readable };
    this.exited = new Promise((resolve) => child.once("exit", () => resolve()));
    this.#swept = this.exited.then(() => this.#sweep());
    if (running.size === 0) process.on("exit", killAll);
    running.add(this);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get stdin(): Writable {
    return this.#child.stdin;
  }

  get stdout(): Readable {
    return this.#child.stdout;
  }

  /** How it ended, in words that follow “the server”; undefined while it runs. */
  get end(): string | undefined {
    const { exitCode, signalCode } = this.#child;
    if (signalCode !== null) return `was ended by ${signalCode}`;
    return exitCode === null ? undefined : `ended with exit code ${exitCode}`;
  }

  /**
   * Ends it: its standard input, then SIGTERM, then SIGKILL, with `graceMs` before each; 0 kills at once.
   * Resolves when nothing of it is left.
   */
  stop(graceMs: number): Promise<void> {
    this.#stopping ??= this.#stop(graceMs);
    return this.#stopping;
  }

  async #stop(graceMs: number): Promise<void> {
    this.#child.stdin.end();
    if (graceMs > 0) {
      await this.#waitForExit(graceMs);
      if (this.end === undefined) {
        this.#signal("SIGTERM");
        await this.#waitForExit(graceMs);
      }
    }
    if (this.end === undefined) this.kill();
    await this.#swept;
  }

  /** Kills all of it, without waiting. */
  kill(): void {
    this.#signal("SIGKILL");
  }

  async #waitForExit(maxMs: number): Promise<void> {
    const timer = new AbortController();
    const timeout = sleep(maxMs, undefined, { signal: timer.signal }).catch(() => {});
    await Promise.race([this.exited, timeout]);
    timer.abort();
  }

  async #sweep(): Promise<void> {
    if (this.#hasMembers()) this.#signal("SIGTERM");
    for (let waitedMs = 0; waitedMs < SWEEP_MS && this.#hasMembers(); waitedMs += POLL_MS) {
      await sleep(POLL_MS);
    }
    if (this.#hasMembers()) this.kill();
    running.delete(this);
    if (running.size === 0) process.off("exit", killAll);
  }

  /** Whether anything of its group is left. */
  #hasMembers(): boolean {
    return HAS_GROUPS && trySignal(-this.pid, 0);
  }

  #signal(signal: NodeJS.Signals): void {
    if (HAS_GROUPS) trySignal(-this.pid, signal);
    else this.#child.kill(signal);
  }
}

/** False where there is nobody to be told. */
function trySignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
