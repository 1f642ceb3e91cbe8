// AWS credentials from DuploCloud's own program, https://github.com/duplocloud/duplo-jit. What it
// prints is secret: it is never passed on, neither in messages nor in the causes of errors.

import { type ChildProcess, spawn } from "node:child_process";
import { CommandError } from "./failures.ts";

/** Temporary AWS credentials. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Until when they last, if that was said. */
  readonly expiration?: Date;
}

/** Whose credentials are asked for, and where. */
export interface DuploJitOptions {
  readonly tenant: string;
  /** The DuploCloud address, such as `https://duplo.example.com`. */
  readonly host: string;
  readonly signal: AbortSignal;
}

const PROGRAM = "duplo-jit";
const MAXIMUM_OUTPUT_BYTES = 64 * 1024;

/** How long the program may take to end after it was asked to. */
const GRACE_MS = 2_000;

/** How long the pipe is read on after the program ended; what it left running may hold it for ever. */
const PIPE_GRACE_MS = 500;

/**
 * Runs duplo-jit, which may talk to the user on the terminal, and reads the credentials it prints.
 *
 * @throws CommandError when it is missing, fails, or prints something else; the signal's reason when
 * that fired, after the program has ended.
 */
export async function fetchAwsCredentials(options: DuploJitOptions): Promise<AwsCredentials> {
  const { tenant, host, signal } = options;
  signal.throwIfAborted();
  const child = spawn(
    PROGRAM,
    ["aws", "--no-cache", `--tenant=${tenant}`, "--host", host, "--interactive"],
    { stdio: ["inherit", "pipe", "inherit"], shell: false },
  );
  const end = createEnding(child);
  signal.addEventListener("abort", end);
  try {
    return readCredentials(await outputOf(child, end, signal));
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/** A function that ends the child and the reading of its output. All calls but the first do nothing. */
function createEnding(child: ChildProcess): () => void {
  let isEnding = false;
  return () => {
    if (isEnding) return;
    isEnding = true;
    // A flood would be read on until the child gives in.
    child.stdout?.destroy();
    if (!child.kill("SIGTERM")) return;
    const timer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
    child.once("exit", () => clearTimeout(timer));
  };
}

/** All of a child's output, once it has ended well. Calls `end` when that is too much to be meant. */
function outputOf(child: ChildProcess, end: () => void, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    child.stdout?.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAXIMUM_OUTPUT_BYTES) end();
      else chunks.push(chunk);
    });
    child.on("exit", () => {
      const timer = setTimeout(() => child.stdout?.destroy(), PIPE_GRACE_MS);
      child.once("close", () => clearTimeout(timer));
    });
    child.on("error", (error) => reject(startFault(error)));
    child.on("close", (status, signalName) => {
      if (signal.aborted) reject(signal.reason);
      else if (length > MAXIMUM_OUTPUT_BYTES) reject(new CommandError(NOT_CREDENTIALS));
      else if (status === 0) resolve(Buffer.concat(chunks).toString("utf8"));
      else reject(endFault(status, signalName));
    });
  });
}

const NOT_CREDENTIALS = `${PROGRAM} printed something other than AWS credentials as JSON.`;

function startFault(error: NodeJS.ErrnoException): CommandError {
  if (error.code !== "ENOENT") {
    return new CommandError(`${PROGRAM} could not be started (${error.code}).`);
  }
  return new CommandError(`${PROGRAM} was not found on PATH.`, {
    hint: "Install it as https://github.com/duplocloud/duplo-jit tells, then run this again.",
  });
}

function endFault(status: number | null, signalName: NodeJS.Signals | null): CommandError {
  const how = signalName === null ? `failed with exit status ${status}` : `ended by ${signalName}`;
  return new CommandError(`${PROGRAM} ${signalName === null ? "" : "was "}${how}.`, {
    hint: "Its own messages, if any, are above; check the tenant and the host.",
  });
}

/** Reads the format of AWS's `credential_process`. */
function readCredentials(output: string): AwsCredentials {
  const found = parseObject(output);
  const missing: string[] = [];
  const member = (name: string): string => {
    const value = found[name];
    if (typeof value === "string" && value !== "") return value;
    missing.push(name);
    return "";
  };
  const credentials = {
    accessKeyId: member("AccessKeyId"),
    secretAccessKey: member("SecretAccessKey"),
    sessionToken: member("SessionToken"),
  };
  if (missing.length > 0) {
    throw new CommandError(`${PROGRAM} printed JSON without ${missing.join(", ")}.`);
  }
  const expiration = new Date(String(found["Expiration"]));
  return Number.isNaN(expiration.getTime()) ? credentials : { ...credentials, expiration };
}

function parseObject(output: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(output);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // The parser's message quotes what it could not read.
  }
  throw new CommandError(NOT_CREDENTIALS);
}
