// The processes of a run. Each client has its own, and so has the server: nobody pays for another's
// garbage. All run compiled code, as users do.

import { type ChildProcess, fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { CLIENTS, type ClientName, type Target } from "./clients/client.ts";
import type { Answer } from "./server/answers.ts";
import type { ServerAddresses, ServerQuestion } from "./server/serve.ts";
import type { Batch, Cost } from "./worker.ts";

const COMPILED = resolve("bench/compiled");
const CERTIFICATE = resolve("test/fixtures/localhost-certificate.pem");
const KEY = resolve("test/fixtures/localhost-key.pem");
const SERVER = "server/serve.js";

/** A program of the compiled folder, by its path there. */
export function programOf(name: string): string {
  return resolve(COMPILED, name);
}

/** What a measured process may know: nothing that would configure a client, and whom to trust. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(AWS|BOTO3|BEDROCK|DCAF|NODE)_|^(https?|no|all)_proxy$/i.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    NODE_EXTRA_CA_CERTS: CERTIFICATE,
    AWS_EC2_METADATA_DISABLED: "true",
    // Some clients warn of the version of Node at every start.
    NODE_NO_WARNINGS: "1",
  };
}

/**
 * Keeps the server on one processor and the clients on the others, as a network does: sharing one makes
 * a call half as dear, and the kernel lets them share it as it likes. Empty where that cannot be asked for.
 */
function pinned(isServer: boolean): readonly string[] {
  if (!CAN_PIN) return [];
  return ["taskset", "--cpu-list", isServer ? "0" : `1-${availableParallelism() - 1}`];
}

/** Whether the server can have a processor of its own. */
export const CAN_PIN: boolean =
  availableParallelism() > 1 &&
  spawnSync("taskset", ["--version"], { stdio: "ignore" }).status === 0;

/** A process that answers each message with one of its own. */
class Answering {
  readonly #child: ChildProcess;
  readonly #name: string;

  constructor(name: string, program: string, args: readonly string[]) {
    this.#name = name;
    const [execPath, ...execArgv] = [...pinned(program === SERVER), process.execPath];
    this.#child = fork(programOf(program), args, {
      env: cleanEnvironment(),
      execPath,
      execArgv,
      serialization: "advanced",
    });
  }

  /** Asks, unless there is nothing to ask, and resolves with the next message. */
  async ask(question?: unknown): Promise<unknown> {
    const ended = new AbortController();
    const exit = once(this.#child, "exit", { signal: ended.signal }).then(() => {
      throw new Error(`The process of ${this.#name} has ended; what it said stands above.`);
    });
    exit.catch(() => {});
    if (question !== undefined) this.#child.send(question as object);
    try {
      const [message] = await Promise.race([
        once(this.#child, "message", { signal: ended.signal }),
        exit,
      ]);
      return message;
    } finally {
      ended.abort();
    }
  }

  stop(): void {
    this.#child.kill("SIGKILL");
  }
}

/** The fake Bedrock. */
export class ServerProcess {
  readonly #process = new Answering("the server", SERVER, [
    CERTIFICATE,
    KEY,
    ...(CAN_PIN ? ["polls"] : []),
  ]);
  #addresses: ServerAddresses | undefined;

  async start(): Promise<this> {
    this.#addresses = (await this.#process.ask()) as ServerAddresses;
    return this;
  }

  get addresses(): ServerAddresses {
    if (this.#addresses === undefined) throw new Error("The server has not been started.");
    return this.#addresses;
  }

  /** From here on, streams are answered like this. */
  async answerWith(answer: Answer): Promise<void> {
    await this.#process.ask({ answer } satisfies ServerQuestion);
  }

  /** How many connections it has taken so far. */
  async connections(): Promise<number> {
    return (await this.#process.ask("connections" satisfies ServerQuestion)) as number;
  }

  stop(): void {
    this.#process.stop();
  }
}

/** A client at work. */
export class WorkerProcess {
  readonly #process: Answering;

  constructor(name: ClientName, target: Target) {
    const { file } = CLIENTS[name];
    this.#process = new Answering(file, "worker.js", [file, JSON.stringify(target)]);
  }

  async start(): Promise<this> {
    await this.#process.ask();
    return this;
  }

  async run(batch: Batch): Promise<Cost> {
    return (await this.#process.ask(batch)) as Cost;
  }

  stop(): void {
    this.#process.stop();
  }
}
