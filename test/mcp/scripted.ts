// Starts the scripted server of `servers/` for a test, and reads what it noted.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  connectMcp,
  type McpConnection,
  type McpStdioOptions,
  type McpTool,
} from "../../src/mcp/index.ts";

export const SCRIPTED: string = fileURLToPath(
  new URL("servers/scripted-stdio.mjs", import.meta.url),
);

/** What the server does besides serving. */
export type Script = Readonly<Record<string, unknown>>;

/** A connection and what the server noted. */
export interface ScriptedConnection extends McpConnection {
  readonly notes: () => string[];
  readonly pids: () => number[];
  readonly logged: string[];
}

/** A folder that goes with the test. */
export function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "dcaf-mcp-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Options for a server that does as `script` says. */
export function scriptedOptions(script: Script = {}): McpStdioOptions {
  return { name: "scripted", command: process.execPath, args: [SCRIPTED, JSON.stringify(script)] };
}

/** Connects to one, until the end of the test. */
export async function connectScripted(
  context: TestContext,
  script: Script = {},
  options: Partial<McpStdioOptions> = {},
): Promise<ScriptedConnection> {
  const log = join(temporaryFolder(context), "log");
  const logged: string[] = [];
  const tell = (message: string): void => void logged.push(message);
  const connection = await connectMcp({
    ...scriptedOptions({ log, ...script }),
    restart: { baseDelayMs: 1 },
    logger: { debug: tell, info: tell, warn: tell, error: tell },
    ...options,
  });
  context.after(() => connection.close());
  const notes = (): string[] => readFileSync(log, "utf8").trim().split("\n");
  return {
    ...connection,
    logged,
    notes,
    pids: () =>
      notes()
        .flatMap((line) => /^start (\d+)/.exec(line)?.[1] ?? [])
        .map(Number),
  };
}

/** What a call is run with, where the test does not care. */
export function run(
  connection: Pick<McpConnection, "tools">,
  name: string,
  input: Record<string, unknown> = {},
  execution: { signal?: AbortSignal; progress?: (update: unknown) => void } = {},
): Promise<unknown> {
  const tool = connection.tools.find((one) => one.name === name) as McpTool;
  return tool.execute(input, {
    toolUseId: "t1",
    idempotencyKey: "k1",
    signal: new AbortController().signal,
    context: undefined,
    progress: () => {},
    ...execution,
  }) as Promise<unknown>;
}

/** Whether a process is there, and no mere entry that nobody has fetched. */
export function isRunning(pid: number): boolean {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "")[0];
    return state !== "Z" && state !== "X";
  } catch {
    return false;
  }
}

/** Waits until something is so; the test's own limit ends a wait in vain. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(5);
}
