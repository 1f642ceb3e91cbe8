// Processes of their own: a figure of a client is honest only where its server, and the client it is
// held against, live elsewhere. They run compiled code, as users do: a loader such as tsx gives every
// function a name of its own, which costs a quarter of a kilobyte for each closure.

import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** `.js` after compilation; the tests run the sources. */
const EXTENSION = import.meta.url.slice(-3);
const FLAGS = EXTENSION === ".ts" ? ["--expose-gc", "--import", "tsx"] : ["--expose-gc"];

/** Starts a program of this folder, named without its extension. The environment comes without what would configure a client. */
export function startChild(program: string, args: readonly string[] = []): ChildProcess {
  return fork(fileURLToPath(new URL(`${program}${EXTENSION}`, import.meta.url)), args, {
    execArgv: FLAGS,
    env: cleanEnvironment(),
    serialization: "advanced",
  });
}

/** A program that has not ended by then hangs. */
const MAX_RUN_MS = 5 * 60_000;

/** Runs a program to its end and returns everything it sent. Rejects when it fails or hangs. */
export function runChild(program: string, args: readonly string[] = []): Promise<unknown[]> {
  const child = startChild(program, args);
  const timer = setTimeout(() => child.kill("SIGKILL"), MAX_RUN_MS);
  const sent: unknown[] = [];
  child.on("message", (message) => sent.push(message));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(sent);
      else reject(new Error(`${program} ended with ${signal ?? code}.`));
    });
  });
}

/** Sends to the parent and resolves once it is on its way. */
export function tellParent(message: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) throw new Error("This program is started by another.");
    process.send(message, undefined, {}, (error) => (error === null ? resolve() : reject(error)));
  });
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(AWS|BOTO3|BEDROCK)_|^(https?|no|all)_proxy$/i.test(name),
  );
  return Object.fromEntries(kept);
}
