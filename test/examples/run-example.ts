// Runs one example as a user does: a process of its own, in an environment that holds nothing but
// what is given here.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** The folder of the examples. */
export const EXAMPLES_FOLDER: string = fileURLToPath(new URL("../../examples", import.meta.url));

/** Every program in the folder, without its extension. */
export const EXAMPLE_NAMES: readonly string[] = readdirSync(EXAMPLES_FOLDER)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -".ts".length));

const TSX = import.meta.resolve("tsx");
const TSCONFIG = fileURLToPath(new URL("../../tsconfig.json", import.meta.url));

/** A program that takes longer hangs. */
const RUN_LIMIT_MS = 60_000;

/** How a program ended. */
export interface ExampleRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Variables of a process; nothing else is in its environment. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Runs an example to its end. */
export async function runExample(
  name: string,
  variables: Variables,
  options: { readonly args?: readonly string[]; readonly folder?: string } = {},
): Promise<ExampleRun> {
  const program = join(EXAMPLES_FOLDER, `${name}.ts`);
  const child = spawn(process.execPath, ["--import", TSX, program, ...(options.args ?? [])], {
    cwd: options.folder ?? EXAMPLES_FOLDER,
    env: { PATH: process.env["PATH"], TSX_TSCONFIG_PATH: TSCONFIG, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: RUN_LIMIT_MS,
  });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { status: status as number | null, stdout, stderr };
}

/** Calls `use` with an empty folder, which is removed afterwards. */
export async function withTemporaryFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "dcaf-example-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The variables of someone who has no AWS account, at an endpoint on this machine. */
export function offlineVariables(home: string, url?: string): Variables {
  return {
    HOME: home,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url,
  };
}
